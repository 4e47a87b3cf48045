import { Decimal, type CalendarDate } from '../../kernel';
import { isLossTable, type PolicyDocument } from './document';
import type { Facts, FieldName } from './fields';
import { gridOf, type InlineLists } from './grid';
import { compileMatch, type TableResult } from './match-table';
import { readFee, type PriceRebate } from './price-table';
import type { Reason } from './rule';

/** What the policy expects of a loan of one segment, made on one day. Rates are fractions, a month where they say so. */
export interface EconomicInputs {
  /** First day of the entry they are from. */
  readonly from: CalendarDate;
  readonly fundingMonthlyRate: Decimal;
  readonly operatingCost: Decimal;
  /** What we pay others for the loan. */
  readonly fees: readonly PriceRebate[];
  readonly rebatesKept: Decimal;
  readonly paidOutShare: Decimal;
  readonly expectedLossRate: Decimal;
  readonly prepaymentMonthlyRate: Decimal;
}

/** Where inputs were found: enough to find them again in the same policy. */
export interface EconomicPlace {
  readonly from: CalendarDate;
  /** Row of the loss table. */
  readonly row: string;
}

export type EconomicsFound =
  | { readonly kind: 'found'; readonly place: EconomicPlace }
  /** No entry is in force on the day. */
  | { readonly kind: 'not_in_force' }
  /** No row of the loss table is for it, or a fact that it asks for is missing. */
  | { readonly kind: 'no_segment'; readonly reasons: readonly Reason[] };

/** A policy's economics, ready to be asked. */
export interface CompiledEconomics {
  /** @param facts of the request and of the offer: a segment may be one of terms or amounts. */
  readonly find: (facts: Facts, on: CalendarDate) => EconomicsFound;
  /** Undefined for a place that the policy does not have. */
  readonly at: (place: EconomicPlace) => EconomicInputs | undefined;
}

type Section = NonNullable<PolicyDocument['economics']>;
type Entry = Section['inputs'][number];

const NO_COLUMNS: ReadonlySet<FieldName> = new Set();

/** Undefined without the section. */
export function compileEconomics(
  { economics, tables }: Pick<PolicyDocument, 'economics' | 'tables'>,
  lists: InlineLists,
): CompiledEconomics | undefined {
  if (economics === undefined) return undefined;
  const { inputs } = economics;
  const losses = new Map(tables.filter(isLossTable).map((table) => [table.id, table]));
  const segments = new Map(
    [...losses].map(([id, table]): [string, (facts: Facts) => TableResult<string>] => [
      id,
      compileMatch(table, gridOf(table, lists), NO_COLUMNS, ([first = -1]) => table.rows[first]?.id),
    ]),
  );
  return {
    find: (facts, on) => {
      const entry = inputs.findLast(({ from }) => from <= on);
      const found = entry && segments.get(entry.losses)?.(facts);
      if (entry === undefined || found === undefined) return { kind: 'not_in_force' };
      if (found.kind === 'none') return { kind: 'no_segment', reasons: found.reasons };
      return { kind: 'found', place: { from: entry.from, row: found.value } };
    },
    at: ({ from, row }) => {
      const entry = inputs.find((one) => one.from === from);
      const segment = entry && losses.get(entry.losses)?.rows.find(({ id }) => id === row);
      return entry && segment && inputsOf(entry, segment.then);
    },
  };
}

function inputsOf(
  entry: Entry,
  segment: { readonly expected_loss_rate: string; readonly prepayment_monthly_rate: string },
): EconomicInputs {
  return {
    from: entry.from,
    fundingMonthlyRate: new Decimal(entry.funding_monthly_rate),
    operatingCost: new Decimal(entry.operating_cost),
    fees: entry.fees.map(readFee),
    rebatesKept: new Decimal(entry.rebates_kept),
    paidOutShare: new Decimal(entry.paid_out_share),
    expectedLossRate: new Decimal(segment.expected_loss_rate),
    prepaymentMonthlyRate: new Decimal(segment.prepayment_monthly_rate),
  };
}
