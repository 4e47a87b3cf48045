import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { canonicalJson, stringifyJson, type Clock, type JsonObject } from '../kernel';
import type { CommandAnswer } from '../commands';
import {
  AuditTrail,
  CLOCK,
  freeForUs,
  InstanceRegistry,
  isSamePerson,
  leaseLeftMs,
  markUnderLease,
  ProblemException,
  SETTINGS,
  type Actor,
  type DeedTo,
  type LeaseGuard,
  type Settings,
} from '../platform';
import { QiFilterDesk } from '../qi';
import {
  canonicalOf,
  documentOf,
  notNow,
  openAlready,
  policyChanged,
  secondPersonNeeded,
  switchIn,
  type FilterChange,
} from './filter-change';
import {
  filterDifferences,
  REQUEST_LIMITS_SOURCE,
  writeRequesterFilter,
  type FilterDifference,
  type FilterSwitch,
  type RequestLimitsSource,
} from './requester-filter';

export interface FilterState {
  /** What QI last said yes to. */
  readonly inForce: FilterChange | undefined;
  /** False: something was sent after it and nobody knows what QI made of that. */
  readonly isCertain: boolean;
  /** What waits for a second person, or for an answer of QI's. */
  readonly open: FilterChange | undefined;
  /** Somebody is sending it at this moment: it can neither be sent nor withdrawn. */
  readonly isUnderWay: boolean;
  /** What was sent last, if QI said no to it. */
  readonly refused: FilterChange | undefined;
  /** What the active policy would make of it, the switch and the cap as they are. */
  readonly generated: string;
  readonly differences: readonly FilterDifference[];
}

const MAX_ANSWER = 2_000;
/** A call's first byte goes out while its lease holds, which is a second and a half. */
const LEASE_AND_MORE_MS = 5_000;

/**
 * QI's filters on the requests it sends us. One person asks for a change and sees what it changes, another sends it;
 * anybody who may stop bidding may make QI send nothing at all, at once. A document is always sent whole: one whose
 * answer was lost can be sent again.
 */
