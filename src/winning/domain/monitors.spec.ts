import { calibration, calibrationError } from './calibration';
import { confidenceSequence } from './confidence-sequence';
import { NO_DRIFT, watchDrift, type DriftWatch } from './drift-alarm';
import { payoutPrior, payoutsAfterDay, payoutShare } from './payout-counts';
import { paceStep, shadowPrice, spendWithin } from './shadow-price';

describe('calibration', () => {
  it('is by equal parts of what was predicted', () => {
    const predictions = Array.from({ length: 10 }, (_, at) => ({ predicted: at / 10, came: at < 5 ? 0 : 1 }));
    const groups = calibration(predictions);
    expect(groups.map(({ bids }) => bids)).toEqual([2, 2, 2, 2, 2]);
    expect(groups[0]).toEqual({ bids: 2, predicted: 0.05, came: 0 });
    expect(calibrationError(groups)).toBeCloseTo(0.17);
    expect(calibrationError([])).toBe(0);
  });
});

describe('an interval that may be looked at daily', () => {
  it('cries wolf seldom, and finds what is there', () => {
    let [state, wolves, found] = [1, 0, 0];
    const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    for (let trial = 0; trial < 200; trial++) {
      const noise = Array.from({ length: 90 }, () => next() + next() + next() - 1.5);
      const looks = (values: readonly number[]): boolean =>
        values.some((_, at) => {
          const interval = confidenceSequence(values.slice(0, at + 1));
          return interval !== undefined && (interval.low > 0 || interval.high < 0);
        });
      wolves += looks(noise) ? 1 : 0;
      found += looks(noise.map((value) => value + 0.4)) ? 1 : 0;
    }
    expect(wolves).toBeLessThanOrEqual(10);
    expect(found).toBeGreaterThan(190);
  });

  it('is none of nine values, of which the deviation says too little', () => {
    const values = Array.from({ length: 10 }, (_, at) => -100 - (at % 2));
    expect(confidenceSequence(values.slice(1))).toBeUndefined();
    expect(confidenceSequence(values)?.high).toBeLessThan(0);
  });
});

describe('the drift watch', () => {
  const limits = { slack: 0.75, alarmAt: 5, quietDays: 8, alarmDays: 2 };
  const days = (
    count: number,
    won: number,
    from: DriftWatch = NO_DRIFT,
  ): { watch: DriftWatch; alarms: number[] } => {
    let watch = from;
    const alarms: number[] = [];
    for (let day = 0; day < count; day++) {
      const { alarm, ...next } = watchDrift(watch, { won, predicted: 100, variance: 49 }, limits);
      watch = next;
      if (alarm) alarms.push(day);
    }
    return { watch, alarms };
  };

  it.each([
    ['as predicted', 100, []],
    ['a little off for ever', 104, []],
    ['far off, after the first days', 121, [8, 11, 14, 17]],
    ['far off downwards', 79, [8, 11, 14, 17]],
  ])('of wins %s', (_, won, alarms) => {
    expect(days(20, won).alarms).toEqual(alarms);
  });

  it('lets the level move for two days after an alarm', () => {
    const { watch } = days(9, 121);
    expect(watch.alarmDays).toBe(2);
    expect(days(1, 100, watch).watch.alarmDays).toBe(1);
  });

  it('makes nothing of a day without bids', () => {
    expect(watchDrift(NO_DRIFT, { won: 0, predicted: 0, variance: 0 }, limits)).toMatchObject({
      up: 0,
      down: 0,
    });
  });
});

describe('the share paid out', () => {
  it('moves with what is seen and fades towards the prior', () => {
    const prior = { share: 0.8, weight: 20, forgetting: 0.005 };
    const seen = payoutsAfterDay(payoutPrior(2, prior), [{ group: 0, paid: 10, failed: 70 }], prior);
    expect(payoutShare(seen, 0)).toBeCloseTo(0.26);
    expect(payoutShare(seen, 1)).toBeCloseTo(0.8);
    let later = seen;
    for (let day = 0; day < 1_000; day++) later = payoutsAfterDay(later, [], prior);
    expect(payoutShare(later, 0)).toBeCloseTo(0.8, 1);
  });
});

describe('the price of money', () => {
  const spendAt = (price: number): number => 1_000 * Math.exp(-20 * price);

  it('meets the cap, and is nothing when the cap does not bind', () => {
    expect(spendAt(shadowPrice(500, spendAt, 1))).toBeCloseTo(500, 0);
    expect(shadowPrice(1_000, spendAt, 1)).toBe(0);
    expect(shadowPrice(0, spendAt, 1)).toBe(1);
  });

  it('rises through the day when more was spent than planned', () => {
    const steps = [900, 500, 200].map((lent) => [{ amount: 1_000, lent }]);
    expect(paceStep(1_000, 1, steps)).toBe(0);
    expect(paceStep(500, 1, [[{ amount: 100, lent: 900 }], [{ amount: 100, lent: 500 }]])).toBe(1);
    expect(paceStep(100, 1, [[{ amount: 100, lent: 900 }], [{ amount: 100, lent: 500 }]])).toBe(1);
    expect(paceStep(100, 0.1, [])).toBe(0);
    expect(
      spendWithin(
        [
          { amount: 10, lent: 1 },
          { amount: 20, lent: 2 },
        ],
        15,
      ),
    ).toBe(1);
  });
});
