import type { CalendarDate, Decimal } from '../../kernel';
import type { CompiledPolicy, EconomicInputs, EconomicsFound, PriceRebate } from '../../policy/domain';
import {
  loanMargin,
  monthlyMargin,
  quoteBid,
  type EconomicAssumptions,
  type LoanMargin,
  type PricingContext,
  type Quote,
} from '../../pricing/domain';
import type { ProgrammeTerms } from './decide';

/** The terms of a bid, as they are kept. */
export interface BidTerms {
  readonly monthlyInterestRate: Decimal;
  readonly numberOfInstallments: number;
  readonly disbursedIssueAmount: Decimal;
  readonly issueAmount: Decimal;
  readonly disbursementDate: CalendarDate;
  readonly firstDueDate: CalendarDate;
  readonly rebates: readonly PriceRebate[];
}

/** Why nothing can be said of what a bid is worth. */
export const NO_MARGIN = [
  /** Its policy has no economics. */
  'no_inputs',
  /** They were not in force on its day. */
  'not_in_force',
  /** No row of the loss table was for it. */
  'no_segment',
  /** Today's dated tables price it otherwise than it was bid. */
  'priced_otherwise',
  /** The policy that made it cannot be read any more. */
  'policy_unreadable',
] as const;
export type NoMargin = (typeof NO_MARGIN)[number];

export type BidMargin =
  | {
      readonly kind: 'known';
      readonly inputs: EconomicInputs;
      readonly quote: Quote;
      readonly margin: LoanMargin;
      /** Yield on the outlay over the funding rate, a fraction a month. */
      readonly monthly: Decimal | undefined;
    }
  | { readonly kind: 'unknown'; readonly why: NoMargin };

/**
 * What a bid is worth under the policy that made it. Nothing is assumed: without inputs there is no margin.
 * @param found what the decision kept; undefined under a policy without economics
 * @param rate asked about instead of the one that was bid, everything else being equal
 */
export function bidMargin(
  bid: BidTerms,
  found: EconomicsFound | undefined,
  { economics }: Pick<CompiledPolicy, 'economics'>,
  terms: { readonly programme: ProgrammeTerms; readonly pricing: PricingContext },
  rate?: Decimal,
): BidMargin {
  if (found === undefined || economics === undefined) return { kind: 'unknown', why: 'no_inputs' };
  if (found.kind !== 'found') return { kind: 'unknown', why: found.kind };
  const inputs = economics.at(found.place);
  if (inputs === undefined) return { kind: 'unknown', why: 'no_segment' };
  const { programme, pricing } = terms;
  const priced = quoteBid(
    {
      ...bid,
      disbursedAmount: bid.disbursedIssueAmount,
      rate: { kind: 'monthly', value: rate ?? bid.monthlyInterestRate },
      interestBase: programme.interestBase,
      contractFees: programme.contractFees,
    },
    pricing,
  );
  // At another rate another issue amount is right.
  const isAsBid =
    rate !== undefined || (priced.kind === 'quoted' && priced.quote.issueAmount.eq(bid.issueAmount));
  if (priced.kind === 'refused' || !isAsBid) return { kind: 'unknown', why: 'priced_otherwise' };
  const assumptions = assumptionsOf(inputs);
  const margin = loanMargin(priced.quote, assumptions);
  return {
    kind: 'known',
    inputs,
    quote: priced.quote,
    margin,
    monthly: monthlyMargin(priced.quote, margin, assumptions),
  };
}

/** A policy's inputs as pricing takes them. */
export function assumptionsOf(inputs: EconomicInputs): EconomicAssumptions {
  return { ...inputs, cost: inputs.operatingCost };
}
