import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { OPERATION_STATUSES } from '../../operation/domain';
import {
  eachApart,
  isDatabaseAway,
  LOGGER,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../../platform';
import { daysToSumAnew } from '../explore/daily-sums';
import { BidMargins } from './bid-margins.service';
import {
  allowWholeDay,
  inTurn,
  keepingSums,
  makeStale,
  recountSums,
  STALE_DAYS,
  staleDays,
  sumDayAnew,
  sumStaleDay,
  summedAlready,
  TODAY,
} from './day-sums';
import { DERIVED, factsOfAuctions, factsOfLoans, OUTDATED, SHAPE, storeFacts } from './fact-row';

const EVERY_MS = 15_000;
const CHECK_EVERY_MS = 600_000;
const LATE_AFTER_MS = 600_000;
/** Facts written in one go: some hundred milliseconds of the database. */
const CHUNK = 500;
/** What commits late is still seen: no transaction of ours lasts as long. */
const OVERLAP = `interval '60 seconds'`;
/**
 * A webhook that waited for us makes an auction that is old already when it is opened. An index has these words. Of the
 * overlap half is left to the transaction that opens one which waited less.
 */
const OPENED_LATE = `created_at - received_at > interval '30 seconds'`;
/** After a long pause changes are caught up with in slices of this. */
const SLICE = `interval '6 hours'`;
const CHECKED_DAYS = 120;

/**
 * Keeps the facts, one process after the other and never in the way of an auction: what is new by its time of receipt, what
 * has changed by the times that changes leave (an end, a step of a loan, its link to an order, being opened long after
 * receipt), what was told of loans by its imports, and what is in flight. A second job counts one day after the other anew from the tables that work, mends what differs and says so.
 */
@Injectable()
export class FactKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #keeping: Periodic;
  readonly #checking: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly margins: BidMargins,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#keeping = new Periodic({
      name: 'history_facts',
      everyMs: EVERY_MS,
      lateAfterMs: LATE_AFTER_MS,
      run: () => this.catchUp(),
      logger,
      failed: 'the facts of the history could not be kept: figures stay as they were',
    });
    this.#checking = new Periodic({
      name: 'history_recount',
      everyMs: CHECK_EVERY_MS,
      run: () => this.recountNext(),
      logger,
      failed: 'a day of the history could not be counted anew',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE === 'web') return;
    this.#keeping.start(1_000);
    this.#checking.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#checking.stop(), this.#keeping.stop()]);
  }

  /** Until nothing is left to catch up with, and every day before today is summed. */
  async catchUp(): Promise<void> {
    if (!(await this.#isAnythingDue())) return;
    while (!this.#keeping.isStopping && (await this.#atHalfSpeed(() => this.#step())));
    await this.#eachDay(await staleDays(this.dataSource), sumStaleDay);
  }

  /** @throws AggregateError after the last one, naming the days at which it failed */
  async #eachDay(
    days: readonly string[],
    work: (tx: EntityManager, day: string) => Promise<void>,
  ): Promise<void> {
    await eachApart(
      days,
      (day) => day,
      async (day) => {
        if (this.#keeping.isStopping) return;
        await this.#atHalfSpeed(async () => {
          await this.dataSource.transaction((tx) => work(tx, day));
          return true;
        });
      },
    );
  }

  /**
   * Mostly nothing is. Where nothing is, progress stands still: what comes is looked for from there on. How far it has come
   * is read before: a bound that PostgreSQL does not know when it plans is expected to leave a third of all auctions.
   */
  async #isAnythingDue(): Promise<boolean> {
    const [progress] = await this.dataSource.query<{ received: string; changed: string }[]>(
      `SELECT received_through::text AS received, changed_through::text AS changed FROM history_progress`,
    );
    if (progress === undefined) throw new Error('the progress of the history is gone');
    const { received, changed } = progress;
    if (received === '-infinity') return true;
    const [look] = await this.dataSource.query<{ due: boolean }[]>(ANYTHING_DUE, [
      [...OPERATION_STATUSES],
      changed,
      received,
    ]);
    return look?.due === true;
  }

  /** Rests for as long as it worked: what happens now comes before what happened. */
  async #atHalfSpeed(step: () => Promise<boolean>): Promise<boolean> {
    const began = performance.now();
    const hasMore = await step();
    if (hasMore) await setTimeout(performance.now() - began);
    return hasMore;
  }

  /** @returns whether there is more to do at once. */
  #step(): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      await inTurn(tx);
      const isFull = await this.#takeNew(tx);
      // The first time everything is new; later, what changes is looked for once what is new is there.
      return isFull || (await this.#takeChanged(tx)) || (await this.#takeRest(tx));
    });
  }

  async #takeRest(tx: EntityManager): Promise<boolean> {
    return (await this.#takeTold(tx)) || (await this.#takeUnworked(tx)) || (await this.#takeOlder(tx));
  }

  async #takeNew(tx: EntityManager): Promise<boolean> {
    const [progress] = await tx.query<{ through: string }[]>(
      `SELECT received_through::text AS through FROM history_progress`,
    );
    if (progress === undefined) throw new Error('the progress of the history is gone');
    if (progress.through === '-infinity') await this.#begin(tx);
    const kept = await this.#keepAuctions(tx, newAuctions('$1::timestamptz'), [progress.through]);
    const isFull = kept.length === CHUNK;
    await tx.query(
      `UPDATE history_progress SET received_through = greatest(received_through, least(now() - ${OVERLAP},
         (SELECT received_at FROM auction WHERE issuer_proposal_request_key = $1)))`,
      [isFull ? kept.at(-1) : null],
    );
    return isFull;
  }

  /** The first time: all loans that no auction brought, and from now on what changes. */
  async #begin(tx: EntityManager): Promise<void> {
    await tx.query(
      storeFacts(factsOfLoans, `SELECT credit_operation_key AS key FROM operation WHERE origin = 'active'`),
    );
    await tx.query(`UPDATE history_progress SET changed_through = now() - ${OVERLAP}`);
  }

  async #takeChanged(tx: EntityManager): Promise<boolean> {
    const [span] = await tx.query<{ from: string; until: string; more: boolean }[]>(
      `SELECT changed_through::text AS from, least(changed_through + ${SLICE}, now())::text AS until,
         changed_through + ${SLICE} < now() AS more
       FROM history_progress`,
    );
    if (span === undefined) throw new Error('the progress of the history is gone');
    const times = [[...OPERATION_STATUSES], span.from, span.until];
    await this.#keepAuctions(tx, changedAuctions('$2 AND $3'), times);
    const loans = await tx.query<{ key: string }[]>(changedLoans('$2 AND $3'), times);
    await store(
      tx,
      factsOfLoans,
      loans.map(({ key }) => key),
    );
    await tx.query(`UPDATE history_progress SET changed_through = $1::timestamptz - ${OVERLAP}`, [
      span.until,
    ]);
    return span.more;
  }

  /** What was told of loans, some of an import at a time. @returns whether there may be more */
  async #takeTold(tx: EntityManager): Promise<boolean> {
    const [told] = await tx.query<{ id: string; after: string }[]>(
      `SELECT id, uncounted_after AS after FROM ${UNCOUNTED} ORDER BY imported_at LIMIT 1 FOR UPDATE`,
    );
    if (told === undefined) return false;
    const loans = await tx.query<{ loan: string; auction: string | null }[]>(TOLD_LOANS, [
      told.id,
      told.after,
    ]);
    const auctions = loans.flatMap(({ auction }) => (auction === null ? [] : [auction]));
    await this.#keepAuctions(tx, LISTED, [auctions]);
    await store(
      tx,
      factsOfLoans,
      loans.map(({ loan }) => loan),
    );
    const through = loans.length === CHUNK ? loans.at(-1)?.loan : null;
    await tx.query(`UPDATE loan_outcome_import SET uncounted_after = $2 WHERE id = $1`, [told.id, through]);
    return true;
  }

  /** Bids whose margin could not be worked out when their facts were written. @returns whether there may be more */
  async #takeUnworked(tx: EntityManager): Promise<boolean> {
    const found = await this.#keepAuctions(
      tx,
      `SELECT f.key FROM ${UNWORKED} ORDER BY f.received_at LIMIT ${CHUNK}`,
    );
    return found.length === CHUNK;
  }

  /** What an older release derived. @returns whether there may be more */
  async #takeOlder(tx: EntityManager): Promise<boolean> {
    const found = await tx.query<{ key: string; is_archived: boolean }[]>(
      `SELECT key, ${ARCHIVED} AS is_archived FROM ${OLDER} ORDER BY received_at DESC LIMIT ${CHUNK}`,
    );
    if (found.length === 0) return false;
    // Whose tables are gone stays as it was.
    const whole = found.filter(({ is_archived: isArchived }) => !isArchived).map(({ key }) => key);
    await this.#keepAuctions(tx, LISTED, [whole]);
    await store(tx, factsOfLoans, whole);
    await tx.query(`UPDATE history_fact SET shape = ${SHAPE} WHERE key = ANY ($1) AND shape < ${SHAPE}`, [
      found.map(({ key }) => key),
    ]);
    return found.length === CHUNK;
  }

  /** @returns the auctions that the query `keys` names, each of whose facts is now as it should be. */
  async #keepAuctions(
    tx: EntityManager,
    keys: string,
    parameters: unknown[] = [],
  ): Promise<readonly string[]> {
    const wanted = (await tx.query<{ key: string }[]>(keys, parameters)).map(({ key }) => key);
    for (let from = 0; from < wanted.length; from += CHUNK) {
      const some = wanted.slice(from, from + CHUNK);
      const worth = JSON.stringify(await this.margins.ofAuctions(tx, some));
      await store(tx, factsOfAuctions, some, worth);
    }
    return wanted;
  }

  /** Looks for days that a release before has summed, and counts the day that was checked longest ago anew. */
  async recountNext(): Promise<void> {
    await this.#sumAnew();
    const [next] = await this.dataSource.query<{ day: string | null }[]>(
      `SELECT coalesce(${newestDay(`least(${TODAY}, checked_day)`)}, ${newestDay(TODAY)})::text AS day FROM history_progress`,
    );
    const day = next?.day ?? null;
    if (day !== null) await this.recount(day);
  }

  async #sumAnew(): Promise<void> {
    try {
      const rows = await this.dataSource.query<{ day: string }[]>(
        `SELECT day::text FROM ${daysToSumAnew('true')} AS incomplete ORDER BY incomplete.day DESC`,
      );
      await this.#eachDay(
        rows.map(({ day }) => day),
        sumDayAnew,
      );
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      this.logger.error(
        { err: error },
        'days of the history could not be summed anew: what charts ask of them is read from the facts',
      );
    }
  }

  /**
   * What the facts of a day should be, held against what they are; what differs is mended. What has only just changed is
   * not wrong but late: what differs is caught up with first, and looked at again.
   * @returns how many differed, facts and sums
   */
  async recount(day: string): Promise<number> {
    // First: one that cannot be counted would be the next one for ever.
    await this.dataSource.query(`UPDATE history_progress SET checked_day = $1`, [day]);
    const late = await this.dataSource.transaction((tx) => this.#differing(tx, day));
    if (late.size > 0) await this.catchUp();
    if (this.#keeping.isStopping) return 0; // before all was caught up with
    return this.dataSource.transaction(async (tx) => {
      await inTurn(tx);
      const still = late.size > 0 ? await this.#differing(tx, day) : late;
      const keys = [...late].filter((key) => still.has(key));
      // Nobody knows what the sums were made of.
      if (keys.length > 0) await makeStale(tx, day);
      await this.#keepAuctions(tx, LISTED, [keys]);
      await store(tx, factsOfLoans, keys);
      const sums = await recountSums(tx, day);
      if (keys.length > 0 || sums > 0)
        this.logger.warn(
          { day, differed: keys.length, sums },
          'facts of the history differed from a recount',
        );
      return keys.length + sums;
    });
  }

  async #differing(tx: EntityManager, day: string): Promise<ReadonlySet<string>> {
    await allowWholeDay(tx);
    const rows = await tx.query<{ key: string }[]>(
      `SELECT key FROM (${fresh(day)} EXCEPT SELECT ${DERIVED.join(', ')}
         FROM history_fact WHERE day = '${day}') AS differing`,
    );
    return new Set(rows.map(({ key }) => key));
  }
}

