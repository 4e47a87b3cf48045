import { addDays, Decimal, type CalendarDate } from '../../kernel';
import {
  compareSimulation,
  INTEREST_BASES,
  quote,
  type Fee,
  type InterestBase,
  type PricingContext,
  type Quote,
  type ReturnedSimulation,
  type SimulationDifference,
} from '../../pricing/domain';

/** What of a loan's pricing no proposal says and QI decides. */
export interface LoanReading {
  readonly interestBase: InterestBase;
  readonly firstDueDate: CalendarDate;
}

export interface ProposedLoan {
  readonly disbursedIssueAmount: Decimal;
  readonly monthlyInterestRate: Decimal;
  readonly numberOfInstallments: number;
  readonly disbursementDate: CalendarDate;
  readonly contractFees: readonly Fee[];
}

export type SimulationFinding =
  /** `roundings`: last digits that are not the same. */
  | { readonly kind: 'equal'; readonly roundings: readonly SimulationDifference[] }
  /** QI's figures are ours under another base or first due date. */
  | { readonly kind: 'another_reading'; readonly readings: readonly LoanReading[] }
  | { readonly kind: 'no_reading'; readonly differences: readonly SimulationDifference[] };

/** What rounding can do to one figure; a day more or another base does more to some figure of any loan. */
const ROUNDING = {
  issueAmount: '0.01',
  disbursedIssueAmount: '0.01',
  installmentFaceValue: '0.01',
  totalIof: '0.01',
  numberOfInstallments: '0',
  monthlyInterestRate: '0.0000001',
  monthlyCet: '0.0001',
  // A year compounds the rounding of its month.
  annualCet: '0.002',
} as const satisfies Readonly<Record<SimulationDifference['field'], string>>;
/** Digits beyond those that we compute. */
const BEYOND_OURS = '0.000000001';

const FIRST_DAY = 10;
const LAST_DAY = 150;

/**
 * Holds QI's figures against ours; when they differ, looks for the interest base and the first due date under which they
 * would not. Interest and tax run by the day, so that hardly two dates give the same cents.
 */
export function readSimulation(
  loan: ProposedLoan,
  simulation: ReturnedSimulation,
  ours: LoanReading,
  pricing: PricingContext,
): SimulationFinding {
  const differences = differencesUnder(loan, simulation, ours, pricing);
  if (differences?.every(isRounding) === true) return { kind: 'equal', roundings: differences };
  const readings = INTEREST_BASES.flatMap((interestBase) =>
    Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, i) => ({
      interestBase,
      firstDueDate: addDays(loan.disbursementDate, FIRST_DAY + i),
    })),
  ).filter((reading) => differencesUnder(loan, simulation, reading, pricing)?.every(isRounding));
  return readings.length > 0
    ? { kind: 'another_reading', readings }
    : { kind: 'no_reading', differences: differences ?? [] };
}

function isRounding({ field, difference }: SimulationDifference): boolean {
  return difference.abs().lte(ROUNDING[field]);
}

function differencesUnder(
  loan: ProposedLoan,
  simulation: ReturnedSimulation,
  reading: LoanReading,
  pricing: PricingContext,
): readonly SimulationDifference[] | undefined {
  const priced = priceUnder(loan, reading, pricing);
  return (
    priced &&
    compareSimulation(priced, simulation).filter(({ difference }) => difference.abs().gt(BEYOND_OURS))
  );
}

function priceUnder(loan: ProposedLoan, reading: LoanReading, pricing: PricingContext): Quote | undefined {
  const result = quote(
    {
      disbursementDate: loan.disbursementDate,
      interestBase: reading.interestBase,
      contractFees: loan.contractFees,
      rebates: [],
      rate: { kind: 'monthly', value: loan.monthlyInterestRate },
      shape: {
        kind: 'disbursed_issue_amount',
        disbursedIssueAmount: loan.disbursedIssueAmount,
        numberOfInstallments: loan.numberOfInstallments,
        firstDueDate: reading.firstDueDate,
      },
    },
    pricing,
  );
  return result.kind === 'quoted' ? result.quote : undefined;
}
