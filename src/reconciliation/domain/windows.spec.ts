import fc from 'fast-check';
import { halvesOf, LONGEST_WINDOW_MS, windowsBetween } from './windows';

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

describe('the halves of a window', () => {
  it('are it without a hole, and get shorter until no second is left to part', () => {
    const instant = fc.integer({ min: 0, max: 14 * 86_400_000 });
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        let window = { from: new Date(Math.min(one, other)), to: new Date(Math.max(one, other)) };
        for (let halves = halvesOf(window); halves !== undefined; halves = halvesOf(window)) {
          const [first, second] = halves;
          expect([first.from, first.to, second.to]).toEqual([window.from, second.from, window.to]);
          window = second.to > second.from ? second : first;
        }
        expect(window.to.getTime() - window.from.getTime()).toBeLessThan(2_000);
      }),
    );
  });
});
