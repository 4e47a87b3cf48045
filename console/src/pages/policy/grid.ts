import { percent, shift, typedDecimal } from '../../format/format';
import type { PolicyTable, PolicyTableRow, Scalar } from './document';

/** One column of the sheet: the edge of a range, or an output. */
export interface GridColumn {
  readonly key: string;
  readonly part: 'from' | 'below' | 'then';
  readonly name: string;
}

/** A table of a policy as a sheet of plain texts, and back. */
export function columnsOf(table: PolicyTable): readonly GridColumn[] {
  const outputs = [...new Set(table.rows.flatMap(({ then }) => Object.keys(then)))];
  return [
    ...table.columns.flatMap((name) => [
      { key: `${name}.from`, part: 'from' as const, name },
      { key: `${name}.below`, part: 'below' as const, name },
    ]),
    ...outputs.map((name) => ({ key: `then.${name}`, part: 'then' as const, name })),
  ];
}

/** Whether every cell is a range or a plain value: only then can the sheet show, and change, all that is there. */
export function isSheet(table: PolicyTable): boolean {
  return table.rows.every(
    ({ when, then }) =>
      Object.values(when).every((cell) =>
        Object.keys(cell).every((key) => key === 'from' || key === 'below'),
      ) && Object.values(then).every((value) => typeof value === 'string' || typeof value === 'number'),
  );
}

const isRate = (name: string): boolean => name.endsWith('_rate');

export function textOf(row: PolicyTableRow, { part, name }: GridColumn): string {
  const value =
    part === 'then'
      ? row.then[name]
      : (row.when[name] as Partial<Record<string, Scalar>> | undefined)?.[part];
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value);
  return isRate(name) ? percent(text).replace('%', '') : text.replace('.', ',');
}

/**
 * The row with one cell changed to what was typed; undefined for what is no number.
 * Rates are typed as percentages; a range's edge may be empty: then it has none.
 */
export function withText(row: PolicyTableRow, column: GridColumn, typed: string): PolicyTableRow | undefined {
  const { part, name } = column;
  const text = typed.trim().replace(/%$/, '');
  if (text === '') {
    if (part === 'then') return undefined;
    const { [part]: _, ...rest } = row.when[name] as Record<string, Scalar>;
    return { ...row, when: { ...row.when, [name]: rest } };
  }
  const number = typedDecimal(text);
  if (number === undefined) return undefined;
  const value = isRate(name) ? shift(number, -2) : sameKind(row, column, number);
  if (value === undefined) return undefined;
  return part === 'then'
    ? { ...row, then: { ...row.then, [name]: value } }
    : { ...row, when: { ...row.when, [name]: { ...row.when[name], [part]: value } } };
}

/** Whole numbers stay numbers, amounts stay texts: as the cell's neighbours have it. */
function sameKind(row: PolicyTableRow, { part, name }: GridColumn, number: string): Scalar | undefined {
  const neighbours = part === 'then' ? [row.then[name]] : Object.values(row.when[name] ?? {});
  const isWhole = neighbours.some((value) => typeof value === 'number');
  if (!isWhole) return number;
  return /^\d{1,9}$/.test(number) ? Number(number) : undefined;
}

export type Pasted =
  | { readonly kind: 'rows'; readonly rows: readonly PolicyTableRow[] }
  | { readonly kind: 'wrong'; readonly row: number; readonly column: GridColumn; readonly text: string };

/** A block copied from a spreadsheet, laid over the rows from one cell on. One wrong cell and nothing is pasted. */
export function paste(
  rows: readonly PolicyTableRow[],
  columns: readonly GridColumn[],
  at: { readonly row: number; readonly column: number },
  block: string,
): Pasted {
  const lines = block
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
  const changed = [...rows];
  for (const [down, cells] of lines.entries()) {
    for (const [right, text] of cells.entries()) {
      const row = changed[at.row + down];
      const column = columns[at.column + right];
      if (row === undefined || column === undefined) continue;
      const next = withText(row, column, text);
      if (next === undefined) return { kind: 'wrong', row: at.row + down, column, text };
      changed[at.row + down] = next;
    }
  }
  return { kind: 'rows', rows: changed };
}
