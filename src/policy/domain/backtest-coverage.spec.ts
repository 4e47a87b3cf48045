import { bestCoverage, coverageOf, isEnough, type BacktestReach } from './backtest-coverage';

const MINIMUM = 1000;

describe('a backtest that may put a version in force', () => {
  it.each<[string, BacktestReach, boolean, number, boolean]>([
    ['the first day: nothing is stored', { decided: 0, held: 0, stored: 0 }, false, 0, true],
    ['an empty one although something is stored', { decided: 0, held: 0, stored: 3 }, true, 3, false],
    ['all of the little there is', { decided: 3, held: 3, stored: 3 }, true, 3, true],
    ['one less than the little there is', { decided: 2, held: 2, stored: 3 }, true, 3, false],
    ['all there is, one of which threw', { decided: 2, held: 3, stored: 3 }, true, 3, true],
    ['all there is, each of which threw', { decided: 0, held: 3, stored: 3 }, true, 3, false],
    ['the minimum', { decided: 1000, held: 1000, stored: 1000 }, true, 1000, true],
    ['one below the minimum', { decided: 999, held: 999, stored: 1000 }, true, 1000, false],
    ['many, but of long ago', { decided: 9000, held: 0, stored: 1000 }, true, 1000, false],
    ['nothing lately, and one of long ago', { decided: 1, held: 0, stored: 0 }, true, 1, true],
    ['nothing lately, and an empty one', { decided: 0, held: 0, stored: 0 }, true, 1, false],
  ])('%s', (_case, reach, hasRequests, required, enough) => {
    const coverage = coverageOf(reach, MINIMUM, hasRequests);
    expect(coverage.required).toBe(required);
    expect(isEnough(coverage)).toBe(enough);
  });

  it('is any that is enough, else the one that holds most', () => {
    const [small, larger, enough] = [
      { held: 2, required: 10 },
      { held: 4, required: 20 },
      { held: 3, required: 3 },
    ];
    expect(bestCoverage([small, larger])).toBe(larger);
    expect(bestCoverage([small, larger, enough])).toBe(enough);
    expect(bestCoverage([])).toBeUndefined();
  });
});
