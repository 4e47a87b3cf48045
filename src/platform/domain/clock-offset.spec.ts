import { clockOffset, isClockOff } from './clock-offset';

describe('how far a clock is off', () => {
  it.each([
    ['right', 1_000, 1_020, 1_010, 0, 10],
    ['ahead', 6_000, 6_020, 1_010, 5_000, 10],
    ['behind', 1_000, 1_020, 6_010, -5_000, 10],
    ['set back while it asked', 2_000, 1_000, 1_500, 0, 0],
  ])('%s', (_, asked, answered, other, offsetMs, uncertaintyMs) => {
    expect(clockOffset(asked, answered, other)).toEqual({ offsetMs, uncertaintyMs });
  });

  it.each([
    ['within the bound', 250, 0, false, false],
    ['beyond it', 251, 0, false, true],
    ['behind is as bad as ahead', -251, 0, false, true],
    ['a slow answer proves nothing', 400, 200, false, false],
    ['not yet well within again', 201, 0, true, true],
    ['well within again', -200, 0, true, false],
  ])('%s', (_, offsetMs, uncertaintyMs, wasOff, isOff) => {
    expect(isClockOff({ offsetMs, uncertaintyMs }, 250, wasOff)).toBe(isOff);
  });
});
