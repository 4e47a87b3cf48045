import { clockOffset, clockStep, isClockOff, type Reading } from './clock-offset';

describe('how far a clock is off', () => {
  const at = (wallMs: number, monotonicMs: number): Reading => ({ wallMs, monotonicMs });

  it.each([
    ['right', 1_000, 1_020, 1_010, 0],
    ['ahead', 6_000, 6_020, 1_010, 5_000],
    ['behind', 1_000, 1_020, 6_010, -5_000],
    ['set back while it asked', 2_000, 1_020, 2_010, -1_000],
  ])('%s', (_, asked, answered, other, offsetMs) => {
    expect(clockOffset(at(asked, 0), at(answered, 20), other)).toEqual({ offsetMs, uncertaintyMs: 10 });
  });

  it.each([
    ['ran on', 1_500, 500, 0],
    ['was set back', 500, 500, -1_000],
    ['was set forward, or the machine slept', 61_500, 500, 60_000],
  ])('a clock that %s', (_, wall, monotonic, step) => {
    expect(clockStep(at(1_000, 0), at(wall, monotonic))).toBe(step);
  });

  it.each([
    ['within the bound', 250, 0, false, false],
    ['beyond it', 251, 0, false, true],
    ['behind is as bad as ahead', -251, 0, false, true],
    ['a slow answer proves nothing', 400, 200, false, false],
    ['not yet well within again', 201, 0, true, true],
    ['well within again', -200, 0, true, false],
    ['nor does it prove that it is right again', 100, 150, true, true],
  ])('%s', (_, offsetMs, uncertaintyMs, wasOff, isOff) => {
    expect(isClockOff({ offsetMs, uncertaintyMs }, 250, wasOff)).toBe(isOff);
  });
});
