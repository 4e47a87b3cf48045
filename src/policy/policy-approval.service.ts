import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { calendarDateAt, Decimal, showDecimal, type JsonObject } from '../kernel';
import { AuditTrail, type AuditAction, isSamePerson, SETTINGS, type Actor, type Settings } from '../platform';
import { ActivePolicy, POLICY_CHANNEL } from './active-policy.service';
import { BacktestCoverages } from './backtest-coverage.service';
import { isEnough, type BacktestCoverage } from './domain';
import { PoliciesReader, type PolicyStanding } from './policies-reader.service';
import { wrongState } from './policy-drafts.service';
import { PolicyExaminer, type SoughtVersion } from './policy-examination.service';
import { done, type Obstacle, type Outcome } from './policy-refusal';
import { PolicyReviews } from './policy-reviews.service';
import { lockVersion, type PolicyRow, type PolicyState, type Updated } from './policy-row';
import { UnreadablePolicyError } from './unreadable-policy';

/** Activations wait for each other: there is always exactly one active version. Their times are by the database's clock, to be compared. */
const ACTIVATION_LOCK = 7_000_002;

const MAY_BE_ACTIVATED: readonly PolicyState[] = ['approved', 'scheduled', 'retired'];

const UNSCHEDULED = 'activate_at = NULL, scheduled_by = NULL, scheduled_at = NULL, scheduled_over = NULL';

/** Whether a version may decide, and what the audit trail keeps of it. */
interface Readiness {
  readonly obstacles: readonly Obstacle[];
  readonly tried: JsonObject;
}

/** A version whose time has come, as it was looked up: its date may have been moved or taken back since. */
export interface DueVersion {
  readonly number: number;
  readonly activate_at: Date;
  readonly scheduled_by: string;
}

interface Activation {
  readonly actor: Actor;
  readonly reason: string;
  /** Its time had come: nobody looked at what else is there. */
  readonly scheduled: boolean;
}

/** What is done with a version that is locked, and was found ready. */
type Work = (tx: EntityManager, row: PolicyRow, tried: JsonObject) => Promise<Outcome<PolicyRow>>;

