import { useMemo } from 'react';
import type { PolicyTableRow } from './document';
import { outputProblem, placeOf, type GridColumn } from './grid';
import { indexed, type Problem } from './problems';

export type ProblemAt = (row: number, column: GridColumn) => string | undefined;

/** What is wrong with a cell of the document's nth table, with the cell that it is an edge of, or with its whole row. */
export function useProblemsOfCells(
  problems: readonly Problem[],
  table: number,
  rows: readonly PolicyTableRow[],
): ProblemAt {
  const places = useMemo(() => indexed(problems), [problems]);
  const exactly = (place: string): readonly Problem[] =>
    (places.get(place) ?? []).filter(({ path }) => path === place);
  return (row, column) => {
    const at = rows[row];
    const seen = at && outputProblem(at, column);
    if (seen !== undefined) return seen;
    const here = placeOf(table, row, column);
    const ofRow = `tables[${String(table)}].rows[${String(row)}]`;
    const isEdge = column.part === 'from' || column.part === 'below';
    const own = [
      ...(places.get(here) ?? []),
      ...(isEdge ? exactly(here.slice(0, here.lastIndexOf('.'))) : []),
      ...(column.part === 'id' ? exactly(ofRow) : []),
      ...(column.part === 'then' ? exactly(`${ofRow}.then`) : []),
    ];
    return own.length === 0 ? undefined : [...new Set(own.map(({ message }) => message))].join('; ');
  };
}
