import fc from 'fast-check';
import { LONGEST_WINDOW_MS, windowsBetween } from './windows';

describe('the windows of a span', () => {
  const instant = fc.integer({ min: 0, max: 400 * 86_400_000 }).map((ms) => new Date(ms));

  it('cover it without a hole, none longer than QI accepts', () => {
    fc.assert(
      fc.property(instant, instant, (from, to) => {
        const windows = windowsBetween(from, to);
        if (from >= to) {
          expect(windows).toEqual([]);
          return;
        }
        expect(windows[0]?.from).toEqual(from);
        expect(windows.at(-1)?.to).toEqual(to);
        for (const [i, window] of windows.entries()) {
          const length = window.to.getTime() - window.from.getTime();
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThanOrEqual(LONGEST_WINDOW_MS);
          if (i > 0) expect(window.from).toEqual(windows[i - 1]?.to);
        }
      }),
    );
  });
});