/** What the second person does: approves, and decides which approved version decides. */
@Injectable()
export class PolicyApproval {
  #wake: (() => void) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly examiner: PolicyExaminer,
    private readonly backtests: BacktestCoverages,
    private readonly reviews: PolicyReviews,
    private readonly reader: PoliciesReader,
    private readonly active: ActivePolicy,
    private readonly audit: AuditTrail,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Agrees with exactly the content of this hash. The trail keeps whether the difference was opened before. */
  approve(number: number, hash: string, actor: Actor): Promise<Outcome<PolicyRow>> {
    return this.#move(number, ['in_review'], async (tx, row) => {
      if (row.hash !== hash) return changed(row);
      if (await isSamePerson(tx, actor.id, row.authors)) return { kind: 'own_work' };
      const openedAt = await this.reviews.openedAt(tx, row, actor);
      const approved = await update(
        tx,
        `state = 'approved', approver = $2, approved_at = clock_timestamp(), approved_unseen = $3`,
        [number, actor.id, openedAt === undefined],
      );
      return this.#recorded(tx, 'policy.approved', approved, actor, undefined, {
        difference_opened_at: openedAt?.toISOString() ?? 'never',
      });
    });
  }

  /**
   * Hands it back to its authors.
   * @param read the content that the reason is about: another that was handed in since stays
   */
  sendBack(number: number, reason: string, actor: Actor, read?: string): Promise<Outcome<PolicyRow>> {
    return this.#move(number, ['in_review'], async (tx, before) => {
      if (read !== undefined && read !== before.hash) return changed(before);
      const row = await update(tx, `state = 'draft', submitted_at = NULL`, [number]);
      return this.#recorded(tx, 'policy.sent_back', row, actor, reason);
    });
  }

  /** @param wake called when a time has been set in this process. */
  onSchedule(wake: () => void): void {
    this.#wake = wake;
  }

  /**
   * It must be ready now, and on its day as far as that is known: caps are dated.
   * @param shown the version in force that it was compared with: only over this one is the date set
   */
  async schedule(number: number, at: Date, actor: Actor, shown?: number): Promise<Outcome<PolicyRow>> {
    const outcome = await this.#moveReady(
      { number, from: ['approved'], on: calendarDateAt(at) },
      this.#over(shown, async (tx, _, tried) => {
        const scheduled = await update(
          tx,
          `state = 'scheduled', activate_at = $2, scheduled_by = $3, scheduled_at = clock_timestamp(),
             refused_at = NULL, refused_for = NULL,
             scheduled_over = (SELECT number FROM policy_version WHERE state = 'active')`,
          [number, at, actor.id],
        );
        return this.#recorded(tx, 'policy.scheduled', scheduled, actor, `for ${at.toISOString()}`, tried);
      }),
    );
    this.#wake?.();
    return outcome;
  }

  /** @param shown the date that is to go: another one that was set since stays */
  unschedule(number: number, reason: string, actor: Actor, shown?: Date): Promise<Outcome<PolicyRow>> {
    return this.#move(number, ['scheduled'], async (tx, before) => {
      if (shown !== undefined && !hasDateOf({ activate_at: shown }, before)) return changed(before);
      const row = await update(tx, `state = 'approved', ${UNSCHEDULED}`, [number]);
      return this.#recorded(tx, 'policy.unscheduled', row, actor, reason);
    });
  }

  /** The time set for it has come, and something stands in its way: it waits for people, who are told. */
  refuseDue(due: DueVersion, reason: string): Promise<Outcome<PolicyRow>> {
    return this.#move(due.number, ['scheduled'], async (tx, row) => {
      if (!hasDateOf(due, row)) return changed(row);
      const refused = await update(
        tx,
        `state = 'approved', ${UNSCHEDULED}, refused_at = clock_timestamp(), refused_for = $2`,
        [row.number, reason],
      );
      return this.#recorded(tx, 'policy.unscheduled', refused, whoScheduled(due), reason);
    });
  }

  /** Lets an approved version decide beside the active one, to be compared and never sent. */
  setShadow(number: number, shadow: boolean, actor: Actor): Promise<Outcome<PolicyRow>> {
    return this.#move(number, ['approved', 'scheduled'], async (tx) => {
      const row = await update(tx, `shadow = $2`, [number, shadow]);
      await tx.query(`NOTIFY ${POLICY_CHANNEL}`);
      return this.#recorded(tx, shadow ? 'policy.shadow_on' : 'policy.shadow_off', row, actor);
    });
  }

  /**
   * Makes a version the one that decides. One that was active before needs no new backtest: that is the way back.
   * From its commit on nothing is written that another has decided; processes that have not heard of it decide again.
   * @param shown the version in force that it was compared with: only this one is replaced
   */
  activate(number: number, reason: string, actor: Actor, shown?: number): Promise<Outcome<PolicyRow>> {
    return this.#putInForce(
      { number, from: MAY_BE_ACTIVATED },
      this.#over(shown, (tx, row, tried) =>
        this.#replace(tx, row, tried, { actor, reason, scheduled: false }),
      ),
    );
  }

  /** What a colleague put in force while somebody looked at a version is not undone by who has not seen it. */
  #over(shown: number | undefined, work: Work): Work {
    if (shown === undefined) return work;
    return async (tx, row, tried) => {
      const { number: inForce } = await this.reader.active(tx);
      return inForce === shown ? work(tx, row, tried) : { kind: 'in_force_changed', inForce };
    };
  }

  /**
   * The same of one whose time has come, unless its date was moved or taken back since it was looked up. Whoever set the date
   * was not told of what is in force since: that it would be undone is an obstacle.
   */
  async activateDue(due: DueVersion): Promise<Outcome<PolicyRow>> {
    const { number: inForce } = await this.reader.active();
    const obstacles = await this.#overtaken(due);
    return this.#putInForce({ number: due.number, from: ['scheduled'] }, async (tx, row, tried) => {
      const present = await this.reader.active(tx);
      if (!hasDateOf(due, row) || present.number !== inForce) return changed(row);
      if (obstacles.length > 0) return { kind: 'not_ready', obstacles };
      return this.#replace(tx, row, tried, { actor: whoScheduled(due), reason: 'agendada', scheduled: true });
    });
  }

  /** Compared before anything is locked: of thousands of rows it takes seconds. */
  async #overtaken({ number }: DueVersion): Promise<readonly Obstacle[]> {
    try {
      const standing = await this.reader.standingSinceScheduled(number);
      return standing.kind === 'done' ? undoing(standing.value) : [];
    } catch (error) {
      if (!(error instanceof UnreadablePolicyError)) throw error;
      const message = `A versão não pode ser comparada com a que está em vigor: ${error.message}`;
      return [{ code: 'unreadable', path: '', message }];
    }
  }

  async #putInForce(sought: SoughtVersion, work: Work): Promise<Outcome<PolicyRow>> {
    const outcome = await this.#moveReady(sought, work);
    if (outcome.kind === 'done') await this.active.refresh();
    return outcome;
  }

  async #replace(
    tx: EntityManager,
    row: PolicyRow,
    tried: JsonObject,
    { actor, reason, scheduled }: Activation,
  ): Promise<Outcome<PolicyRow>> {
    const [[replaced]] = await tx.query<Updated>(
      `UPDATE policy_version SET state = 'retired' WHERE state = 'active' RETURNING *`,
    );
    const activated = await update(
      tx,
      `state = 'active', shadow = false, ${UNSCHEDULED}, refused_at = NULL, refused_for = NULL`,
      [row.number],
    );
    await tx.query(
      `INSERT INTO policy_activation (number, hash, replaced, activated_at, actor, reason, scheduled, scheduled_at)
       VALUES ($1, $2, $3, clock_timestamp(), $4, $5, $6, $7)`,
      [
        row.number,
        row.hash,
        replaced?.number ?? null,
        actor.id,
        reason,
        scheduled,
        scheduled ? row.scheduled_at : null,
      ],
    );
    await tx.query(`NOTIFY ${POLICY_CHANNEL}`);
    const action = row.state === 'retired' ? 'policy.rolled_back' : 'policy.activated';
    return this.#recorded(tx, action, activated, actor, reason, tried);
  }

  async #moveReady(sought: SoughtVersion, work: Work): Promise<Outcome<PolicyRow>> {
    const seen = await this.examiner.obstaclesOf(this.dataSource, sought);
    return this.#move(sought.number, sought.from, async (tx, row) => {
      if (seen?.hash !== row.hash) return changed(row);
      const { obstacles, tried } = await this.#readiness(tx, row, seen.obstacles);
      return obstacles.length > 0 ? { kind: 'not_ready', obstacles } : work(tx, row, tried);
    });
  }

  /** @param obstacles of the version itself */
  async #readiness(tx: EntityManager, row: PolicyRow, obstacles: readonly Obstacle[]): Promise<Readiness> {
    if (row.state === 'retired') return { obstacles, tried: {} };
    const coverage = await this.backtests.of(row.hash, tx);
    // One that waits for its time was tried on enough when that was set: what came in since does not count against it.
    const wasTried = row.state === 'scheduled';
    const { backtest_days: days } = this.settings.engine.policy;
    return {
      obstacles: wasTried ? obstacles : [...obstacles, ...untried(coverage, days)],
      tried: coverage === undefined ? {} : triedOn(coverage),
    };
  }

  #move(
    number: number,
    from: readonly PolicyState[],
    work: (tx: EntityManager, row: PolicyRow) => Promise<Outcome<PolicyRow>>,
  ): Promise<Outcome<PolicyRow>> {
    return this.dataSource.transaction(async (tx): Promise<Outcome<PolicyRow>> => {
      await tx.query(`SELECT pg_advisory_xact_lock($1)`, [ACTIVATION_LOCK]);
      const row = await lockVersion(tx, number);
      if (row === undefined) return { kind: 'not_found', what: `versão ${String(number)}` };
      return from.includes(row.state) ? work(tx, row) : wrongState(row, ...from);
    });
  }

  async #recorded(
    tx: EntityManager,
    action: AuditAction,
    row: PolicyRow,
    actor: Actor,
    reason?: string,
    more: JsonObject = {},
  ): Promise<Outcome<PolicyRow>> {
    const subject = `policy:${String(row.number)}`;
    const details = { hash: row.hash, ...more };
    await this.audit.record(tx, { actor: actor.id, action, subject, reason, details });
    return done(row);
  }
}

