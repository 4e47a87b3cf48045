import { amountStep, type RateTable, type TableCell } from './rate-table';

/** Parts of the requests, from 0 to 1. */
export interface Railed {
  readonly atFloor: number;
  readonly atCeiling: number;
  /** At the ceiling, and neither there in the table before nor on their way from one that was raised: that is people's doing. */
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
    if (rate === found.floorBp) atFloor += 1;
    if (rate !== found.ceilingBp) continue;
    atCeiling += 1;
    if (hasRisen(found, last?.[cell], step) && !wasHeld(last?.[cell], step)) newAtCeiling += 1;
  }
  const of = Math.max(1, free);
  return { atFloor: atFloor / of, atCeiling: atCeiling / of, newAtCeiling: newAtCeiling / of };
}

/** Where people have raised a ceiling under which rates were held, the speed limit takes them nights to come up to it again. */
export function withClimbing(table: RateTable, last: RateTable | undefined): RateTable {
  return table.map((cell, at): TableCell => {
    const before = last?.[at];
    const climbing = cell.ratesBp.flatMap((_, step) =>
      hasRisen(cell, before, step) && wasHeld(before, step) ? step : [],
    );
    return climbing.length === 0 ? cell : { ...cell, climbing };
  });
}

function hasRisen({ ratesBp }: TableCell, last: TableCell | undefined, step: number): boolean {
  const [rate, before] = [ratesBp[step], last?.ratesBp[step]];
  return typeof rate === 'number' && typeof before === 'number' && before < rate;
}

/** A table's own rate was never held: it learns from now on. */
function wasHeld(last: TableCell | undefined, step: number): boolean {
  if (last === undefined || last.floorBp === last.ceilingBp) return false;
  return last.ratesBp[step] === last.ceilingBp || last.climbing?.includes(step) === true;
}
