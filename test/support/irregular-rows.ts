import type { FieldName } from '../../src/policy/domain';

const COLUMNS: readonly FieldName[] = [
  'borrower_age',
  'tenure_months',
  'requested_installments',
  'days_until_leave_end',
  'window_left_seconds',
  'hour_of_day',
  'borrower_live_offers',
  'employer_live_offers',
];

/** Always the same numbers from 0 to below 1. */
function drawn(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

interface IrregularRow {
  readonly id: string;
  readonly when: Readonly<Record<string, unknown>>;
}

/**
 * Rows of a table that overlap anyhow; the last is for whatever is left.
 * @param ranges columns of a row that are not `any`
 * @param span the widest of them, of a thousand
 */
export function irregularRows(
  rows: number,
  ranges: number,
  span: number,
): { readonly columns: readonly FieldName[]; readonly rows: readonly IrregularRow[] } {
  const next = drawn();
  const when = () => {
    const ranged = [...COLUMNS].sort(() => next() - 0.5).slice(0, ranges);
    const cell = () => {
      const from = Math.floor(next() * 1_000);
      return { from, below: from + 1 + Math.floor(next() * span) };
    };
    return Object.fromEntries(COLUMNS.map((name) => [name, ranged.includes(name) ? cell() : 'any']));
  };
  const last = Object.fromEntries(COLUMNS.map((name) => [name, 'any']));
  return {
    columns: COLUMNS,
    rows: Array.from({ length: rows }, (_, at) => ({
      id: `r${String(at)}`,
      when: at === rows - 1 ? last : when(),
    })),
  };
}
