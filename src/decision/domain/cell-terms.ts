import { Decimal, type CalendarDate } from '../../kernel';
import type { EconomicInputs, LearningCell } from '../../policy/domain';
import {
  breakEvenMonthlyRate,
  loanMargin,
  quoteBid,
  type Bid,
  type EconomicAssumptions,
  type PricingContext,
} from '../../pricing/domain';
import { boundsOf, type CellTerms } from '../../winning/domain';
import { assumptionsOf } from './bid-margin';
import type { ProgrammeTerms } from './decide';
import { firstDueDate } from './first-due-date';

/** What pricing the loans of a cell takes, besides the policy. */
export interface CellWorld {
  readonly pricing: PricingContext;
  readonly programme: ProgrammeTerms;
  readonly on: CalendarDate;
}

/** Amounts that a rate is chosen for, as parts of a cell's usual one. */
const AMOUNT_PARTS = ['0.55', '0.68', '0.8', '0.94', '1.1', '1.3', '1.6'];
/** The margin is priced at rates so far apart, and between them it is straight to a hundredth of a cent. */
const KNOT_BP = 10;
const NOTHING = new Decimal(0);

/** The lowest whole rate, in bp, at which the usual loan of a cell does not lose; undefined when nothing can be said. */
export function breakEvenBp(cell: LearningCell, world: CellWorld): number | undefined {
  const inputs = cell.inputs(world.on);
  const rate = inputs && breakEvenOf(cell, inputs, world);
  return rate && Number(rate.times(10_000).toFixed());
}

/** What a usual loan is made of. */
export type LoanSpans = Pick<LearningCell, 'amount' | 'installments' | 'rebates'>;

/** The same as a fraction a month. */
export function breakEvenOf(loans: LoanSpans, inputs: EconomicInputs, world: CellWorld): Decimal | undefined {
  const loan = usualLoan(loans, world);
  return loan && breakEvenMonthlyRate(loan, assumptionsOf(inputs), world.pricing);
}

/**
 * Margin of each real lent in a cell before the cost of a loan, at any rate near its own: the line through two rates, for a margin
 * is nearly straight. Undefined where nothing can be said.
 */
export function marginLine(cell: LearningCell, world: CellWorld): ((bp: number) => number) | undefined {
  const inputs = cell.inputs(world.on);
  if (inputs === undefined) return undefined;
  const [lowBp, highBp] = [cell.floorBp, Math.max(cell.ceilingBp, cell.floorBp + KNOT_BP)];
  const at = marginAt(cell, inputs, world);
  const [low, high] = [at(lowBp), at(highBp)];
  if (low === undefined || high === undefined) return undefined;
  return (bp) => low + ((high - low) * (bp - lowBp)) / (highBp - lowBp);
}

/** What rates are chosen among in a cell; undefined where there is no rate to choose: it keeps the table's. */
export function cellTerms(
  cell: LearningCell,
  world: CellWorld,
  mandate: { readonly minimumMarginBp: number; readonly ceilingBp: number; readonly payoutGroup: number },
): CellTerms | undefined {
  const breakEven = breakEvenBp(cell, world);
  const inputs = cell.inputs(world.on);
  if (!cell.learns || breakEven === undefined || inputs === undefined) return undefined;
  const { referenceBp } = cell;
  const bounds = boundsOf({
    breakEvenBp: breakEven,
    minimumMarginBp: mandate.minimumMarginBp,
    referenceBp,
    railBelowBp: referenceBp - cell.floorBp,
    railAboveBp: cell.ceilingBp - referenceBp,
    ceilingBp: mandate.ceilingBp,
  });
  const marginPerReal = marginsOf(cell, inputs, world);
  if (bounds === undefined || !isKnownWithin(bounds, marginPerReal)) return undefined;
  return {
    referenceBp,
    ...bounds,
    marginPerReal,
    costOfLoan: Number(inputs.operatingCost.toFixed()),
    amounts: amountsOf(cell),
    payoutGroup: mandate.payoutGroup,
  };
}

function usualLoan(cell: LoanSpans, { programme, on }: CellWorld): Omit<Bid, 'rate'> | undefined {
  const firstDue = firstDueDate(on, programme.payrollRules);
  if (firstDue === undefined) return undefined;
  return {
    disbursementDate: on,
    firstDueDate: firstDue,
    interestBase: programme.interestBase,
    contractFees: programme.contractFees,
    rebates: cell.rebates,
    disbursedAmount: usualAmount(cell),
    numberOfInstallments: usualTerm(cell),
  };
}

/** Half way between its ends, as amounts are spread: in whole reais. */
export function usualAmount({ amount }: Pick<LoanSpans, 'amount'>): Decimal {
  const middle = amount.min.times(amount.max).sqrt().toDecimalPlaces(0);
  return Decimal.max(middle, new Decimal(1));
}

export function usualTerm({ installments: { min, max } }: Pick<LoanSpans, 'installments'>): number {
  return Math.round((min + max) / 2);
}

function amountsOf(cell: LearningCell): readonly number[] {
  const usual = usualAmount(cell);
  const within = AMOUNT_PARTS.map((part) =>
    Decimal.min(Decimal.max(usual.times(part), cell.amount.min), cell.amount.max).toDecimalPlaces(0),
  );
  return [...new Set(within.map((amount) => Number(amount.toFixed())))];
}

/** Margin of each real lent before the cost of the loan, at any whole rate; each knot is priced when it is first asked for. */
function marginsOf(cell: LearningCell, inputs: EconomicInputs, world: CellWorld): CellTerms['marginPerReal'] {
  const price = marginAt(cell, inputs, world);
  const knots = new Map<number, number | undefined>();
  const at = (bp: number): number | undefined => {
    if (!knots.has(bp)) knots.set(bp, price(bp));
    return knots.get(bp);
  };
  return (bp) => {
    const below = Math.floor(bp / KNOT_BP) * KNOT_BP;
    const [low, high] = [at(below), at(below + KNOT_BP)];
    return low === undefined || high === undefined
      ? undefined
      : low + ((high - low) * (bp - below)) / KNOT_BP;
  };
}

function isKnownWithin(
  { floorBp, ceilingBp }: Pick<CellTerms, 'floorBp' | 'ceilingBp'>,
  margin: CellTerms['marginPerReal'],
): boolean {
  for (let bp = floorBp; bp <= ceilingBp; bp++) if (margin(bp) === undefined) return false;
  return true;
}

function marginAt(
  cell: LearningCell,
  inputs: EconomicInputs,
  world: CellWorld,
): (bp: number) => number | undefined {
  const loan = usualLoan(cell, world);
  const assumptions: EconomicAssumptions = { ...assumptionsOf(inputs), cost: NOTHING };
  return (bp) => {
    const value = new Decimal(bp).dividedBy(10_000);
    const priced = loan && quoteBid({ ...loan, rate: { kind: 'monthly', value } }, world.pricing);
    if (loan === undefined || priced?.kind !== 'quoted') return undefined;
    return Number(loanMargin(priced.quote, assumptions).margin.dividedBy(loan.disbursedAmount).toFixed());
  };
}
