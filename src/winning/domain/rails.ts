import { amountStep, type RateTable } from './rate-table';

/** Parts of the requests, from 0 to 1. */
export interface Railed {
  readonly atFloor: number;
  readonly atCeiling: number;
  /** At the ceiling, and under it in the table before. */
  readonly newAtCeiling: number;
}

/** How many requests a table would bid for at an end of their cell's bounds. Cells without room for a rate do not count. */
export function railed(
  table: RateTable,
  last: RateTable | undefined,
  requests: readonly { readonly cell: number; readonly amount: number }[],
): Railed {
  let [free, atFloor, atCeiling, newAtCeiling] = [0, 0, 0, 0];
  for (const { cell, amount } of requests) {
    const found = table[cell];
    if (found === undefined || found.floorBp === found.ceilingBp) continue;
    free += 1;
    const step = amountStep(found.stepsFrom, amount);
    const rate = found.ratesBp[step];
    const before = last?.[cell]?.ratesBp[step];
    if (rate === found.floorBp) atFloor += 1;
    if (rate !== found.ceilingBp) continue;
    atCeiling += 1;
    if (typeof before === 'number' && before < rate) newAtCeiling += 1;
  }
  const of = Math.max(1, free);
  return { atFloor: atFloor / of, atCeiling: atCeiling / of, newAtCeiling: newAtCeiling / of };
}
