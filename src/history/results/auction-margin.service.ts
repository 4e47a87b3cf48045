import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { PROGRAMME_TERMS } from '../../auction';
import { assumptionsOf, NO_MARGIN, type BidMargin, type ProgrammeTerms } from '../../decision/domain';
import { Decimal } from '../../kernel';
import { decimal } from '../../platform';
import { PricingDataService } from '../../pricing';
import { breakEvenMonthlyRate } from '../../pricing/domain';
import { BidMargins, STORED_BID, termsOf, type StoredBid } from '../facts/bid-margins.service';

/** Of the latest bid of an auction: what it is worth, part by part, or why nothing can be said of it. */
export const auctionMarginView = z.object({
  unknown: z.enum(NO_MARGIN).nullable().describe('why there is no margin; null where there is'),
  worth: z
    .object({
      inputs_from: z.iso.date().describe('first day of the entry of the policy it is worked out by'),
      segment: z.string().describe('row of the loss table'),
      interest: decimal,
      discount: decimal.describe('signed, like all: the parts add up to the margin'),
      rebate: decimal,
      funding: decimal,
      prepayment: decimal,
      expected_loss: decimal,
      fees: decimal,
      cost: decimal,
      margin: decimal,
      margin_rate: decimal.nullable().describe('over the funding rate, a fraction a month'),
      paid_out_share: decimal.describe('of won auctions, as expected'),
      break_even_rate: decimal.nullable().describe('lowest monthly rate at which the loan does not lose'),
    })
    .nullable(),
});
type View = z.output<typeof auctionMarginView>;

/** Worked out when it is asked for: the break-even rate takes a dozen quotes, and nobody bids by it. */
@Injectable()
export class AuctionMargins {
  constructor(
    private readonly dataSource: DataSource,
    private readonly margins: BidMargins,
    private readonly pricing: PricingDataService,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
  ) {}

  /** Undefined without a bid. */
  async of(auctionKey: string): Promise<View | undefined> {
    const [bid] = await this.dataSource.query<StoredBid[]>(
      `SELECT ${STORED_BID} FROM bid b JOIN decision d ON d.auction_key = b.auction_key AND d.ordinal = b.ordinal
       WHERE b.auction_key = $1 ORDER BY b.ordinal DESC LIMIT 1`,
      [auctionKey],
    );
    return bid && this.#view(bid, await this.margins.of(bid));
  }

  #view(bid: StoredBid, found: BidMargin): View {
    if (found.kind === 'unknown') return { unknown: found.why, worth: null };
    const { margin, inputs, monthly } = found;
    const minus = (amount: Decimal): string => amount.negated().plus(0).toFixed(2);
    return {
      unknown: null,
      worth: {
        inputs_from: inputs.from,
        segment: bid.economics?.kind === 'found' ? bid.economics.place.row : '',
        interest: margin.interest.toFixed(2),
        discount: margin.discount.toFixed(2),
        rebate: margin.netRebate.toFixed(2),
        funding: minus(margin.funding),
        prepayment: minus(margin.prepayment),
        expected_loss: minus(margin.expectedLoss),
        fees: minus(margin.fees),
        cost: minus(margin.cost),
        margin: margin.margin.toFixed(2),
        margin_rate: monthly?.toFixed(6) ?? null,
        paid_out_share: inputs.paidOutShare.toFixed(),
        break_even_rate: this.#breakEven(bid, found)?.toFixed(4) ?? null,
      },
    };
  }

  #breakEven(bid: StoredBid, { inputs }: Extract<BidMargin, { kind: 'known' }>): Decimal | undefined {
    const terms = termsOf(bid);
    const { interestBase, contractFees } = this.programme;
    const loan = { ...terms, disbursedAmount: terms.disbursedIssueAmount, interestBase, contractFees };
    return breakEvenMonthlyRate(loan, assumptionsOf(inputs), this.pricing.context);
  }
}
