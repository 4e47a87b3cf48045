import { useState } from 'react';
import type { PolicyTableRow } from './document';
import type { CellAt, GridColumn } from './grid';

/** What is being written, and in which cell: where one is, is another matter. */
export interface Typing {
  readonly text: string;
  readonly at: CellAt;
}

interface Begun {
  readonly text: string;
  readonly row: number;
  /** By name too: rows come and go above it while a text that was refused waits. */
  readonly id: string;
  readonly column: string;
}

/** A text on its way into one cell, from its first letter until it is written or given up. */
export function useTyping(rows: readonly PolicyTableRow[], columns: readonly GridColumn[]) {
  const [begun, setBegun] = useState<Begun>();
  const at = begun && cellOf(begun, rows, columns);
  return {
    /** Undefined: nothing is being written, or its cell is gone. */
    now: at && { text: begun.text, at },
    begin: ({ row, column }: CellAt, text: string): void => {
      const [id, key] = [rows[row]?.id, columns[column]?.key];
      if (id !== undefined && key !== undefined) setBegun({ text, row, id, column: key });
    },
    change: (text: string): void => {
      setBegun((before) => before && { ...before, text });
    },
    end: (): void => {
      setBegun(undefined);
    },
  };
}

function cellOf(
  { row, id, column }: Begun,
  rows: readonly PolicyTableRow[],
  columns: readonly GridColumn[],
): CellAt | undefined {
  const at = {
    row: rows[row]?.id === id ? row : rows.findIndex((one) => one.id === id),
    column: columns.findIndex(({ key }) => key === column),
  };
  return at.row < 0 || at.column < 0 ? undefined : at;
}
