import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { calendarDateAt, Decimal, type CalendarDate } from '../kernel';
import { closedCounter, METRICS } from '../platform';
import {
  LIMIT_NAMES,
  usesInPlaceOf,
  usesOf,
  type Caps,
  type LimitName,
  type LimitUse,
  type Parties,
  type ReachedLimit,
  type Standing,
} from './domain';

/** What a row of the register says of a bid, or of a debt that no auction brought. */
export interface NewRow {
  /** Our own key: the bid's, or the debt's. */
  readonly requestControlKey: string;
  readonly parties: Parties;
  readonly amount: Decimal;
  readonly monthlyInterestRate: Decimal;
  readonly decidedAt: Date;
}

/** A bid about to be written. */
export interface NewExposure extends NewRow {
  readonly auctionKey: string;
  readonly daysToExpiration: number;
  /** The standing its decision was made on. */
  readonly revision: string;
}

/** Why nothing was reserved. standing_changed: the decision was made on facts about the borrower that are over. */
export type Refusal =
  | { readonly kind: 'limits_reached'; readonly limits: readonly ReachedLimit[] }
  | { readonly kind: 'standing_changed' };

/** Thrown so that the transaction that wanted to reserve cannot commit. */
export class NotReservedError extends Error {
  override readonly name = 'NotReservedError';
  constructor(readonly refusal: Refusal) {
    super(refusal.kind);
  }
}

interface StandingRow {
  readonly borrower_offers: number;
  readonly employer_offers: number;
  readonly lowest_rate: string | null;
  readonly borrower_used: string;
  readonly employer_used: string;
  readonly revision: string;
}

/** The counters of reais, in the order of locks, that a row of `exposure` counts in. */
export const COUNTED_IN = `(VALUES (1, 'per_borrower', encode(borrower_index, 'hex')),
  (2, 'per_employer', encode(employer_index, 'hex')), (3, 'per_day', counted_on::text), (4, 'total', ''))
  AS counted (place, name, key)`;

/**
 * The transaction's commit does not wait for the disk, so that the counters everybody shares are locked for no longer
 * than it takes to write them. Nothing depends on this commit alone: a bid is sent only after a later one, of its
 * status, that does wait, and the log is written in order; whatever else is undone by a crash of the server is done
 * again by whoever takes over the auction or the webhook that led here.
 */
const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

/**
 * What our bids put at risk: reserved when a bid is written (a first one by the ledger of auctions, in its batch),
 * committed when it wins, released when it comes to nothing, each in the transaction that makes it so. Call last in a transaction: the counters are shared by all
 * auctions, and everybody who waits for one waits until our commit. All lock them in one order, after their auction
 * or operation.
 */
