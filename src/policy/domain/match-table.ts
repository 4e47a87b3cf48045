import type { Scalar } from './display';
import type { Table } from './document';
import type { Facts, FieldName } from './fields';
import { intersect, type Grid } from './grid';
import { factReader, type ReadFact } from './read-fact';
import { missingReason, type Reason } from './rule';

/** What a table says of a request: what its matching rows amount to, or why there is nothing. */
export type TableResult<T> =
  | { readonly kind: 'match'; readonly table: string | undefined; readonly value: T }
  | {
      readonly kind: 'none';
      readonly table: string | undefined;
      readonly reasons: readonly Reason[];
      /** The columns whose facts are not known; none where no row matches what is. */
      readonly missing: readonly FieldName[];
    };

const MAX_REMEMBERED = 4096;

/**
 * Compiles a table: each fact is placed in a cell of its column, and the rows covering all those cells match,
 * in the table's order. The answer depends on the cells alone, so it is worked out once for each combination.
 * A missing fact is never "any": it makes the answer indeterminate.
 * @param laterColumns columns left open, because only the offer decides them.
 * @param derive what the matching rows amount to; undefined when they amount to nothing after all.
 */
export function compileMatch<T>(
  table: Pick<Table, 'id' | 'no_match'>,
  grid: Grid,
  laterColumns: ReadonlySet<FieldName>,
  derive: (rows: readonly number[]) => T | undefined,
): (facts: Facts) => TableResult<T> {
  const readers = grid.axes.map((axis): ReadFact<Scalar> | undefined =>
    laterColumns.has(axis.column) ? undefined : factReader(axis.column),
  );
  const noMatch = { kind: 'none', table: table.id, reasons: [noMatchReason(table)], missing: [] } as const;
  const remembered = new Map<string, TableResult<T>>();

  const workOut = (cells: readonly number[]): TableResult<T> => {
    const wanted = grid.axes.map((axis, at) => {
      const cell = cells[at] ?? -1;
      if (readers[at] === undefined) return axis.maskOf('any');
      return cell < 0 ? 0n : 1n << BigInt(cell);
    });
    const rows = grid.rows.flatMap((row, index) => (intersect(row, wanted) === undefined ? [] : [index]));
    const value = rows.length === 0 ? undefined : derive(rows);
    return value === undefined ? noMatch : { kind: 'match', table: table.id, value };
  };

  return (facts) => {
    const missing: FieldName[] = [];
    const cells = grid.axes.map((axis, at) => {
      const read = readers[at];
      if (read === undefined) return 0;
      const value = read(facts);
      if (value === undefined) missing.push(axis.column);
      return value === undefined ? -1 : axis.cellOf(value);
    });
    if (missing.length > 0)
      return { kind: 'none', table: table.id, reasons: missing.map(missingReason), missing };
    const key = cells.join();
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const answer = workOut(cells);
    if (remembered.size < MAX_REMEMBERED) remembered.set(key, answer);
    return answer;
  };
}

function noMatchReason({ id, no_match: { code, sentence } }: Pick<Table, 'id' | 'no_match'>): Reason {
  return {
    code,
    message: sentence,
    severity: 'decline',
    ruleId: id,
    observed: undefined,
    required: undefined,
  };
}
