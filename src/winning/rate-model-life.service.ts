import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { calendarDateAt, SAO_PAULO, type CalendarDate, type Clock } from '../kernel';
import { AuditTrail, CLOCK, isSamePerson, LOGGER, type Actor, type Logger } from '../platform';
import { POLICY_CHANNEL, type CompiledLearning } from '../policy';
import type { ReturnCode, StageTime } from './domain';

/** Whatever changes which rates are bid waits for each other. */
const LIFE_LOCK = 7_000_014;
/** By whom the service itself does something. */
export const SYSTEM = 'system';

/** Why something asked for learned rates is not done. Nothing was written. */
export type LifeRefusal =
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_waiting' }
  | { readonly kind: 'not_returned' }
  | { readonly kind: 'returned_anew' }
  | { readonly kind: 'not_asked' }
  | { readonly kind: 'asked_anew' }
  | { readonly kind: 'asked_already' }
  | { readonly kind: 'own_request' };
export type LifeOutcome = { readonly kind: 'done' } | LifeRefusal;

/** Further than any stage lasts; each of them is one look into an index. */
const LOOKED_BACK_DAYS = 400;
/** A bid is SENDING from its decision on, whether or not it leaves; one that is withdrawn QI certainly did not take. */
const SILENT_DAYS = `
  SELECT day::date::text AS day FROM generate_series($1::date - $2::integer, $1::date - 1, interval '1 day') AS day
  WHERE NOT EXISTS (SELECT FROM bid WHERE status NOT IN ('intended', 'withdrawn')
    AND submitted_at >= day::timestamp AT TIME ZONE '${SAO_PAULO}'
    AND submitted_at < (day::timestamp + interval '1 day') AT TIME ZONE '${SAO_PAULO}')`;

const DONE = { kind: 'done' } as const;

export interface LineRow {
  readonly returned_at: Date | null;
  readonly returned_by: string | null;
  readonly returned_for: ReturnCode | null;
  readonly returned_reason: string | null;
  /** The reasons before it. Those of a time when learned rates were bid since are none. */
  readonly returned_before_for: readonly ReturnCode[];
  readonly resume_asked_by: string | null;
  readonly resume_asked_at: Date | null;
  readonly resume_reason: string | null;
  readonly resumed_on: string | null;
}

/** Whether learned rates are bid at all, and which version's: what people, and alarms, say of it. */
@Injectable()
export class RateModelLife {
  #changed: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param changed called after each change in this process: it bids by it from the return on. */
  onChange(changed: () => Promise<void>): void {
    this.#changed = changed;
  }

