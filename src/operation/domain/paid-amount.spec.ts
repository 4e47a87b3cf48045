import { Decimal } from '../../kernel';
import { partsPaid, paysOffOf, readPaid, sumsPaid, type Owed } from './paid-amount';

const contract: Owed = {
  amount: new Decimal('1623.32'),
  monthlyInterestRate: new Decimal('0.0204'),
  paysOff: false,
};
const read = (parts: readonly string[], days = 0, changes: Partial<Owed> = {}) =>
  readPaid(
    parts.map((part) => new Decimal(part)),
    { ...contract, ...changes },
    days,
  );

describe('what QI has paid', () => {
  it.each<[string[], number]>([
    [['1623.32'], 0],
    [['811.66', '811.66'], 0],
    // Each part is rounded by itself.
    [['811.67', '811.66'], 0],
    [['1623.33'], 0],
  ])('in parts of %j is as owed', (parts, days) => {
    expect(read(parts, days)).toBe('as_owed');
  });

  // Manual 004 prints the same instalments for each of these days.
  it.each([
    ['1625.50', 2],
    ['1627.68', 4],
  ])('as %s, %i days later, is more by the interest of these days', (paid, days) => {
    expect(read([paid], days)).toBe('on_another_day');
    expect(read([paid], 0)).toBe('unexplained');
    expect(read([paid], days, { monthlyInterestRate: undefined })).toBe('unexplained');
  });

  it.each<[string[], number]>([
    [['1600.00'], 30],
    [['811.66'], 4],
    [['1700.00'], 4],
    [['3246.64'], 30],
  ])('in parts of %j is unexplained, whatever the day', (parts, days) => {
    expect(read(parts, days)).toBe('unexplained');
  });

  it('is less where other contracts are paid off, by what they cost on the day, and never more', () => {
    const refinancing = { paysOff: true };
    expect(read(['120.00'], 0, refinancing)).toBe('as_owed');
    expect(read(['1700.00'], 0, refinancing)).toBe('unexplained');
  });

  describe('of a refinancing whose old contracts cost what was accepted with it', () => {
    const refinancing = (least: string, most: string): Partial<Owed> => ({
      amount: new Decimal('20000.00'),
      paysOff: { least: new Decimal(least), most: new Decimal(most) },
    });
    const change = refinancing('14950.00', '15000.00');

    it.each<[string[], number, string]>([
      [['5000.00'], 0, 'as_owed'],
      [['5050.00'], 0, 'as_owed'],
      [['2000.00', '3000.00'], 0, 'as_owed'],
      // QI may print the whole: what the old contracts cost is a transfer too.
      [['20000.00'], 0, 'as_owed'],
      [['4990.00'], 0, 'unexplained'],
      // So much more do they cost some days later.
      [['4990.00'], 2, 'as_owed'],
      [['5070.00'], 0, 'unexplained'],
      [['12000.00'], 4, 'unexplained'],
      [['0.01'], 30, 'unexplained'],
    ])('in parts of %j, up to %i days later, is %s', (parts, days, expected) => {
      expect(read(parts, days, change)).toBe(expected);
    });
  });

  it('keeps what the old contracts cost, or that nobody has', () => {
    const kept = { least: '90.00', most: '100.00' };
    expect(paysOffOf([{ pays_off: true, paid_off: kept }])).toEqual({
      least: new Decimal(90),
      most: new Decimal(100),
    });
    expect(paysOffOf([{ pays_off: true }])).toBe(true);
    expect(paysOffOf([{}])).toBe(true); // of a release before
    expect(paysOffOf([{ pays_off: false }])).toBe(false);
    expect(paysOffOf([])).toBe(false);
  });
});

describe('the parts of a payment', () => {
  const half = { amount: '500.00', end_to_end_id: 'E1', transaction_key: 'T1' };
  const rest = { amount: '500.00', end_to_end_id: 'E2', transaction_key: 'T2' };
  const sum = (...told: object[][]) => {
    const parts = partsPaid(told.map((payments) => ({ payments })));
    return parts && Decimal.sum(...parts).toFixed(2);
  };

  it.each<[object[][], string | undefined]>([
    [[[half, rest]], '1000.00'],
    // One by one, or all of them with the last.
    [[[half], [rest]], '1000.00'],
    [[[half], [half, rest]], '1000.00'],
    // Without a name of their own.
    [
      [
        [{ amount: '500.00' }, { amount: '500.00' }],
        [{ amount: '500.00' }, { amount: '500.00' }],
      ],
      '1000.00',
    ],
    [[[half, { end_to_end_id: 'E2' }]], undefined],
    [[[]], undefined],
    [[], undefined],
  ])('told as %j are %s', (told, expected) => {
    expect(sum(...told)).toBe(expected);
  });

  it('come to more with each', () => {
    const sums = sumsPaid(['600', '700', '800'].map((part) => new Decimal(part)));
    expect(sums.map(String)).toEqual(['600', '1300', '2100']);
  });

  it('are unknown of a payment from before they were kept', () => {
    expect(partsPaid([{}, { installments: [] }])).toBeUndefined();
  });
});