@Injectable()
export class ExposureBook {
  readonly #reached: Counter<'limit'>;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#reached = closedCounter(metrics, {
      name: 'arremate_limits_reached_total',
      help: 'Bids and debts not made because a limit of exposure or pace was reached, by limit',
      labels: { limit: LIMIT_NAMES },
    });
  }

  async standingOf({ borrower, employer }: Parties, auctionKey: string): Promise<Standing> {
    const [row] = await this.dataSource.query<StandingRow[]>(
      `SELECT borrower_offers, lowest_rate, employer_offers,
         coalesce(b.used, 0) - coalesce(own.amount, 0) AS borrower_used,
         coalesce(e.used, 0) - coalesce(own.amount, 0) AS employer_used,
         coalesce(b.revision, 0) AS revision
       FROM (SELECT count(*)::int AS borrower_offers, min(monthly_interest_rate) AS lowest_rate FROM exposure
             WHERE borrower_index = $1 AND status <> 'released' AND live_until > now()
               AND auction_key <> $3) AS of_borrower
       CROSS JOIN (SELECT count(*)::int AS employer_offers FROM exposure
             WHERE employer_index = $2 AND status <> 'released' AND live_until > now()
               AND auction_key <> $3) AS of_employer
       LEFT JOIN limit_use b ON b.name = 'per_borrower' AND b.key = encode($1, 'hex')
       LEFT JOIN limit_use e ON e.name = 'per_employer' AND e.key = encode($2, 'hex')
       LEFT JOIN exposure own ON own.auction_key = $3 AND own.status <> 'released'`,
      [borrower ?? null, employer ?? null, auctionKey],
    );
    if (row === undefined) throw new Error('the standing of a borrower has no row');
    return {
      borrowerOffers: borrower && row.borrower_offers,
      employerOffers: employer && row.employer_offers,
      lowestRate: row.lowest_rate === null ? undefined : new Decimal(row.lowest_rate),
      borrowerExposure: borrower && new Decimal(row.borrower_used),
      employerExposure: employer && new Decimal(row.employer_used),
      revision: row.revision,
    };
  }

  /**
   * Reserves what a bid puts at risk that takes the place of the auction's refused one: what that one reserved is free
   * for it. The counters' rows are locked from here to the commit, so no limit is passed at any instant.
   * @throws NotReservedError when a limit is reached or the borrower's standing has changed since it was read.
   */
  async reserveInstead(tx: EntityManager, exposure: NewExposure, caps: Caps): Promise<void> {
    const uses = usesOf(exposure.amount, exposure.parties, exposure.decidedAt, caps);
    const [[replaced]] = await tx.query<[{ amount: string; counted_on: CalendarDate }[], number]>(
      `UPDATE exposure SET status = 'released', status_reason = 'replaced', changed_at = clock_timestamp()
       WHERE auction_key = $1 AND status <> 'released' RETURNING amount, counted_on::text`,
      [exposure.auctionKey],
    );
    const left =
      replaced &&
      usesInPlaceOf(uses, { amount: new Decimal(replaced.amount), countedOn: replaced.counted_on });
    await this.reserve(tx, exposure, left ?? uses, exposure);
  }

  /**
   * Writes the row and raises its counters. A row of the same key that is released is reserved anew.
   * @param bid undefined for a debt: it was decided on no standing, is no offer that lives, and its commit is waited for
   * @throws NotReservedError as `reserveInstead`
   */
  async reserve(
    tx: EntityManager,
    row: NewRow,
    uses: readonly LimitUse[],
    bid?: Pick<NewExposure, 'auctionKey' | 'daysToExpiration' | 'revision'>,
  ): Promise<void> {
    const nobodys = uses.filter(({ key, cap }) => key === undefined && cap !== undefined);
    if (nobodys.length > 0) this.#refuse(nobodys.map((use) => reached(use, undefined)));

    const counted = uses.filter((use) => use.key !== undefined);
    const passed = await tx.query<{ name: LimitName; key: string; registered: number }[]>(
      `WITH counted AS (
         INSERT INTO limit_use AS present (name, key, used, cap, revision)
         SELECT name, key, amount, cap, coalesce($14::bigint, 0) + 1
         FROM unnest($10::text[], $11::text[], $12::numeric[], $13::numeric[]) WITH ORDINALITY
           AS wanted (name, key, amount, cap, place)
         WHERE cap IS NULL OR amount <= cap
         ORDER BY place
         ON CONFLICT (name, key) DO UPDATE
         SET used = present.used + EXCLUDED.used, cap = EXCLUDED.cap, revision = present.revision + 1
         WHERE (EXCLUDED.cap IS NULL OR EXCLUDED.used <= 0 OR present.used + EXCLUDED.used <= EXCLUDED.cap)
           AND ($14::bigint IS NULL OR present.name <> 'per_borrower' OR present.revision + 1 = EXCLUDED.revision)
         RETURNING name, key),
       registered AS (
         INSERT INTO exposure (request_control_key, auction_key, borrower_index, employer_index, amount,
           monthly_interest_rate, counted_on, live_until, status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz + $9 * interval '1 day', 'reserved')
         ON CONFLICT (request_control_key) DO UPDATE SET amount = EXCLUDED.amount,
           monthly_interest_rate = EXCLUDED.monthly_interest_rate, counted_on = EXCLUDED.counted_on,
           status = 'reserved', status_reason = NULL, changed_at = clock_timestamp()
         WHERE exposure.status = 'released' RETURNING 1)
       SELECT name, key, (SELECT count(*) FROM registered)::int AS registered, ${bid === undefined ? 'NULL' : WITHOUT_WAITING} FROM counted`,
      [
        row.requestControlKey,
        bid?.auctionKey ?? null,
        row.parties.borrower ?? null,
        row.parties.employer ?? null,
        row.amount.toFixed(),
        row.monthlyInterestRate.toFixed(),
        calendarDateAt(row.decidedAt),
        row.decidedAt,
        bid?.daysToExpiration ?? null,
        counted.map(({ name }) => name),
        counted.map(({ key }) => key),
        counted.map(({ amount }) => amount.toFixed()),
        counted.map(({ cap }) => cap?.toFixed() ?? null),
        bid?.revision ?? null,
      ],
    );
    const stopped = counted.filter(
      (use) => !passed.some(({ name, key }) => use.name === name && use.key === key),
    );
    if (stopped.length > 0) await this.#explain(tx, stopped);
    if (passed.some(({ registered }) => registered === 0))
      throw new Error(`what ${row.requestControlKey} puts at risk is reserved already`);
  }

  /** The auctions' bids have come to nothing, or the loan has. What is released already stays so. */
  release(tx: EntityManager, auctionKeys: readonly string[], reason: string): Promise<void> {
    return this.free(tx, 'auction_key', auctionKeys, reason);
  }

  async free(
    tx: EntityManager,
    by: 'auction_key' | 'request_control_key',
    keys: readonly string[],
    reason: string,
  ): Promise<void> {
    await tx.query(
      `WITH freed AS (
         UPDATE exposure SET status = 'released', status_reason = $2, changed_at = clock_timestamp()
         WHERE ${by} = ANY ($1) AND status <> 'released'
         RETURNING borrower_index, employer_index, counted_on, amount)
       INSERT INTO limit_use AS present (name, key, used, revision)
       SELECT name, key, -sum(amount), 1 FROM freed CROSS JOIN LATERAL ${COUNTED_IN}
       WHERE key IS NOT NULL GROUP BY place, name, key ORDER BY place, key
       ON CONFLICT (name, key) DO UPDATE
       SET used = present.used + EXCLUDED.used, revision = present.revision + 1
       RETURNING ${WITHOUT_WAITING}`,
      [keys, reason],
    );
  }

  /**
   * The auction's bid has won. A bid given up before counts again, whatever the limits: it is owed, and what is owed
   * is counted.
   */
  async commit(tx: EntityManager, auctionKey: string): Promise<void> {
    await tx.query(
      `WITH won AS (
         SELECT exposure.* FROM exposure JOIN bid USING (request_control_key)
         WHERE bid.auction_key = $1 AND bid.status = 'accepted' AND exposure.status <> 'committed'
         FOR UPDATE OF exposure),
       committed AS (
         UPDATE exposure SET status = 'committed', status_reason = NULL, changed_at = clock_timestamp()
         WHERE request_control_key IN (SELECT request_control_key FROM won))
       INSERT INTO limit_use AS present (name, key, used, revision)
       SELECT name, key, sum(amount), 1 FROM won CROSS JOIN LATERAL ${COUNTED_IN}
       WHERE won.status = 'released' AND key IS NOT NULL GROUP BY place, name, key ORDER BY place, key
       ON CONFLICT (name, key) DO UPDATE
       SET used = present.used + EXCLUDED.used, revision = present.revision + 1`,
      [auctionKey],
    );
  }

  /**
   * The loan is owed with another amount than was counted for it, whatever the limits. What is released already stays so.
   * @param controlKey of the bid, or of the debt
   */
  async revise(tx: EntityManager, controlKey: string, amount: Decimal): Promise<void> {
    await tx.query(
      `WITH known AS (
         SELECT amount AS already FROM exposure WHERE request_control_key = $1 AND status <> 'released' FOR UPDATE),
       revised AS (
         UPDATE exposure SET amount = $2::numeric, changed_at = clock_timestamp() FROM known
         WHERE request_control_key = $1 AND amount <> $2::numeric
         RETURNING exposure.*, already)
       INSERT INTO limit_use AS present (name, key, used, revision)
       SELECT name, key, amount - already, 1 FROM revised CROSS JOIN LATERAL ${COUNTED_IN}
       WHERE key IS NOT NULL ORDER BY place
       ON CONFLICT (name, key) DO UPDATE
       SET used = present.used + EXCLUDED.used, revision = present.revision + 1`,
      [controlKey, amount.toFixed()],
    );
  }

  /** Removes the counters of minutes, hours and days that began before `before`. */
  async forgetPace(before: Date): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM limit_use WHERE name IN ('bids_per_minute', 'bids_per_hour', 'bids_per_day') AND key < $1`,
      [calendarDateAt(before)],
    );
  }

  /** The rows that did not pass are locked by now: what stands in them is what stopped us. */
  async #explain(tx: EntityManager, stopped: readonly LimitUse[]): Promise<never> {
    const rows = await tx.query<{ name: LimitName; used: string }[]>(
      `SELECT name, used FROM limit_use
       JOIN unnest($1::text[], $2::text[]) AS stopped (name, key) USING (name, key)`,
      [stopped.map(({ name }) => name), stopped.map(({ key }) => key)],
    );
    const used = new Map(rows.map((row) => [row.name, new Decimal(row.used)]));
    const limits = stopped
      .map((use) => reached(use, used.get(use.name) ?? new Decimal(0)))
      .filter(({ cap, wouldBe }) => wouldBe?.gt(cap) === true);
    return this.#refuse(limits);
  }

  /** Counts limits that kept a bid from being made. */
  noteReached(limits: readonly ReachedLimit[]): void {
    for (const { name } of limits) this.#reached.inc({ limit: name });
  }

  #refuse(limits: readonly ReachedLimit[]): never {
    this.noteReached(limits);
    throw new NotReservedError(
      limits.length > 0 ? { kind: 'limits_reached', limits } : { kind: 'standing_changed' },
    );
  }
}

/** A counter without a cap stops nothing by its cap: then no sum is beyond it. */
function reached({ name, cap, amount }: LimitUse, used: Decimal | undefined): ReachedLimit {
  return { name, cap: cap ?? new Decimal(Infinity), wouldBe: used?.plus(amount) };
}