  /** Every bid goes back to the table at once. One person is enough: the table is always safe. Again, it renews the reason. */
  returnToTable(reason: string, actor: Actor): Promise<LifeOutcome> {
    return this.#change(async (tx, line) => {
      await this.#return(tx, line, { code: 'PERSON', reason, by: actor.id });
      return DONE;
    });
  }

  /**
   * In the caller's transaction, under its lock. Told as an alert for as long as it lasts. At the table the same bids are counted
   * again each night: an alarm that was heard is no other reason.
   */
  async returnFor(tx: EntityManager, code: ReturnCode, detail: string): Promise<void> {
    const line = await this.line(tx);
    if (!reasonsOf(line).includes(code)) await this.#return(tx, line, { code, reason: detail, by: SYSTEM });
  }

  /**
   * The first of two: asks for learned rates to be bid again.
   * @param shown since when they were returned by what was read
   */
  askToResume(reason: string, shown: string | undefined, actor: Actor): Promise<LifeOutcome> {
    return this.#change(async (tx, line) => {
      if (line.returned_at === null) return { kind: 'not_returned' };
      if (isAnother(line.returned_at, shown)) return { kind: 'returned_anew' };
      if (line.resume_asked_by !== null) return { kind: 'asked_already' };
      await tx.query(
        `UPDATE rate_model_line SET resume_asked_by = $1, resume_asked_at = $2, resume_reason = $3`,
        [actor.id, this.clock.now(), reason],
      );
      await this.#record(tx, 'rate_model.resume_asked', actor.id, reason, {});
      return DONE;
    });
  }

  /**
   * The second: somebody else. From that day on margins are held against the control anew.
   * @param shown since when the request waited that was read
   */
  resume(shown: string | undefined, actor: Actor): Promise<LifeOutcome> {
    return this.#change(async (tx, line) => {
      if (line.returned_at === null) return { kind: 'not_returned' };
      if (line.resume_asked_by === null) return { kind: 'not_asked' };
      if (isAnother(line.resume_asked_at, shown)) return { kind: 'asked_anew' };
      if (await isSamePerson(tx, actor.id, [line.resume_asked_by])) return { kind: 'own_request' };
      await tx.query(
        `UPDATE rate_model_line SET returned_at = NULL, returned_by = NULL, returned_for = NULL, returned_reason = NULL,
           returned_before_for = DEFAULT, resume_asked_by = NULL, resume_asked_at = NULL, resume_reason = NULL, resumed_on = $1`,
        [calendarDateAt(this.clock.now())],
      );
      const details = { asked_by: line.resume_asked_by, returned_for: line.returned_for ?? '' };
      await this.#record(tx, 'rate_model.resumed', actor.id, line.resume_reason ?? undefined, details);
      return DONE;
    });
  }

  /** The request to bid learned rates again is not agreed with, or taken back. */
  refuseToResume(reason: string, shown: string | undefined, actor: Actor): Promise<LifeOutcome> {
    return this.#change(async (tx, line) => {
      if (line.resume_asked_by === null) return { kind: 'not_asked' };
      if (isAnother(line.resume_asked_at, shown)) return { kind: 'asked_anew' };
      await tx.query(
        `UPDATE rate_model_line SET resume_asked_by = NULL, resume_asked_at = NULL, resume_reason = NULL`,
      );
      await this.#record(tx, 'rate_model.resume_refused', actor.id, reason, {
        asked_by: line.resume_asked_by,
      });
      return DONE;
    });
  }

  /** Lets a version that waits be bid with, in the stage that it has come to. */
  approve(hash: string, reason: string, actor: Actor): Promise<LifeOutcome> {
    return this.#change(async (tx) => {
      const [row] = await tx.query<{ state: string }[]>(
        `SELECT state FROM rate_model_version WHERE hash = $1`,
        [hash],
      );
      if (row === undefined) return { kind: 'not_found' };
      if (row.state !== 'waiting') return { kind: 'not_waiting' };
      await retireAll(tx, hash);
      await tx.query(
        `UPDATE rate_model_version SET state = 'in_force', approved_by = $2, approved_at = $3 WHERE hash = $1`,
        [hash, actor.id, this.clock.now()],
      );
      await this.#record(tx, 'rate_model.approved', actor.id, reason, { hash });
      return DONE;
    });
  }

  async line(tx: EntityManager): Promise<LineRow> {
    const [line] = await tx.query<LineRow[]>(`SELECT *, resumed_on::text AS resumed_on FROM rate_model_line`);
    if (line === undefined) throw new Error('the row that says whether learned rates are bid is gone');
    return line;
  }

  /** What tells on which days before `day` a version was bid with. */
  async stageTime(tx: EntityManager, { mandate }: CompiledLearning, day: CalendarDate): Promise<StageTime> {
    const { returned_at: returnedAt, resumed_on: resumedOn } = await this.line(tx);
    const silent = await tx.query<{ day: string }[]>(SILENT_DAYS, [day, LOOKED_BACK_DAYS]);
    return {
      day,
      watchedFrom: resumedOn ?? '',
      isReturned: returnedAt !== null,
      silentDays: silent.map((row) => row.day),
      validityDays: mandate.validity_days,
    };
  }

  /** A request to bid learned rates again that waits is void: it was made for other reasons. */
  async #return(
    tx: EntityManager,
    line: LineRow,
    { code, reason, by }: { readonly code: ReturnCode; readonly reason: string; readonly by: string },
  ): Promise<void> {
    await tx.query(
      `UPDATE rate_model_line SET returned_at = $1, returned_by = $2, returned_for = $3, returned_reason = $4,
         returned_before_for = $5, resume_asked_by = NULL, resume_asked_at = NULL, resume_reason = NULL`,
      [this.clock.now(), by, code, reason, [...new Set(reasonsOf(line))]],
    );
    this.logger.warn(
      { code, by },
      'learned rates are not bid any more: every rate is the table of the policy',
    );
    const { resume_asked_by: askedBy } = line;
    const details = { code, ...(askedBy !== null && { asked_by: askedBy }) };
    await this.#record(tx, 'rate_model.returned', by, reason, details);
  }

  async #change(work: (tx: EntityManager, line: LineRow) => Promise<LifeOutcome>): Promise<LifeOutcome> {
    const outcome = await this.dataSource.transaction(async (tx) => {
      await lockLife(tx);
      return work(tx, await this.line(tx));
    });
    if (outcome.kind === 'done') await this.#changed();
    return outcome;
  }

  #record(
    tx: EntityManager,
    action:
      | 'rate_model.returned'
      | 'rate_model.resume_asked'
      | 'rate_model.resume_refused'
      | 'rate_model.resumed'
      | 'rate_model.approved',
    actor: string,
    reason: string | undefined,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    const subject = details['hash'] === undefined ? 'rate_model' : `rate_model:${details['hash']}`;
    return this.audit.record(tx, { actor, action, subject, reason, details });
  }
}

/** Whether another reason, or request, stands than the one that was shown; where that is not said, nothing is known of it. */
function isAnother(since: Date | null, shown: string | undefined): boolean {
  return shown !== undefined && new Date(shown).getTime() !== since?.getTime();
}

/** Why bids have stood at the table since they were set back. */
function reasonsOf({ returned_for: last, returned_before_for: before }: LineRow): readonly ReturnCode[] {
  return last === null ? [] : [...before, last];
}

/** Every process is told when the transaction commits. */
export async function lockLife(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock($1)`, [LIFE_LOCK]);
  await tx.query(`NOTIFY ${POLICY_CHANNEL}`);
}

/** Whatever waited, or was in force, gives way. */
export async function retireAll(tx: EntityManager, exceptHash: string): Promise<void> {
  await tx.query(
    `UPDATE rate_model_version SET state = 'retired' WHERE state IN ('waiting', 'in_force') AND hash <> $1`,
    [exceptHash],
  );
}