/** Of days that are summed already the sums follow; of the others they wait to be summed. */
async function store(
  tx: EntityManager,
  derived: (keys: string) => string,
  keys: readonly string[],
  worth = '[]',
): Promise<void> {
  if (keys.length === 0) return;
  const found = await tx.query<{ key: string }[]>(summedAlready('$1'), [keys]);
  const summed = new Set(found.map(({ key }) => key));
  const others = keys.filter((key) => !summed.has(key));
  if (summed.size > 0)
    await tx.query(storeFacts(derived, LISTED, { worth: '$2', keeping: keepingSums }), [[...summed], worth]);
  if (others.length > 0) await tx.query(storeFacts(derived, LISTED, { worth: '$2' }), [others, worth]);
}

const LISTED = `SELECT unnest($1::text[]) AS key`;
/** @param span two moments, as BETWEEN wants them; $1 are all statuses, for the index begins with them */
const moved = (span: string): string => `SELECT credit_operation_key AS loan FROM operation
    WHERE status = ANY ($1::text[]) AND status_since BETWEEN ${span}
  UNION SELECT credit_operation_key FROM operation WHERE linked_at BETWEEN ${span}`;
const TOLD_LOANS = `SELECT o.credit_operation_key AS loan, o.auction_key AS auction FROM operation o
  WHERE o.credit_operation_key > $2 AND o.credit_operation_key IN (SELECT credit_operation_key FROM loan_outcome WHERE import_id = $1)
  ORDER BY o.credit_operation_key LIMIT ${CHUNK}`;
