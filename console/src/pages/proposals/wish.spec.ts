import { firstOf, MOST, wishOf } from './wish';

describe('what the client wishes', () => {
  const balance = [
    { due_date: '2027-03-01', amount: '500.00' },
    { due_date: '2028-03-01', amount: '433.17' },
  ];

  it('chosen withdrawals go as the API wants them, untouched or typed over', () => {
    const periods = firstOf(balance, 2).map((each, at) => (at === 1 ? { ...each, amount: '1.00,5' } : each));
    expect(wishOf({ ...MOST, kind: 'periods', periods })).toEqual({
      kind: 'periods',
      periods: [
        { due_date: '2027-03-01', amount: '500.00' },
        // No amount: the service says so.
        { due_date: '2028-03-01', amount: '1.00,5' },
      ],
    });
  });

  it.each([
    [MOST, { kind: 'maximum' }],
    [
      { ...MOST, kind: 'target' as const, amount: '1.234,56' },
      { kind: 'target', amount: '1234.56' },
    ],
  ])('%j', (wish, expected) => {
    expect(wishOf(wish)).toEqual(expected);
  });
});
