import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import type { DirectProduct } from '../policy/domain';
import { CLOCK, ClockWatch } from '../platform';
import { codesWithADate, type ProposalStatus } from './domain';
import { lockBorrower } from './lock-borrower';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import type { ProposalRefusal } from './proposal-refusal';
import type { ProposalEntity } from './proposal.entity';
import { ProposalProducts } from './products/proposal-products';

/** By which one may leave before its time. */
const EARLY_MS = 100;
/** Of the time between two: so late one may leave, and whoever comes next keeps the place in the row. */
const LATE_SHARE = 0.5;

const IS_NEXT = `free_at <= now.at + $2 * ${LATE_SHARE} * interval '1 second'`;

/** Whose balance may be asked for, and when. */
@Injectable()
export class QueryTurns {
  constructor(
    private readonly products: ProposalProducts,
    @Inject(ORIGINATION_LIMITS) private readonly limits: OriginationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly clockWatch: ClockWatch,
  ) {}

  /** One person is asked about once at a time, and not before the date that was given, whichever proposal heard of it. */
  async whyNotNow(
    tx: EntityManager,
    asking: Pick<ProposalEntity, 'product' | 'borrowerIndex'> & { readonly id?: string },
  ): Promise<ProposalRefusal | undefined> {
    const { product, borrowerIndex, id = null } = asking;
    const { failures, words } = this.products.of(product);
    await lockBorrower(tx, 'query', product, borrowerIndex);
    const [obstacle] = await tx.query<{ id: string; status: ProposalStatus; retry_at: Date }[]>(
      `SELECT id, status, retry_at FROM proposal
       WHERE product = $1 AND borrower_index = $2
         AND (status = 'querying' AND id IS DISTINCT FROM $3::uuid
           OR status = 'balance_failed' AND failure_code = ANY ($4) AND retry_at > $5)
       ORDER BY status DESC LIMIT 1`,
      [product, borrowerIndex, id, codesWithADate(failures), this.clock.now()],
    );
    if (obstacle === undefined) return undefined;
    return obstacle.status === 'querying'
      ? { kind: 'query_under_way', proposalId: obstacle.id, why: words.queryUnderWay }
      : { kind: 'query_locked', proposalId: obstacle.id, until: obstacle.retry_at };
  }

  /**
   * Takes the next place in the row of balance queries of a product: lenders have quotas a second, whatever number of processes
   * they run. One that comes when nothing waits may leave at once, within the product's hours. Places that pass while nobody
   * sends are worth nothing: whoever sends asks for its `turn`.
   * @returns the instant before which the query must not be sent
   */
  async next(tx: EntityManager, product: DirectProduct): Promise<Date> {
    // The row is everybody's: one process whose clock is an hour ahead would make all others wait an hour.
    const opensAt = this.products.of(product).opensAt('query_balance', this.clockWatch.databaseNow());
    const [row] = await tx.query<{ at: Date }[]>(
      `INSERT INTO query_pace AS pace (product, next_at) VALUES ($1, $2::timestamptz + $3 * interval '1 second')
       ON CONFLICT (product) DO UPDATE
       SET next_at = greatest(pace.next_at, $2::timestamptz) + $3 * interval '1 second'
       RETURNING next_at - $3 * interval '1 second' AS at`,
      [product, opensAt, 1 / this.limits.queries_per_second],
    );
    return row?.at ?? opensAt;
  }

  /**
   * Of those that are about to be sent one has its turn; the others come after it, one by one. Whoever comes a moment early, as a
   * look that rings on time may, does not go to the end of the row for that, nor does whoever comes at its time where the one
   * before left late. That one waits for what is left, but for the moment it may come early by: lateness would add up along the row.
   * @returns milliseconds to wait before it is asked for again; 0: the turn is taken
   */
  async turn(tx: EntityManager, product: DirectProduct): Promise<number> {
    const of = [product, 1 / this.limits.queries_per_second];
    const [taken] = await tx.query<[unknown[], number]>(
      `UPDATE query_turn SET free_at = greatest(free_at, now.at) + $2 * interval '1 second'
       FROM (SELECT clock_timestamp() AS at) AS now
       WHERE product = $1 AND free_at <= now.at + $3 * interval '1 millisecond' RETURNING product`,
      [...of, EARLY_MS],
    );
    if (taken.length > 0) return 0;
    const [[waits]] = await tx.query<[{ ms: number }[], number]>(
      `UPDATE query_turn
       SET row_until = CASE WHEN ${IS_NEXT} THEN row_until ELSE greatest(row_until, free_at) + $2 * interval '1 second' END
       FROM (SELECT clock_timestamp() AS at) AS now
       WHERE product = $1
       RETURNING extract(epoch FROM
         CASE WHEN ${IS_NEXT} THEN free_at - $3 * interval '1 millisecond' ELSE row_until - $2 * interval '1 second' END
         - now.at)::float8 * 1000 AS ms`,
      [...of, EARLY_MS / 2],
    );
    if (waits !== undefined) return Math.max(waits.ms, 1);
    await tx.query(
      `INSERT INTO query_turn (product, free_at, row_until) VALUES ($1, clock_timestamp(), clock_timestamp())
       ON CONFLICT DO NOTHING`,
      [product],
    );
    return this.turn(tx, product);
  }
}
