import { aligned } from './aligned';

interface Bin {
  readonly at: number | string;
  readonly n: number;
}
const seen = (rows: Bin[], before: Bin[], filled?: (bins: readonly Bin[]) => readonly Bin[]) =>
  aligned(rows, before, ({ at }) => at, filled).map(({ either, row, before: then }) => [
    either.at,
    row?.n,
    then?.n,
  ]);

describe('two looks side by side', () => {
  it('stand in the order of their numbers, with what only one has', () => {
    const rows = [
      { at: 2, n: 20 },
      { at: 5, n: 50 },
    ];
    const before = [
      { at: 1, n: 11 },
      { at: 5, n: 55 },
    ];
    expect(seen(rows, before)).toEqual([
      [1, undefined, 11],
      [2, 20, undefined],
      [5, 50, 55],
    ]);
  });

  it('keep the order they came in where places are names', () => {
    expect(seen([{ at: 'b', n: 1 }], [{ at: 'a', n: 2 }])).toEqual([
      ['b', 1, undefined],
      ['a', undefined, 2],
    ]);
  });

  it('have the places between filled over both', () => {
    const filled = (bins: readonly Bin[]) => [...bins, { at: 3, n: 0 }];
    expect(seen([{ at: 2, n: 1 }], [{ at: 4, n: 1 }], filled).map(([at]) => at)).toEqual([2, 3, 4]);
  });
});
