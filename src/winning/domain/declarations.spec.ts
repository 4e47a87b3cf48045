import fc from 'fast-check';
import { brokenDeclaration, keepingDeclarations, type Declaration } from './declarations';
import { NO_EXPLORATION } from './exploration';
import type { RateTable } from './rate-table';
import { bandsOfCell, cellCount, cellOfBands, type Segmentation } from './segments';

const SEGMENTS: Segmentation = {
  axes: [
    { name: 'employer', bands: 2 },
    { name: 'term', bands: 3 },
  ],
};
const FALLING: readonly Declaration[] = [{ axis: 'term', direction: 'falling' }];
const tableOf = (rates: readonly (number | null)[]): RateTable =>
  rates.map((rate) => ({
    ...{ ratesBp: [rate], stepsFrom: [], floorBp: 100, ceilingBp: 400, exploration: NO_EXPLORATION },
  }));
const ratesOf = (table: RateTable): readonly (number | null | undefined)[] =>
  table.map(({ ratesBp }) => ratesBp[0]);

describe('declarations', () => {
  it('are kept along their axis alone', () => {
    const table = tableOf([250, 260, 240, 200, 190, 180]);
    expect(brokenDeclaration(table, SEGMENTS, FALLING)).toEqual(FALLING[0]);
    expect(ratesOf(keepingDeclarations(table, SEGMENTS, FALLING))).toEqual([255, 255, 240, 200, 190, 180]);
  });

  it('say nothing of a line that does not bid everywhere', () => {
    const table = tableOf([250, null, 260, 200, 190, 180]);
    expect(keepingDeclarations(table, SEGMENTS, FALLING)).toEqual(table);
    expect(brokenDeclaration(table, SEGMENTS, FALLING)).toBeUndefined();
  });

  it('are never broken by what was made to keep them', () => {
    const rates = fc.array(fc.integer({ min: 100, max: 400 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(rates, (all) => {
        expect(
          brokenDeclaration(keepingDeclarations(tableOf(all), SEGMENTS, FALLING), SEGMENTS, FALLING),
        ).toBeUndefined();
      }),
    );
  });
});

describe('segments', () => {
  it('are numbered one to one', () => {
    for (let cell = 0; cell < cellCount(SEGMENTS); cell++) {
      expect(cellOfBands(SEGMENTS, bandsOfCell(SEGMENTS, cell))).toBe(cell);
    }
  });

  it.each([[[0, undefined]], [[2, 0]], [[0, -1]], [[0, 1.5]], [[0]]])(
    'know no cell of the bands %j',
    (bands) => {
      expect(cellOfBands(SEGMENTS, bands)).toBeUndefined();
    },
  );
});