/** Not when it was moved meanwhile. */
function hasDateOf({ activate_at: at }: Pick<DueVersion, 'activate_at'>, row: PolicyRow): boolean {
  return row.activate_at?.getTime() === at.getTime();
}

const changed = ({ hash }: PolicyRow): Outcome<never> => ({ kind: 'changed_meanwhile', hash });

/** Whoever set a time is named for what is done at it; what they may do by now is not asked. */
const whoScheduled = ({ scheduled_by: id }: DueVersion): Actor => ({ id, roles: [] });

/** Changes a version that this transaction has locked. */
async function update(
  tx: EntityManager,
  changes: string,
  parameters: readonly [number, ...unknown[]],
): Promise<PolicyRow> {
  const [[row]] = await tx.query<Updated>(
    `UPDATE policy_version SET ${changes} WHERE number = $1 RETURNING *`,
    [...parameters],
  );
  if (row === undefined) throw new Error('a locked policy version is gone');
  return row;
}

function untried(coverage: BacktestCoverage | undefined, days: number): readonly Obstacle[] {
  if (coverage === undefined) {
    const message = 'Não há backtest concluído para exatamente esta versão.';
    return [{ code: 'backtest_missing', path: '', message }];
  }
  if (isEnough(coverage)) return [];
  const { held, required } = coverage;
  const [has, needs] = [held, required].map((requests) => showDecimal(new Decimal(requests), 0));
  const message = `O backtest desta versão cobre ${has ?? ''} dos pedidos dos últimos ${String(days)} dias; a ativação exige ${needs ?? ''}.`;
  return [{ code: 'backtest_too_small', path: '', message, held, required }];
}

/** Of a scheduled version: people were not told when its date was set. */
function undoing({ inForce, takenBack }: PolicyStanding): readonly Obstacle[] {
  const { length: places } = takenBack;
  if (places === 0) return [];
  const undone = `${showDecimal(new Decimal(places), 0)} ${places === 1 ? 'mudança' : 'mudanças'}`;
  const message = `Depois de marcada a data entrou em vigor a versão ${String(inForce)}, e esta desfaria ou mudaria ${undone} dela. Compare as duas.`;
  return [{ code: 'overtaken', path: '', message }];
}

function triedOn({ held, required }: BacktestCoverage): JsonObject {
  if (required === 0) return { backtest: 'no request is stored yet: it was tried on none' };
  return { backtest_held: String(held), backtest_required: String(required) };
}
