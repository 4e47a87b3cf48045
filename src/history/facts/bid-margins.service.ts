import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
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
import { inTurn, makingStale } from './day-sums';

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

const CENT = new Decimal(100);
const MILLION = new Decimal(1_000_000);
const AMOUNTS = [
  'interest',
  'discount',
  'rebate',
  'funding',
  'prepayment',
  'expected_loss',
  'cost',
  'margin',
] as const;

/** What stored bids are worth, by the inputs that their decisions kept. */
@Injectable()
export class BidMargins {
  constructor(
    private readonly dataSource: DataSource,
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

  /** Works out the margins of bids that have none yet. @returns how many were looked at */
  async workOut(limit: number): Promise<number> {
    const bids = await this.dataSource.query<
      (StoredBid & { readonly key: string; readonly bid_key: string })[]
    >(
      `SELECT f.key, f.bid_key, ${STORED_BID} FROM history_fact f
       JOIN bid b ON b.request_control_key = f.bid_key
       JOIN decision d ON d.auction_key = b.auction_key AND d.ordinal = b.ordinal
       WHERE f.bid_key IS NOT NULL AND f.margin_is IS NULL ORDER BY f.received_at LIMIT ${limit}`,
    );
    const worked: object[] = [];
    for (const bid of bids)
      worked.push({ key: bid.key, bid_key: bid.bid_key, ...(await this.#columnsOf(bid)) });
    if (worked.length > 0)
      await this.dataSource.transaction(async (tx) => {
        await inTurn(tx);
        await tx.query(STORE, [JSON.stringify(worked)]);
      });
    return bids.length;
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

const STORE = makingStale(`
  UPDATE history_fact f SET margin_is = w.margin_is, loss_row = w.loss_row, margin_rate = w.margin_rate,
    paid_out = w.paid_out, ${AMOUNTS.map((name) => `${name} = w.${name}`).join(', ')}
  FROM jsonb_to_recordset($1::jsonb) AS w (key text, bid_key uuid, margin_is text, loss_row text, margin_rate integer,
    paid_out integer, ${AMOUNTS.map((name) => `${name} bigint`).join(', ')})
  WHERE f.key = w.key AND f.bid_key = w.bid_key`);

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
  const cents = (amount: Decimal): string => amount.times(CENT).toFixed(0);
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
