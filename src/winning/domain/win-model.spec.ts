import fc from 'fast-check';
import { merged } from './day-of-ends';
import { WIN_PRIOR } from './priors';
import type { Segmentation } from './segments';
import { WinModel, type WinRow } from './win-model';

const SEGMENTS: Segmentation = { axes: ['employer', 'term'].map((name) => ({ name, bands: 3 })) };
const model = new WinModel(SEGMENTS, WIN_PRIOR);
const row = (cell: number, distanceBp: number, ends: Partial<WinRow> = {}): WinRow => ({
  ...{ cell, distanceBp, won: 0, second: 0, behind: 0, unranked: 0 },
  ...ends,
});
const believed = (rows: readonly WinRow[]) => {
  const result = model.updated(model.prior, rows);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.belief;
};

const rows = fc.array(
  fc
    .tuple(fc.nat(8), fc.integer({ min: -70, max: 100 }), fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40))
    .map(([cell, distanceBp, won, second, behind, unranked]) =>
      row(cell, distanceBp, { won, second, behind, unranked }),
    ),
  { maxLength: 20 },
);

describe('the win model', () => {
  it('falls with the rate, whatever was seen', () => {
    const falls = fc.property(rows, fc.nat(8), (seen, cell) => {
      const belief = believed(merged(seen));
      let last = 1;
      for (let d = -70; d <= 100; d += 5) {
        const p = model.probability(belief, cell, d);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(last);
        last = p;
      }
    });
    fc.assert(falls, { numRuns: 40 });
  });

  it('says the same to the byte of the same rows, in whichever order', () => {
    const same = fc.property(rows, (seen) => {
      const [one, other] = [seen, seen.toReversed()].map((each) => believed(merged(each)));
      expect(one).toEqual(other);
    });
    fc.assert(same, { numRuns: 20 });
  });

  it('finds the share of wins that it saw often, and leans on its like where it saw none', () => {
    const belief = believed([
      row(4, 0, { won: 4_000, unranked: 1_000 }),
      row(4, 30, { won: 2_000, unranked: 3_000 }),
    ]);
    expect(model.probability(belief, 4, 0)).toBeCloseTo(0.8, 1);
    expect(model.probability(belief, 4, 30)).toBeCloseTo(0.4, 1);
    const before = model.probability(model.prior, 5, 0);
    expect(model.probability(belief, 5, 0)).toBeGreaterThan(before);
    expect(model.probability(belief, 5, 0)).toBeLessThan(model.probability(belief, 4, 0));
  });

  it.each([
    ['nothing but wins', [row(0, 0, { won: 100_000 })]],
    ['nothing but losses', [row(0, 0, { unranked: 100_000 })]],
    ['one rate only', [row(0, 0, { won: 500, second: 300, behind: 200 })]],
    ['second places against the share of wins', [row(0, 0, { won: 10, second: 5_000 })]],
  ])('bears %s', (_, seen) => {
    const p = model.probability(believed(seen), 0, 0);
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThanOrEqual(1);
  });

  it('is less sure a day later, of the level most after an alarm', () => {
    const place = model.layout.level * (model.prior.mean.length + 1);
    const variance = (alarm?: number): number => model.drifted(model.prior, alarm).covariance[place] ?? 0;
    expect(variance()).toBeGreaterThan(model.prior.covariance[place] ?? 0);
    expect(variance(0.4)).toBeGreaterThan(variance());
  });
});
