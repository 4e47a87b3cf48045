/** Two looks at the same thing, in order: what only one of them has stands beside nothing. */
export interface Aligned<Row> {
  /** Of whichever look has it, for its name. */
  readonly either: Row;
  readonly row: Row | undefined;
  readonly before: Row | undefined;
}

/**
 * @param placeOf tells rows apart; places that are numbers are also put in their order
 * @param filled adds rows for places between, which neither look has
 */
export function aligned<Row>(
  rows: readonly Row[],
  before: readonly Row[],
  placeOf: (row: Row) => number | string,
  filled: (rows: readonly Row[]) => readonly Row[] = (given) => given,
): readonly Aligned<Row>[] {
  const [now, then] = [rows, before].map((side) => new Map(side.map((row) => [placeOf(row), row])));
  const all = filled([...rows, ...before.filter((row) => now?.has(placeOf(row)) === false)]);
  return all
    .map((either) => ({ either, row: now?.get(placeOf(either)), before: then?.get(placeOf(either)) }))
    .sort((a, b) => inOrder(placeOf(a.either), placeOf(b.either)));
}

const inOrder = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : 0;