@Injectable()
export class FilterChanges {
  /** The changes that calls are under way for, by id. */
  readonly #inHands = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly desk: QiFilterDesk,
    private readonly instances: InstanceRegistry,
    private readonly audit: AuditTrail,
    @Inject(REQUEST_LIMITS_SOURCE) private readonly source: RequestLimitsSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async state(): Promise<FilterState> {
    const { manager } = this.dataSource;
    const [inForce, open] = [await this.#inForce(manager), await this.#open(manager)];
    const before = inForce && documentOf(inForce);
    const generated = this.#generate(inForce === undefined ? ON : switchIn(inForce));
    return {
      inForce,
      isCertain: await this.#isCertain(inForce),
      open,
      isUnderWay: open !== undefined && !(await this.#isFree(manager, open)),
      refused: await this.#refused(manager),
      generated: stringifyJson(generated),
      differences: filterDifferences(before, generated),
    };
  }

  /** Newest first. */
  history(limit: number): Promise<FilterChange[]> {
    return this.dataSource.query<FilterChange[]>(
      `SELECT * FROM qi_filter_change ORDER BY ordinal DESC LIMIT $1`,
      [limit],
    );
  }

  /** What one change does to the filter that was in force when it was asked for. */
  async differencesOf(change: FilterChange): Promise<FilterDifference[]> {
    const [before] = await this.dataSource.query<FilterChange[]>(
      `SELECT * FROM qi_filter_change WHERE status = 'sent' AND ordinal < $1 ORDER BY ordinal DESC LIMIT 1`,
      [change.ordinal],
    );
    return filterDifferences(before && documentOf(before), documentOf(change));
  }

  /** Asks for what the active policy's limits give. A request that waits already must be withdrawn first. */
  propose(wanted: FilterSwitch, reason: string, by: Actor): Promise<FilterChange> {
    return this.dataSource.transaction(async (tx) => {
      await lockChanges(tx);
      const open = await this.#open(tx);
      if (open !== undefined) throw openAlready(open);
      const change = await this.#insert(tx, { kind: 'change', body: this.#generate(wanted), reason, by });
      await this.#record(tx, 'proposed', change, by, reason);
      return change;
    });
  }

  /** Nobody sends it. @throws ProblemException 404, 409 */
  withdraw(id: string, by: Actor): Promise<FilterChange> {
    return this.dataSource.transaction(async (tx) => {
      await lockChanges(tx);
      const change = await this.#find(tx, id);
      if (!(await this.#withdraw(tx, change))) throw notNow(change);
      await this.#record(tx, 'withdrawn', change, by);
      return this.#find(tx, id);
    });
  }

  /** Sends it, as the second person; again, when QI's answer to the first sending was lost. */
  async send(id: string, by: Actor): Promise<FilterChange> {
    this.#refuseInDryRun();
    return this.#send('sending', by, undefined, async (tx) => {
      const found = await this.#find(tx, id);
      if (found.kind === 'stop' || !(await this.#isFree(tx, found))) throw notNow(found);
      if (await isSamePerson(tx, by.id, [found.proposed_by])) throw secondPersonNeeded();
      if (canonicalOf(found) !== canonicalJson(this.#generate(switchIn(found)))) throw policyChanged();
      return found;
    });
  }

  /** QI shall send no request any more. Everything else in the filter stays, so that it can be switched on again. */
  async stop(reason: string, by: Actor): Promise<FilterChange> {
    this.#refuseInDryRun();
    return this.#send('stopping', by, reason, async (tx) => {
      const open = await this.#open(tx);
      // A call under way might arrive after ours: it must end first, within its time-out.
      if (open !== undefined && !(await this.#withdraw(tx, open))) throw notNow(open);
      const inForce = await this.#inForce(tx);
      const body = inForce
        ? { ...documentOf(inForce), status: 'inactive' }
        : this.#generate({ active: false, dailyCap: undefined });
      return this.#insert(tx, { kind: 'stop', body, reason, by });
    });
  }

  /** Marks what is chosen as being sent, in one transaction, and sends it. @param choose it as it stood before */
  async #send(
    deed: DeedTo<'qi_filters'>,
    by: Actor,
    reason: string | undefined,
    choose: (tx: EntityManager) => Promise<FilterChange>,
  ): Promise<FilterChange> {
    let chosen: FilterChange | undefined;
    try {
      const { change, refusal } = await this.dataSource.transaction(async (tx) => {
        await lockChanges(tx);
        chosen = await choose(tx);
        this.#inHands.add(chosen.id); // before anybody else can see that it is leased to us
        const guard = await this.#claim(tx, chosen, by);
        await this.#record(tx, deed, chosen, by, reason);
        return { change: chosen, refusal: guard };
      });
      return await this.#call(change, by, refusal);
    } finally {
      if (chosen !== undefined) this.#inHands.delete(chosen.id);
    }
  }

  async #call(change: FilterChange, by: Actor, refusal: () => string | undefined): Promise<FilterChange> {
    const answer = await this.desk.set(documentOf(change), this.settings.QI_TIMEOUT_MS, refusal);
    // What was sent before may be in force, whatever is said of its repetition.
    const isDoubtful = answer.kind === 'rejected' && change.sent_by !== null;
    const status = isDoubtful ? 'unknown' : STATUS_AFTER[answer.kind];
    return this.dataSource.transaction(async (tx) => {
      await lockChanges(tx);
      const [, settled] = await tx.query<[unknown, number]>(
        `UPDATE qi_filter_change
         SET status = $3, lease_owner = NULL, http_status = $4, answer = $5,
             settled_at = CASE WHEN $3 IN ('sent', 'rejected') THEN clock_timestamp() END
         WHERE id = $1 AND status = 'sending' AND lease_owner = $2`,
        [change.id, this.instances.id, status, answer.httpStatus ?? null, wordsOf(answer)],
      );
      if (settled === 1) await this.#record(tx, status, change, by);
      return this.#find(tx, change.id);
    });
  }

  #generate(wanted: FilterSwitch): JsonObject {
    return writeRequesterFilter(this.source.current().limits, wanted);
  }

  async #insert(
    tx: EntityManager,
    {
      kind,
      body,
      reason,
      by,
    }: {
      readonly kind: FilterChange['kind'];
      readonly body: JsonObject;
      readonly reason: string;
      readonly by: Actor;
    },
  ): Promise<FilterChange> {
    const { policy } = this.source.current();
    const id = randomUUID();
    await tx.query(
      `INSERT INTO qi_filter_change (id, kind, status, body, reason, policy_version, policy_hash, proposed_by, proposed_at)
       VALUES ($1, $2, 'proposed', $3, $4, $5, $6, $7, $8)`,
      [id, kind, stringifyJson(body), reason, policy.version, policy.hash, by.id, this.clock.now()],
    );
    return this.#find(tx, id);
  }

  /** @returns what says, just before the first byte, that somebody else may have gone on without us. */
  async #claim(tx: EntityManager, change: FilterChange, by: Actor): Promise<LeaseGuard> {
    const guard = await markUnderLease(this.clock, async () => {
      const [[claimed]] = await tx.query<[{ left_ms: number | null }[], number]>(
        `UPDATE qi_filter_change SET status = 'sending', sent_by = $2, sent_at = $3, lease_owner = $4 WHERE id = $1
       RETURNING ${leaseLeftMs('$4')} AS left_ms`,
        [change.id, by.id, this.clock.now(), this.instances.id],
      );
      return claimed;
    });
    return guard ?? (() => 'taken_over');
  }

  /** @returns false for one that is settled, or that is being sent. */
  async #withdraw(tx: EntityManager, change: FilterChange): Promise<boolean> {
    if (!(await this.#isFree(tx, change))) return false;
    await tx.query(
      `UPDATE qi_filter_change SET status = 'withdrawn', lease_owner = NULL, settled_at = clock_timestamp() WHERE id = $1`,
      [change.id],
    );
    return true;
  }

  /**
   * Whether nobody is sending it. No call goes on for longer than its time-out, so that one that was sent before is not waited for,
   * though its process lives: it could not write down what came of it.
   */
  async #isFree(tx: EntityManager, { id }: FilterChange): Promise<boolean> {
    const callsEndWithinMs = this.settings.QI_TIMEOUT_MS + LEASE_AND_MORE_MS;
    const rows = await tx.query<unknown[]>(
      `SELECT FROM qi_filter_change WHERE id = $1 AND (status IN ('proposed', 'unknown')
         OR status = 'sending' AND (sent_at < $4 OR ${freeForUs('$2', '$3')}))`,
      [id, this.instances.id, [...this.#inHands], new Date(this.clock.now().getTime() - callsEndWithinMs)],
    );
    return rows.length === 1;
  }

  async #find(tx: EntityManager, id: string): Promise<FilterChange> {
    const [row] = await tx.query<FilterChange[]>(`SELECT * FROM qi_filter_change WHERE id = $1`, [id]);
    if (row !== undefined) return row;
    throw new ProblemException(404, { type: 'not_found', title: 'Não há tal pedido de filtro' });
  }

  async #inForce(tx: EntityManager): Promise<FilterChange | undefined> {
    const [row] = await tx.query<FilterChange[]>(
      `SELECT * FROM qi_filter_change WHERE status = 'sent' ORDER BY ordinal DESC LIMIT 1`,
    );
    return row;
  }

  async #refused(tx: EntityManager): Promise<FilterChange | undefined> {
    const [last] = await tx.query<FilterChange[]>(
      `SELECT * FROM qi_filter_change WHERE sent_by IS NOT NULL ORDER BY ordinal DESC LIMIT 1`,
    );
    return last?.status === 'rejected' ? last : undefined;
  }

