import { curvesOf, valueAt, type CellTerms } from './choose-rate';
import { compileTable } from './compile-table';
import { ARMS, NO_EXPLORATION, WHOLE, type Exploration } from './exploration';
import { Learner } from './learner';
import { payoutShare } from './payout-counts';
import { ACCEPTANCE_PRIOR, PAYOUT_PRIOR, WIN_PRIOR } from './priors';

const CELL: CellTerms = {
  referenceBp: 250,
  floorBp: 220,
  ceilingBp: 400,
  marginPerReal: (rateBp) => 0.03 + (rateBp - 220) * 0.0011,
  costOfLoan: 45,
  amounts: [1_250, 1_800, 2_500, 3_500, 5_000, 7_000, 10_000],
  payoutGroup: 0,
};
const LIMITS = {
  speedLimitBp: 10,
  exploration: {
    stepsBp: [5, 10, 15],
    searching: [500, 1_300, 6_400, 1_300, 500],
    certain: [100, 400, 9_000, 400, 100],
    partOfVariance: 0.2,
    budget: 0.04,
  },
} as const;

describe('a table at a price of money', () => {
  const learner = new Learner({
    segmentation: { axes: ['term', 'amount'].map((name) => ({ name, bands: 1 })) },
    winPrior: WIN_PRIOR,
    acceptancePrior: ACCEPTANCE_PRIOR,
    payoutPrior: PAYOUT_PRIOR,
    payoutGroups: 1,
    drift: { slack: 0.75, alarmAt: 5, quietDays: 8, alarmDays: 2 },
    alarmDrift: 0.4,
  });
  const { start } = learner;
  const learnt = learner.learnt(start);
  const curves = curvesOf(learnt, 0, CELL, payoutShare(start.payouts, 0));
  const cellAt = (lambda: number) => {
    const [cell] = compileTable(learnt, start.payouts, [CELL], LIMITS, undefined, lambda);
    if (cell === undefined) throw new Error('no cell');
    return cell;
  };

  /** Of one request of each amount that is bid for, with and without trying: reais beyond the price of their money. */
  const broughtAt = (lambda: number): { readonly best: number; readonly tried: number } => {
    const { ratesBp, exploration } = cellAt(lambda);
    const valueOf = (rateBp: number, step: number): number => {
      const place = Math.min(CELL.ceilingBp, Math.max(CELL.floorBp, rateBp)) - CELL.floorBp;
      return valueAt(curves, place, CELL.amounts[step] ?? 0, lambda);
    };
    const sumOf = ({ stepBp, propensities }: Exploration): number =>
      ratesBp.reduce<number>(
        (sum, rate, step) =>
          rate === null
            ? sum
            : sum +
              propensities.reduce(
                (part, share, at) => part + (share / WHOLE) * valueOf(rate + stepBp * (ARMS[at] ?? 0), step),
                0,
              ),
        0,
      );
    return { best: sumOf(NO_EXPLORATION), tried: sumOf(exploration) };
  };

  it('tries rates within its budget, whatever the price', () => {
    const prices = Array.from({ length: 115 }, (_, at) => at / 2_500);
    const over = prices.filter((lambda) => {
      const { best, tried } = broughtAt(lambda);
      return best - tried > LIMITS.exploration.budget * best;
    });
    expect(over).toEqual([]);
  });

  it('tries nothing where only the larger amounts are worth their money', () => {
    const { ratesBp, exploration } = cellAt(0.042);
    expect([ratesBp.at(0), ratesBp.at(-1)]).toEqual([null, 319]);
    expect(exploration).toEqual(NO_EXPLORATION);
  });
});
