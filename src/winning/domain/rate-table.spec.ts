import fc from 'fast-check';
import { ARMS, drawArm, explorationOf, WHOLE, withinBounds, type ExplorationLimits } from './exploration';
import { learnedRate, type RateTable } from './rate-table';

const LIMITS: ExplorationLimits = {
  stepsBp: [5, 10, 15],
  searching: [500, 1300, 6400, 1300, 500],
  certain: [100, 400, 9000, 400, 100],
  partOfVariance: 0.3,
  budget: 0.04,
};
const flat = (): number => 0;
const TABLE: RateTable = [
  {
    ratesBp: [250, 240, null],
    stepsFrom: [2_000, 9_000],
    floorBp: 235,
    ceilingBp: 300,
    exploration: { stepBp: 5, propensities: LIMITS.searching },
  },
];

describe('exploration', () => {
  it.each([
    ['a cell that is sure: the smallest step, seldom', 2, flat, 5, LIMITS.certain],
    ['one that is not: as wide as that lets it', 15, flat, 10, LIMITS.searching],
    ['one that knows nothing: the widest', Infinity, flat, 15, LIMITS.searching],
    [
      'one where wide steps are dear',
      Infinity,
      (d: number) => (Math.abs(d) > 10 ? 0.5 : 0.001),
      5,
      LIMITS.searching,
    ],
    ['one where every step is dear: none', Infinity, () => 1, 0, [0, 0, WHOLE, 0, 0]],
  ])('of %s', (_, deviation, cost, stepBp, propensities) => {
    expect(explorationOf(LIMITS, deviation, (d) => (d === 0 ? 0 : cost(d)))).toEqual({
      stepBp,
      propensities,
    });
  });

  it('keeps propensities whole when arms leave the bounds', () => {
    const bounds = fc.property(
      fc.integer({ min: 200, max: 300 }),
      fc.nat(30),
      fc.nat(30),
      (rate, below, above) => {
        const kept = withinBounds(
          { stepBp: 5, propensities: LIMITS.searching },
          rate,
          rate - below,
          rate + above,
        );
        expect(kept.reduce((sum, share) => sum + share, 0)).toBe(WHOLE);
        kept.forEach((share, at) => {
          const moved = 5 * (ARMS[at] ?? 0);
          if (moved < -below || moved > above) expect(share).toBe(0);
        });
      },
    );
    fc.assert(bounds);
  });

  it('draws the same arm for the same auction, and each as often as it should', () => {
    const drawn = new Map<number, number>();
    for (let i = 0; i < 20_000; i++) {
      const arm = drawArm('seed', `auction ${i}`, LIMITS.searching);
      expect(arm).toBe(drawArm('seed', `auction ${i}`, LIMITS.searching));
      drawn.set(arm, (drawn.get(arm) ?? 0) + 1);
    }
    ARMS.forEach((arm, at) => {
      const expected = ((LIMITS.searching[at] ?? 0) / WHOLE) * 20_000;
      expect(Math.abs((drawn.get(arm) ?? 0) - expected)).toBeLessThan(4 * Math.sqrt(expected));
    });
  });
});

describe('a learned rate', () => {
  it('is never outside the band, and whole', () => {
    const inside = fc.property(fc.string(), fc.integer({ min: 1, max: 8_999 }), (key, amount) => {
      const rate = learnedRate(TABLE, 'seed', 0, amount, key);
      if (rate.kind !== 'rate') throw new Error(rate.kind);
      expect(Number.isInteger(rate.rateBp)).toBe(true);
      expect(rate.rateBp).toBeGreaterThanOrEqual(235);
      expect(rate.rateBp).toBeLessThanOrEqual(300);
      expect(rate.centreBp).toBe(amount < 2_000 ? 250 : 240);
      expect(rate.propensities[rate.arm + 2]).toBeGreaterThan(0);
    });
    fc.assert(inside);
  });

  it('is none where nothing is worth bidding, and the policy decides in a cell never seen', () => {
    expect(learnedRate(TABLE, 'seed', 0, 9_000, 'a')).toEqual({ kind: 'no_bid', reason: 'MODEL_NO_MARGIN' });
    expect(learnedRate(TABLE, 'seed', 1, 100, 'a')).toEqual({ kind: 'fallback', reason: 'CELL_UNKNOWN' });
  });
});