  async #isCertain(inForce: FilterChange | undefined): Promise<boolean> {
    const later = await this.dataSource.query<unknown[]>(
      `SELECT FROM qi_filter_change
       WHERE ordinal > $1 AND sent_by IS NOT NULL AND status NOT IN ('sent', 'rejected') LIMIT 1`,
      [inForce?.ordinal ?? 0],
    );
    return later.length === 0;
  }

  async #open(tx: EntityManager): Promise<FilterChange | undefined> {
    const [row] = await tx.query<FilterChange[]>(
      `SELECT * FROM qi_filter_change WHERE status IN ('proposed', 'sending', 'unknown')`,
    );
    return row;
  }

  #record(
    tx: EntityManager,
    deed: DeedTo<'qi_filters'>,
    change: FilterChange,
    by: Actor,
    reason?: string,
  ): Promise<void> {
    return this.audit.record(tx, {
      actor: by.id,
      action: `qi_filters.${deed}`,
      subject: 'qi filters',
      reason,
      details: { change_id: change.id, body: documentOf(change), policy_hash: change.policy_hash },
    });
  }

  /** A dry run decides and records and sends nothing. */
  #refuseInDryRun(): void {
    if (this.settings.ARREMATE_DRY_RUN)
      throw new ProblemException(409, { type: 'dry_run', title: 'O serviço está em simulação e nada envia' });
  }
}

const ON: FilterSwitch = { active: true, dailyCap: undefined };

/** What was not taken may be sent again like what may have been: either way nothing is certain to be in force. */
const STATUS_AFTER = {
  accepted: 'sent',
  rejected: 'rejected',
  not_taken: 'unknown',
  unknown: 'unknown',
} as const satisfies Record<CommandAnswer['kind'], FilterChange['status']>;

/** One after the other: whoever changes the filters waits here. */
async function lockChanges(tx: EntityManager): Promise<void> {
  await tx.query(`LOCK TABLE qi_filter_change IN SHARE ROW EXCLUSIVE MODE`);
}

function wordsOf(answer: CommandAnswer): string {
  const words = 'why' in answer ? answer.why : answer.body;
  return words.slice(0, MAX_ANSWER);
}
