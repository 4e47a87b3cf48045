import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PROGRAMME_TERMS } from '../../auction';
import {
  bidMargin,
  type BidMargin,
  type BidTerms,
  type DecisionTrace,
  type NoMargin,
  type ProgrammeTerms,
} from '../../decision/domain';
import { calendarDate, Decimal } from '../../kernel';
import { LOGGER, type Logger } from '../../platform';
import { PolicyLibrary } from '../../policy';
import { PricingDataService } from '../../pricing';

/** A stored bid and what its decision kept of its worth. */
export interface StoredBid {
  readonly monthly_interest_rate: string;
  readonly number_of_installments: number;
  readonly disbursed_issue_amount: string;
  readonly issue_amount: string;
  readonly disbursement_date: string;
  readonly first_due_date: string;
  readonly rebates: { feeType: string; amountType: 'percentage' | 'absolute'; amount: string }[];
  readonly policy_hash: string;
  readonly economics: DecisionTrace['economics'] | null;
}

/** The columns of `StoredBid`, of a bid `b` and its decision `d`. */
export const STORED_BID = `b.monthly_interest_rate, b.number_of_installments, b.disbursed_issue_amount, b.issue_amount,
  b.disbursement_date::text, b.first_due_date::text, b.rebates, d.policy_hash, d.trace -> 'economics' AS economics`;

const CENTS_A_REAL = new Decimal(100);
const MILLION = new Decimal(1_000_000);
/** Margins worked out before whoever waits has a turn. */
const AT_ONCE = 5;

/** What stored bids are worth, by the inputs that their decisions kept. */
@Injectable()
export class BidMargins {
  constructor(
    private readonly policies: PolicyLibrary,
    private readonly pricing: PricingDataService,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param rate instead of the one that was bid. */
  async of(bid: StoredBid, rate?: Decimal): Promise<BidMargin> {
    const found = bid.economics ?? undefined;
    if (found === undefined) return { kind: 'unknown', why: 'no_inputs' };
    const policy = await this.policies.byHash(bid.policy_hash);
    if (policy === undefined) return { kind: 'unknown', why: 'policy_unreadable' };
    const means = { programme: this.programme, pricing: this.pricing.context };
    return bidMargin(termsOf(bid), found, policy.compiled, means, rate);
  }

  /**
   * What the latest bids of auctions are worth, as columns of their facts; those whose facts say it already are left out.
   * @param keys of the auctions
   */
  async ofAuctions(tx: EntityManager, keys: readonly string[]): Promise<readonly object[]> {
    const bids = await tx.query<(StoredBid & { readonly bid_key: string })[]>(UNKNOWN_YET, [keys]);
    const worth: object[] = [];
    for (const [n, bid] of bids.entries()) {
      // An auction of this process must not wait for the past.
      if (n % AT_ONCE === 0) await setImmediate();
      worth.push({ bid_key: bid.bid_key, ...(await this.#columnsOf(bid)) });
    }
    return worth;
  }

  async #columnsOf(bid: StoredBid): Promise<Readonly<Record<string, string | null>>> {
    try {
      return columnsOf(await this.of(bid), bid);
    } catch (error) {
      // A policy that this release cannot read any more must not hold up the others.
      this.logger.warn(
        { err: error, policy: bid.policy_hash },
        'the margin of a bid could not be worked out',
      );
      return { margin_is: 'policy_unreadable' satisfies NoMargin };
    }
  }
}

const UNKNOWN_YET = `
  SELECT b.request_control_key AS bid_key, ${STORED_BID}
  FROM unnest($1::text[]) AS wanted (key)
  JOIN LATERAL (SELECT * FROM bid WHERE bid.auction_key = wanted.key ORDER BY ordinal DESC LIMIT 1) AS b ON true
  LEFT JOIN decision d ON d.auction_key = b.auction_key AND d.ordinal = b.ordinal
  LEFT JOIN history_fact f ON f.key = wanted.key
  WHERE f.margin_is IS NULL OR f.bid_key IS DISTINCT FROM b.request_control_key`;

/** The terms of a stored bid, as decisions have them. */
export function termsOf(bid: StoredBid): BidTerms {
  return {
    monthlyInterestRate: new Decimal(bid.monthly_interest_rate),
    numberOfInstallments: bid.number_of_installments,
    disbursedIssueAmount: new Decimal(bid.disbursed_issue_amount),
    issueAmount: new Decimal(bid.issue_amount),
    disbursementDate: calendarDate(bid.disbursement_date),
    firstDueDate: calendarDate(bid.first_due_date),
    rebates: bid.rebates.map(({ feeType, amountType, amount }) => ({
      feeType,
      amountType,
      amount: new Decimal(amount),
    })),
  };
}

function columnsOf(worth: BidMargin, { economics }: StoredBid): Readonly<Record<string, string | null>> {
  if (worth.kind === 'unknown') return { margin_is: worth.why };
  const { margin, inputs, monthly } = worth;
  const cents = (amount: Decimal): string => amount.times(CENTS_A_REAL).toFixed(0);
  const millionths = (rate: Decimal): string => rate.times(MILLION).toFixed(0);
  return {
    margin_is: 'known',
    loss_row: economics?.kind === 'found' ? economics.place.row : null,
    interest: cents(margin.interest),
    discount: cents(margin.discount),
    rebate: cents(margin.netRebate),
    funding: cents(margin.funding),
    prepayment: cents(margin.prepayment),
    expected_loss: cents(margin.expectedLoss),
    cost: cents(margin.cost.plus(margin.fees)),
    margin: cents(margin.margin),
    margin_rate: monthly === undefined ? null : millionths(monthly),
    paid_out: millionths(inputs.paidOutShare),
  };
}
