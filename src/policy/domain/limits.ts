import { Decimal } from '../../kernel';
import type { LimitsTable } from './document';
import type { Facts, FieldName } from './fields';
import { gridOf, type InlineLists } from './grid';
import { compileMatch, type TableResult } from './match-table';
import type { Ranges } from './sections';

/** What may be offered at all: amounts in reais and numbers of instalments, both ends inclusive. */
export interface Limits {
  readonly amount: { readonly min: Decimal; readonly max: Decimal };
  readonly installments: { readonly min: number; readonly max: number };
  /** Row of the limits table that narrowed them. */
  readonly rowId: string | undefined;
}

const NO_COLUMNS: ReadonlySet<FieldName> = new Set();

/** The section's limits, narrowed by the first matching row of its table, if it has one. */
export function compileLimits(
  section: Ranges,
  table: LimitsTable | undefined,
  lists: InlineLists,
): (facts: Facts) => TableResult<Limits> {
  if (table === undefined) {
    const value = narrow(section, undefined);
    const result = { kind: 'match', table: undefined, value } as const;
    return () => result;
  }
  return compileMatch(table, gridOf(table, lists), NO_COLUMNS, ([first = -1]) =>
    narrow(section, table.rows[first]),
  );
}

/** A row can only narrow: it never widens what the section allows. */
export function narrow(section: Ranges, row: LimitsTable['rows'][number] | undefined): Limits {
  const { minimum_amount, maximum_amount, minimum_installments, maximum_installments } = row?.then ?? {};
  return {
    amount: {
      min: Decimal.max(section.amount.minimum, minimum_amount ?? 0),
      max: Decimal.min(section.amount.maximum, maximum_amount ?? section.amount.maximum),
    },
    installments: {
      min: Math.max(section.installments.minimum, minimum_installments ?? 1),
      max: Math.min(section.installments.maximum, maximum_installments ?? section.installments.maximum),
    },
    rowId: row?.id,
  };
}
