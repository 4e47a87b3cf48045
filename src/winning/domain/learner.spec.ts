import type { DayOfEnds } from './day-of-ends';
import { Learner } from './learner';
import { ACCEPTANCE_PRIOR, PAYOUT_PRIOR, WIN_PRIOR } from './priors';

const learner = new Learner({
  segmentation: { axes: ['employer', 'term'].map((name) => ({ name, bands: 2 })) },
  winPrior: WIN_PRIOR,
  acceptancePrior: ACCEPTANCE_PRIOR,
  payoutPrior: PAYOUT_PRIOR,
  payoutGroups: 2,
  drift: { slack: 0.75, alarmAt: 5, quietDays: 0, alarmDays: 2 },
  alarmDrift: 0.4,
});
const NOTHING: DayOfEnds = {
  wins: [],
  tally: { won: 0, predicted: 0, variance: 0 },
  acceptances: [],
  payouts: [],
};
const WIN = { cell: 1, distanceBp: 5, won: 30, second: 12, behind: 9, unranked: 2 };
const ACCEPTANCE = { cell: 1, distanceBp: 5, accepted: 20, refused: 10 };
const PAYOUT = { group: 1, paid: 15, failed: 5 };

describe('a night', () => {
  it('without ends leaves what is believed, less sure', () => {
    const night = learner.afterDay(learner.start, NOTHING);
    if (night.kind === 'refused') throw new Error(night.reason);
    expect(night.alarm).toBe(false);
    expect(night.state.win.mean).toEqual(learner.start.win.mean);
    expect(night.state.win.covariance[0]).toBeGreaterThan(learner.start.win.covariance[0] ?? NaN);
  });

  it('after an alarm lets the level move', () => {
    const calm = learner.afterDay(learner.start, { ...NOTHING, wins: [WIN] });
    const alarmed = learner.afterDay(learner.start, {
      ...NOTHING,
      wins: [WIN],
      tally: { won: 90, predicted: 40, variance: 36 },
    });
    if (calm.kind === 'refused' || alarmed.kind === 'refused') throw new Error('refused');
    expect([calm.alarm, alarmed.alarm]).toEqual([false, true]);
    expect(alarmed.state.win.mean).not.toEqual(calm.state.win.mean);
  });

  it.each([
    ['a cell that is none', { wins: [{ ...WIN, cell: 4 }] }, 'win', 'CELL_UNKNOWN'],
    ['part of a bp', { wins: [{ ...WIN, distanceBp: 0.5 }] }, 'win', 'RATE_NOT_WHOLE'],
    ['fewer wins than none', { wins: [WIN, { ...WIN, won: -1 }] }, 'win', 'NOT_A_COUNT'],
    [
      'a count that is no number',
      { acceptances: [{ ...ACCEPTANCE, refused: NaN }] },
      'acceptance',
      'NOT_A_COUNT',
    ],
    ['a cell below the first', { acceptances: [{ ...ACCEPTANCE, cell: -1 }] }, 'acceptance', 'CELL_UNKNOWN'],
    ['a group that is none', { payouts: [{ ...PAYOUT, group: 2 }] }, 'payout', 'CELL_UNKNOWN'],
    ['half a payout', { payouts: [{ ...PAYOUT, paid: 0.5 }] }, 'payout', 'NOT_A_COUNT'],
  ])('is refused with %s', (_, changed, model, reason) => {
    const good = { ...NOTHING, wins: [WIN], acceptances: [ACCEPTANCE], payouts: [PAYOUT] };
    expect(learner.afterDay(learner.start, good).kind).toBe('learnt');
    expect(learner.afterDay(learner.start, { ...good, ...changed })).toEqual({
      kind: 'refused',
      model,
      reason,
    });
  });
});