const NOT_KEPT = `NOT EXISTS (SELECT FROM history_fact WHERE key = issuer_proposal_request_key)`;
const newAuctions = (from: string): string => `SELECT issuer_proposal_request_key AS key FROM auction
  WHERE received_at >= ${from} AND ${NOT_KEPT} ORDER BY received_at LIMIT ${CHUNK}`;
/**
 * Each found by an index on what has just happened, so that a look costs what has happened and not what is stored. QI's answer to a
 * bid may be written a moment after its auction has ended.
 */
const changedAuctions = (span: string): string => `
  SELECT a.issuer_proposal_request_key AS key FROM auction a LEFT JOIN history_fact f ON f.key = a.issuer_proposal_request_key
    WHERE a.ended_at BETWEEN ${span} AND (f.status IS DISTINCT FROM a.status OR f.unanswered)
  UNION SELECT b.auction_key FROM bid b LEFT JOIN history_fact f ON f.key = b.auction_key
    WHERE b.submitted_at BETWEEN ${span} AND f.bid_key IS DISTINCT FROM b.request_control_key
  UNION SELECT issuer_proposal_request_key FROM auction WHERE ${OPENED_LATE} AND created_at BETWEEN ${span} AND ${NOT_KEPT}
  UNION SELECT key FROM history_fact WHERE status IN ('open', 'bidding', 'unknown')
  UNION SELECT auction_key FROM operation WHERE auction_key IS NOT NULL AND credit_operation_key IN (${moved(span)})`;
