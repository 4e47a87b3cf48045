import { clamp, withinSpeed } from './bounds';
import {
  bestPlace,
  curvesOf,
  deviationOfBest,
  valueAt,
  type CellCurves,
  type CellTerms,
  type Learnt,
} from './choose-rate';
import { explorationOf, NO_EXPLORATION, type ExplorationLimits } from './exploration';
import { payoutShare, type PayoutCounts } from './payout-counts';
import { amountStep, type RateTable, type TableCell } from './rate-table';
import type { AmountSpend } from './shadow-price';

/** What a table is made within. */
export interface TableLimits {
  /** Largest change of a cell's rate from one version to the next. */
  readonly speedLimitBp: number;
  readonly exploration: ExplorationLimits;
}

/** The rates of every cell that are worth most by what was learnt, no further from the last table than the speed limit. */
export function compileTable(
  learnt: Learnt,
  payouts: PayoutCounts,
  cells: readonly CellTerms[],
  limits: TableLimits,
  last: RateTable | undefined,
  lambda = 0,
): RateTable {
  return cells.map((terms, cell) => {
    const curves = curvesOf(learnt, cell, terms, payoutShare(payouts, terms.payoutGroup));
    const ratesBp = terms.amounts.map((amount, step) => {
      const at = bestPlace(curves, amount, lambda);
      if (valueAt(curves, at, amount, lambda) <= 0) return null;
      const before = last?.[cell]?.ratesBp[step] ?? undefined;
      const wanted = terms.floorBp + at;
      return before === undefined ? wanted : clamp(withinSpeed(wanted, before, limits.speedLimitBp), terms);
    });
    return tableCell(learnt, cell, curves, ratesBp, limits.exploration, lambda);
  });
}

function tableCell(
  learnt: Learnt,
  cell: number,
  curves: CellCurves,
  ratesBp: readonly (number | null)[],
  limits: ExplorationLimits,
  lambda: number,
): TableCell {
  const { terms } = curves;
  const { floorBp, ceilingBp, amounts } = terms;
  const usual = amounts[Math.floor(amounts.length / 2)] ?? 0;
  const best = bestPlace(curves, usual, lambda);
  const bestValue = valueAt(curves, best, usual, lambda);
  const costAt = (distanceBp: number): number => {
    const place = Math.min(ceilingBp - floorBp, Math.max(0, best + distanceBp));
    return 1 - valueAt(curves, place, usual, lambda) / bestValue;
  };
  // Where the usual loan is not worth its money, there is no margin of which trying may cost a part.
  const exploration =
    bestValue > 0
      ? explorationOf(limits, deviationOfBest(learnt, cell, curves, usual, lambda), costAt)
      : NO_EXPLORATION;
  return { ratesBp, stepsFrom: stepsBetween(amounts), floorBp, ceilingBp, exploration };
}

/** Half way between amounts, in whole reais. */
function stepsBetween(amounts: readonly number[]): readonly number[] {
  return amounts.slice(1).map((amount, at) => Math.round(Math.sqrt(amount * (amounts[at] ?? amount))));
}

/** What these requests are expected to win at a price of money, by amount. */
export function expectedSpend(
  learnt: Learnt,
  payouts: PayoutCounts,
  cells: readonly CellTerms[],
  requests: readonly MoneyRequest[],
): (lambda: number) => readonly AmountSpend[] {
  const counted = countBySteps(cells, requests);
  const curves = cells.map((terms, cell) =>
    curvesOf(learnt, cell, terms, payoutShare(payouts, terms.payoutGroup)),
  );
  return (lambda) =>
    curves.flatMap((curve, cell) =>
      curve.terms.amounts.map((amount, step) => {
        const asked = counted[cell]?.[step] ?? 0;
        if (asked === 0) return { amount, lent: 0 };
        const at = bestPlace(curve, amount, lambda);
        const part = valueAt(curve, at, amount, lambda) > 0 ? (curve.win[at] ?? 0) : 0;
        return { amount, lent: part * asked };
      }),
    );
}

interface MoneyRequest {
  readonly cell: number;
  readonly amount: number;
}

/** Reais asked for, by cell and amount step. */
function countBySteps(cells: readonly CellTerms[], requests: readonly MoneyRequest[]): readonly number[][] {
  const counted = cells.map(({ amounts }) => amounts.map(() => 0));
  const steps = cells.map(({ amounts }) => stepsBetween(amounts));
  for (const { cell, amount } of requests) {
    const [asked, from] = [counted[cell], steps[cell]];
    if (asked === undefined || from === undefined) continue;
    const step = amountStep(from, amount);
    asked[step] = (asked[step] ?? 0) + amount;
  }
  return counted;
}
