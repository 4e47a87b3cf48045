import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A shadow beside what was really decided about the same auctions. */
export interface ShadowComparison {
  readonly auctions: number;
  readonly both_bid: number;
  readonly only_active: number;
  readonly only_shadow: number;
  readonly neither: number;
  /** Auctions on which the shadow threw: it would not have bid. */
  readonly failed: number;
  /** Where both bid: the shadow's rate less the active one's, on average; null without any. */
  readonly average_rate_difference: string | null;
  readonly reasons: readonly { readonly code: string; readonly active: number; readonly shadow: number }[];
}

@Injectable()
export class ShadowComparisons {
  constructor(private readonly dataSource: DataSource) {}

  async of(hash: string): Promise<ShadowComparison> {
    const [figures] = await this.dataSource.query<Omit<ShadowComparison, 'reasons'>[]>(
      `SELECT count(*)::int AS auctions,
         count(*) FILTER (WHERE decision.outcome = 'bid' AND shadow.outcome = 'bid')::int AS both_bid,
         count(*) FILTER (WHERE decision.outcome = 'bid' AND shadow.outcome <> 'bid')::int AS only_active,
         count(*) FILTER (WHERE decision.outcome <> 'bid' AND shadow.outcome = 'bid')::int AS only_shadow,
         count(*) FILTER (WHERE decision.outcome <> 'bid' AND shadow.outcome <> 'bid')::int AS neither,
         count(*) FILTER (WHERE shadow.outcome = 'failed')::int AS failed,
         round(avg((shadow.terms ->> 'monthlyInterestRate')::numeric - monthly_interest_rate), 8)::text
           AS average_rate_difference
       FROM shadow_decision AS shadow
       JOIN decision ON decision.auction_key = shadow.auction_key AND decision.ordinal = 1
       LEFT JOIN bid ON bid.auction_key = shadow.auction_key AND bid.ordinal = 1
       WHERE shadow.policy_hash = $1`,
      [hash],
    );
    if (figures === undefined) throw new Error('a count gives a row');
    return { ...figures, reasons: await this.#reasons(hash) };
  }

  #reasons(hash: string): Promise<ShadowComparison['reasons']> {
    return this.dataSource.query(
      `SELECT code, count(*) FILTER (WHERE side = 'active')::int AS active,
         count(*) FILTER (WHERE side = 'shadow')::int AS shadow
       FROM (
         SELECT 'active' AS side, reason ->> 'code' AS code
         FROM shadow_decision
         JOIN decision ON decision.auction_key = shadow_decision.auction_key AND decision.ordinal = 1
         CROSS JOIN jsonb_array_elements(decision.reasons) AS reason
         WHERE shadow_decision.policy_hash = $1
         UNION ALL
         SELECT 'shadow', reason ->> 'code' FROM shadow_decision, jsonb_array_elements(reasons) AS reason
         WHERE policy_hash = $1) AS said
       GROUP BY code ORDER BY code`,
      [hash],
    );
  }
}
