import { waitAfter } from './retry-schedule';

describe('retries', () => {
  const schedule = { baseMs: 10_000, factor: 3, longestMs: 28_800_000, maxAttempts: 11 };
  const waits = (jitter: number) =>
    Array.from({ length: 12 }, (_, i) => waitAfter(i + 1, schedule, jitter)).filter(
      (wait) => wait !== undefined,
    );

  it('grow threefold up to the longest wait and end after about a day', () => {
    const seconds = waits(0.5).map((wait) => wait / 1000);
    expect(seconds).toEqual([10, 30, 90, 270, 810, 2430, 7290, 21870, 28800, 28800]);
    const hours = seconds.reduce((sum, wait) => sum + wait, 0) / 3600;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(26);
  });

  it('are spread by a tenth to each side', () => {
    expect(waits(0)[0]).toBe(9_000);
    expect(waits(1)[0]).toBe(11_000);
  });

  it('end with the last attempt', () => {
    expect(waitAfter(10, schedule, 0)).toBeDefined();
    expect(waitAfter(11, schedule, 0)).toBeUndefined();
  });
});