const changedLoans = (span: string): string => `SELECT loan AS key FROM (${moved(span)}) AS moved`;
const UNCOUNTED = 'loan_outcome_import WHERE uncounted_after IS NOT NULL';
const UNWORKED = `history_fact f JOIN bid b ON b.request_control_key = f.bid_key
  WHERE f.bid_key IS NOT NULL AND f.margin_is IS NULL`;
/** Of a row of `history_fact`: what it was derived from has left the database. */
const ARCHIVED = `policy_version IS NOT NULL AND NOT EXISTS (SELECT FROM decision WHERE auction_key = key)`;
const OLDER = `history_fact WHERE ${OUTDATED}`;
/** In the order of its index: PostgreSQL expects many of them and, for any of these, would read all facts. */
const ANY_OLDER = `(SELECT true FROM ${OLDER} ORDER BY received_at DESC LIMIT 1) IS NOT NULL`;
const ANY_UNWORKED = `(SELECT true FROM ${UNWORKED} ORDER BY f.received_at LIMIT 1) IS NOT NULL`;

const SINCE = `$2::timestamptz AND now()`;
const ANYTHING_DUE = `
  SELECT EXISTS (${newAuctions('$3::timestamptz')})
    OR EXISTS (${changedAuctions(SINCE)}) OR EXISTS (${changedLoans(SINCE)})
    OR EXISTS (SELECT FROM ${UNCOUNTED}) OR ${ANY_UNWORKED} OR ${ANY_OLDER}
    OR EXISTS (SELECT FROM ${STALE_DAYS}) AS due`;

/** Of the days that are checked, those with facts: found at the end of an index, not among all facts of these days. */
const newestDay = (before: string): string =>
  `(SELECT max(day) FROM history_fact WHERE day >= ${TODAY} - ${CHECKED_DAYS} AND day < ${before})`;

const localDay = (day: string): readonly [string, string] => [
  `timestamp '${day}' AT TIME ZONE 'America/Sao_Paulo'`,
  `(timestamp '${day}' + interval '1 day') AT TIME ZONE 'America/Sao_Paulo'`,
];

function fresh(day: string): string {
  const [from, before] = localDay(day);
  return `${factsOfAuctions(`SELECT issuer_proposal_request_key AS key FROM auction
      WHERE received_at >= ${from} AND received_at < ${before}`)}
    UNION ALL ${factsOfLoans(`SELECT credit_operation_key AS key FROM operation
      WHERE opened_at >= ${from} AND opened_at < ${before}`)}`;
}
