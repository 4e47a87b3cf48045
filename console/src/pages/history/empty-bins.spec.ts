import { withEmptyRates, withEmptySeconds } from './empty-bins';

const rate = (from: string, won: number) => {
  const ends = { won, lost: 0 };
  return { from, ...ends, answered: ends, win_rate: null, low: null, high: null };
};

describe('bins that nothing fell into', () => {
  it('stand between those that something did', () => {
    const rates = withEmptyRates([rate('0.019', 2), rate('0.022', 1)]);
    expect(rates.map(({ from, won }) => [from, won])).toEqual([
      ['0.019', 2],
      ['0.020', 0],
      ['0.021', 0],
      ['0.022', 1],
    ]);
    expect(
      withEmptySeconds([
        { from: 5, bids: 1 },
        { from: 15, bids: 1 },
      ]),
    ).toHaveLength(3);
  });

  it('are not drawn where there would be too many, nor without any', () => {
    expect(
      withEmptySeconds([
        { from: 0, bids: 1 },
        { from: 100_000, bids: 1 },
      ]),
    ).toHaveLength(2);
    expect(withEmptyRates([])).toEqual([]);
  });
});
