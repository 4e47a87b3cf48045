import fc from 'fast-check';
import { compareDecimals, Decimal, isWholeCents, parseDecimal, parseReais, toCents } from './index';

describe('the decimal type', () => {
  test('a value is what was written, however many digits', () => {
    const digits = '1234567890123456789012345678901234567890.123456789';
    expect(new Decimal(digits).toFixed()).toBe(digits);
  });

  test('operations round to 34 digits, half up', () => {
    expect(new Decimal(1).div(3).toFixed()).toBe(`0.${'3'.repeat(34)}`);
    expect(new Decimal(2).div(3).toFixed()).toBe(`0.${'6'.repeat(33)}7`);
  });

  test('no binary float slips in', () => {
    expect(new Decimal('0.1').plus('0.2').toFixed()).toBe('0.3');
  });

  test('small values print without exponent', () => {
    expect(new Decimal('0.000000082').toString()).toBe('0.000000082');
  });
});

describe('cents', () => {
  test.each([
    ['0.005', '0.01'],
    ['0.00499999999999999999999999', '0.00'],
    ['1.005', '1.01'],
    ['2.675', '2.68'],
    ['-0.005', '-0.01'],
    ['-0.0049', '0.00'],
    ['100', '100.00'],
  ])('%s rounds to %s', (amount, cents) => {
    expect(toCents(new Decimal(amount)).toFixed(2).replace('-0.00', '0.00')).toBe(cents);
  });

  test('rounding moves by half a cent at most, and only once', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (units) => {
        const amount = new Decimal(units.toString()).div('1e10');
        const cents = toCents(amount);
        expect(cents.minus(amount).abs().lte('0.005')).toBe(true);
        expect(isWholeCents(cents)).toBe(true);
        expect(toCents(cents).eq(cents)).toBe(true);
      }),
    );
  });

  test.each([
    ['1', true],
    ['1.2', true],
    ['1.23', true],
    ['-1.23', true],
    ['1.230', true],
    ['1.234', false],
    ['NaN', false],
    ['Infinity', false],
  ])('%s is whole cents: %s', (amount, expected) => {
    expect(isWholeCents(new Decimal(amount))).toBe(expected);
  });
});

describe('reading text', () => {
  test.each(['0', '12', '-12.34', '0.000000000000000000000001', '999999999999999999999999.9'])(
    '%s',
    (text) => {
      expect(parseDecimal(text)?.toFixed()).toBe(text);
    },
  );

  test.each([
    '',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '+1',
    '--1',
    '1e3',
    '1E3',
    '0x10',
    '1,5',
    '1.2.3',
    'NaN',
    'Infinity',
    '1_000',
    '1'.repeat(25),
    `0.${'1'.repeat(25)}`,
  ])('%j is no decimal', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });
});

describe('reading reais', () => {
  test.each([
    ['3000', '3000'],
    ['3000.0', '3000'],
    ['3000.50', '3000.5'],
    ['-0.01', '-0.01'],
  ])('%s', (text, amount) => {
    expect(parseReais(text)?.toFixed()).toBe(amount);
  });

  test.each(['3.000', '3.500', '10.000', '3000.000', '0.500', '3.000.000', '3,5', ''])(
    '%j may be thousands, or is no decimal',
    (text) => {
      expect(parseReais(text)).toBeUndefined();
    },
  );
});

test('comparing without a copy agrees with decimal.js', () => {
  const digits = fc.stringMatching(/^-?\d{1,24}(\.\d{1,24})?$/);
  const spread = fc.constantFrom(
    '0',
    '-0',
    '0.0000001',
    '9999999',
    '10000000',
    '0.1',
    '-0.1',
    '1e30',
    '1e-30',
  );
  const decimal = fc.oneof(digits, spread).map((text) => new Decimal(text));
  const near = fc.tuple(decimal, fc.constantFrom('0', '1e-24', '-1e-24', '1e-7', '1', '-10000000'));
  fc.assert(
    fc.property(near, decimal, ([a, step], other) => {
      for (const b of [other, a, a.negated(), a.plus(step)]) {
        expect(Math.sign(compareDecimals(a, b))).toBe(a.cmp(b));
        expect(Math.sign(compareDecimals(b, a))).toBe(b.cmp(a));
      }
    }),
    { numRuns: 2000 },
  );
});
