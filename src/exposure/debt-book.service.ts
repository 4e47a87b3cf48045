import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { calendarDateAt, Decimal } from '../kernel';
import { usesOfDebt, type Caps, type DebtStanding } from './domain';
import { COUNTED_IN, ExposureBook } from './exposure-book.service';

/** A debt that no auction brought: about to be asked for, or made. */
export interface Debt {
  /** Our own key for it. */
  readonly controlKey: string;
  /** Blind index. */
  readonly borrower: Buffer | undefined;
  readonly amount: Decimal;
  readonly monthlyInterestRate: Decimal;
  readonly orderedAt: Date;
}

interface StandingRow {
  readonly name: string;
  readonly value: string;
}

/**
 * What debts put at risk that no auction brings, in the register and the counters of the bids: reserved with the order to
 * make one, committed when it is made, released when the order has failed for certain or the loan is gone for good, or paid off. Call
 * last in a transaction, as the book of bids.
 */
@Injectable()
export class DebtBook {
  constructor(private readonly register: ExposureBook) {}

  /** Where we stand with a borrower, and what is used of the limits that a debt ordered at `at` would count in. */
  async standingOf(tx: EntityManager, borrower: Buffer | undefined, at: Date): Promise<DebtStanding> {
    const key = borrower?.toString('hex');
    const rows = await tx.query<StandingRow[]>(
      `SELECT 'offers' AS name, count(*)::text AS value FROM exposure
       WHERE borrower_index = $1 AND status <> 'released' AND live_until > now()
       UNION ALL
       SELECT name, used::text FROM limit_use JOIN (VALUES ('per_borrower', $2), ('per_day', $3), ('total', ''))
         AS counted (name, key) USING (name, key)`,
      [borrower ?? null, key ?? null, calendarDateAt(at)],
    );
    const found = new Map(rows.map(({ name, value }) => [name, new Decimal(value)]));
    const used = (name: string): Decimal => found.get(name) ?? new Decimal(0);
    return {
      borrower,
      liveOffers: borrower && used('offers').toNumber(),
      used: { per_borrower: used('per_borrower'), per_day: used('per_day'), total: used('total') },
    };
  }

  /** @throws NotReservedError when a limit is reached */
  async reserve(tx: EntityManager, debt: Debt, caps: Caps): Promise<void> {
    const { amount, borrower, orderedAt } = debt;
    await this.register.reserve(tx, rowOf(debt), usesOfDebt(amount, borrower, orderedAt, caps));
  }

  /** The order has failed for certain, or the loan is gone for good or paid off. What is released already stays so. */
  release(tx: EntityManager, controlKey: string, reason: string): Promise<void> {
    return this.register.free(tx, 'request_control_key', [controlKey], reason);
  }

  /**
   * The debt exists, of this amount, whatever was reserved for it. What was given up, never reserved, or reserved as less
   * counts whatever the limits: what is owed is counted.
   */
  async commit(tx: EntityManager, debt: Debt): Promise<void> {
    const { requestControlKey, parties, amount, monthlyInterestRate, decidedAt } = rowOf(debt);
    await tx.query(
      `WITH known AS (SELECT amount FROM exposure WHERE request_control_key = $1 AND status <> 'released' FOR UPDATE),
       before AS (SELECT coalesce(sum(amount), 0) AS already FROM known),
       committed AS (
         INSERT INTO exposure (request_control_key, borrower_index, amount, monthly_interest_rate, counted_on, status)
         SELECT $1::uuid, $2::bytea, $3::numeric, $4::numeric, $5::date, 'committed' FROM before
         ON CONFLICT (request_control_key) DO UPDATE
         SET status = 'committed', status_reason = NULL, changed_at = clock_timestamp(),
           amount = EXCLUDED.amount, monthly_interest_rate = EXCLUDED.monthly_interest_rate
         RETURNING exposure.*)
       INSERT INTO limit_use AS present (name, key, used, revision)
       SELECT name, key, amount - already, 1 FROM before CROSS JOIN committed CROSS JOIN LATERAL ${COUNTED_IN}
       WHERE key IS NOT NULL AND amount <> already
       ORDER BY place
       ON CONFLICT (name, key) DO UPDATE
       SET used = present.used + EXCLUDED.used, revision = present.revision + 1`,
      [
        requestControlKey,
        parties.borrower ?? null,
        amount.toFixed(),
        monthlyInterestRate.toFixed(),
        calendarDateAt(decidedAt),
      ],
    );
  }
}

function rowOf({ controlKey, borrower, orderedAt, ...debt }: Debt) {
  return {
    requestControlKey: controlKey,
    parties: { borrower, employer: undefined },
    amount: debt.amount,
    monthlyInterestRate: debt.monthlyInterestRate,
    decidedAt: orderedAt,
  };
}
