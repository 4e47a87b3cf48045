import type { Decimal } from '../../kernel';
import { decimalOf } from './scaled';

/** Monthly rates are searched on this grid: 0.0001 is 0.01% a month, the finest step seen in QI's samples. */
const GRID_DECIMALS = 4;
export const LAST_GRID_STEP = 10 ** GRID_DECIMALS;

export function rateAt(gridStep: number): Decimal {
  return decimalOf(BigInt(gridStep), GRID_DECIMALS);
}

/**
 * The lowest step from 0 (0%) to the last (100% a month) at which `holds`, which once true must stay true as the
 * rate rises; undefined when it never is.
 */
export function firstStepWhere(holds: (gridStep: number) => boolean): number | undefined {
  let [low, high] = [0, LAST_GRID_STEP + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low > LAST_GRID_STEP ? undefined : low;
}
