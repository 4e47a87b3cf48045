import { Decimal } from '../../kernel';
import type { Quote } from './quote';

/** The figures QI returns for an accepted proposal; what it left out is undefined. */
export interface ReturnedSimulation {
  readonly issueAmount: Decimal | undefined;
  readonly disbursedIssueAmount: Decimal | undefined;
  readonly installmentFaceValue: Decimal | undefined;
  readonly numberOfInstallments: number | undefined;
  readonly totalIof: Decimal | undefined;
  readonly monthlyInterestRate: Decimal | undefined;
  readonly monthlyCet: Decimal | undefined;
  readonly annualCet: Decimal | undefined;
}

export interface SimulationDifference {
  readonly field: keyof ReturnedSimulation;
  readonly ours: Decimal;
  readonly theirs: Decimal;
  /** Theirs less ours: reais, instalments, or a fraction for rates. */
  readonly difference: Decimal;
}

/** What is compared. */
export const SIMULATED_FIELDS = [
  'issueAmount',
  'disbursedIssueAmount',
  'installmentFaceValue',
  'numberOfInstallments',
  'totalIof',
  'monthlyInterestRate',
  'monthlyCet',
  'annualCet',
] as const satisfies readonly (keyof ReturnedSimulation)[];

/** QI prints annual rates with anything from 4 to 16 decimals; fewer digits than these are not taken for rounding. */
const FEWEST_RATE_DECIMALS = 4;

/**
 * Every figure of QI's simulation that is not ours. Figures QI left out are not compared.
 * The annual CET has two readings (compounded from the rounded month, or exact): the nearer one counts.
 */
export function compareSimulation(quote: Quote, simulation: ReturnedSimulation): SimulationDifference[] {
  const theirs = { ...simulation, numberOfInstallments: asDecimal(simulation.numberOfInstallments) };
  const ours: Readonly<Record<keyof ReturnedSimulation, Decimal | undefined>> = {
    issueAmount: quote.issueAmount,
    disbursedIssueAmount: quote.disbursedIssueAmount,
    installmentFaceValue: quote.installmentFaceValue,
    numberOfInstallments: asDecimal(quote.numberOfInstallments),
    totalIof: quote.iofAmount,
    monthlyInterestRate: quote.rates.monthly,
    monthlyCet: quote.cet.monthly,
    annualCet: theirs.annualCet && nearerAnnualCet(quote, theirs.annualCet),
  };
  return SIMULATED_FIELDS.flatMap((field) => {
    const [our, their] = [ours[field], theirs[field]];
    if (our === undefined || their === undefined || our.eq(their)) return [];
    return [{ field, ours: our, theirs: their, difference: their.minus(our) }];
  });
}

function nearerAnnualCet({ cet }: Quote, theirs: Decimal): Decimal {
  const decimals = Math.max(theirs.decimalPlaces(), FEWEST_RATE_DECIMALS);
  const [fromRounded, exact] = [
    cet.annual.toDecimalPlaces(decimals),
    cet.annualExact.toDecimalPlaces(decimals),
  ];
  return theirs.minus(exact).abs().lt(theirs.minus(fromRounded).abs()) ? exact : fromRounded;
}

function asDecimal(count: number | undefined): Decimal | undefined {
  return count === undefined ? undefined : new Decimal(count);
}
