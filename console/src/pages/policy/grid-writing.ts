import { freshName, type PolicyTable, type PolicyTableRow } from './document';
import {
  emptyRow,
  expected,
  filledDown,
  paste,
  textOf,
  withCopyBelow,
  withText,
  type GridColumn,
} from './grid';
import type { Selection } from './grid-selection';
import type { Typing } from './grid-typing';

interface Sheet {
  readonly table: PolicyTable;
  readonly columns: readonly GridColumn[];
  readonly selection: Selection;
  readonly nameOf: (column: GridColumn) => string;
  /** Why nothing was written; undefined: it was. */
  readonly onRefusal: (sentence: string | undefined) => void;
  readonly onChange: (rows: readonly PolicyTableRow[]) => void;
}

/** What a person does to the rows of a sheet, where they are in it. */
export function writingIn({ table, columns, selection, nameOf, onRefusal, onChange }: Sheet) {
  const { rows } = table;
  const { active, start, end, go, choose } = selection;
  const refuse = (row: number, column: GridColumn, text: string): string =>
    `linha ${String(row + 1)}, ${nameOf(column)}: ${expected(column, text)}.`;
  return {
    /** @returns whether it could be written */
    write: ({ text, at }: Typing): boolean => {
      const [row, column] = [rows[at.row], columns[at.column]];
      if (row === undefined || column === undefined) return true;
      const next = text === textOf(row, column) ? row : withText(row, column, text);
      onRefusal(next === undefined ? refuse(at.row, column, text) : undefined);
      if (next !== undefined && next !== row) onChange(rows.map((other, i) => (i === at.row ? next : other)));
      return next !== undefined;
    },
    clear: (): void => {
      const chosen = columns.slice(start.column, end.column + 1).filter(({ part }) => part !== 'id');
      const cleared = (row: PolicyTableRow): PolicyTableRow =>
        chosen.reduce((next, column) => withText(next, column, '') ?? next, row);
      onChange(rows.map((row, i) => (i < start.row || i > end.row ? row : cleared(row))));
    },
    remove: (): void => {
      const left = rows.filter((_, i) => i < start.row || i > end.row);
      if (left.length === 0) return;
      onChange(left);
      go(start, false, left.length);
    },
    insert: (): void => {
      const ids = rows.map(({ id }) => id);
      const next = emptyRow(table, freshName('linha', ids));
      onChange([...rows.slice(0, active.row + 1), next, ...rows.slice(active.row + 1)]);
      go({ row: active.row + 1, column: active.column }, false, rows.length + 1);
    },
    copyBelow: (): void => {
      onChange(withCopyBelow(rows, active.row));
    },
    fillDown: (): void => {
      const filled = filledDown(rows, columns, start, end);
      if (filled !== undefined) onChange(filled);
    },
    paste: (block: string): void => {
      const pasted = paste(table, columns, start, block);
      if (pasted.kind === 'wrong') {
        onRefusal(`Nada foi colado: ${refuse(pasted.row, pasted.column, pasted.text)}`);
        return;
      }
      onRefusal(undefined);
      onChange(pasted.rows);
      choose(start, pasted.end);
    },
  };
}

export type Writing = ReturnType<typeof writingIn>;
