import {
  ACCEPTANCE_PRIOR,
  PAYOUT_PRIOR,
  WIN_PRIOR,
  type LearnerSettings,
  type TableLimits,
} from '../../../src/winning/domain';

/** What a committee would have allowed on these markets. */
export const LEARNER: LearnerSettings = {
  segmentation: { axes: ['employer', 'tenure', 'term', 'amount'].map((name) => ({ name, bands: 3 })) },
  winPrior: WIN_PRIOR,
  acceptancePrior: ACCEPTANCE_PRIOR,
  payoutPrior: PAYOUT_PRIOR,
  payoutGroups: 3,
  drift: { slack: 0.75, alarmAt: 5, quietDays: 8, alarmDays: 2 },
  alarmDrift: 0.4,
};

export const LIMITS: TableLimits = {
  speedLimitBp: 10,
  exploration: {
    stepsBp: [5, 10, 15],
    searching: [500, 1300, 6400, 1300, 500],
    certain: [100, 400, 9000, 400, 100],
    partOfVariance: 0.2,
    budget: 0.04,
  },
};

export const TABLE_OVER_BREAK_EVEN_BP = 50;
/** Amounts that a rate is chosen for, as parts of a cell's usual one. */
export const AMOUNT_STEPS = [0.55, 0.68, 0.8, 0.94, 1.1, 1.3, 1.6];
