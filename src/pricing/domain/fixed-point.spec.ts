import fc from 'fast-check';
import { Decimal as DecimalJs } from 'decimal.js';
import {
  divide,
  divideRounded,
  fixedOf,
  fixedRatio,
  multiply,
  ONE,
  power,
  root,
  roundFixed,
  roundRatio,
  type Fixed,
} from './fixed-point';

const Real = DecimalJs.clone({ precision: 80 });
const UNIT = new Real(2).pow(-120);
const real = (value: Fixed): DecimalJs => new Real(value.toString()).times(UNIT);
const anyFixed = fc.bigInt({ min: -(ONE * 200n), max: ONE * 200n });
const positive = fc.bigInt({ min: ONE / 1000n, max: ONE * 200n });

function expectWithin(actual: DecimalJs, exact: DecimalJs, units: number): void {
  expect(actual.minus(exact).abs().lte(UNIT.times(units))).toBe(true);
}

test('whole numbers and ratios', () => {
  expect(fixedOf(3)).toBe(3n * ONE);
  expect(fixedRatio(1n, 4n)).toBe(ONE / 4n);
  expectWithin(real(fixedRatio(2n, 3n)), new Real(2).div(3), 0.5);
});

test('products and quotients are right to half a unit', () => {
  fc.assert(
    fc.property(anyFixed, positive, (a, b) => {
      expectWithin(real(multiply(a, b)), real(a).times(real(b)), 0.5);
      expectWithin(real(divide(a, b)), real(a).div(real(b)), 0.5);
    }),
  );
});

test('powers are right to a unit or two per factor', () => {
  const factor = fc.bigInt({ min: (ONE * 99n) / 100n, max: ONE });
  fc.assert(
    fc.property(factor, fc.integer({ min: 0, max: 700 }), (base, exponent) => {
      expectWithin(real(power(base, exponent)), real(base).pow(exponent), exponent + 1);
    }),
  );
  expect(power(ONE / 2n, 0)).toBe(ONE);
  expect(power(ONE / 2n, 1)).toBe(ONE / 2n);
  expect(power(ONE / 2n, 5)).toBe(ONE / 32n);
});

test('a root raised to its degree is the value', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: ONE, max: ONE * 4096n }),
      fc.constantFrom(1, 2, 12, 360, 365),
      (value, degree) => {
        const exact = real(value).pow(new Real(1).div(degree));
        expectWithin(real(root(value, degree)), exact, 400);
      },
    ),
  );
  expect(root(ONE, 365)).toBe(ONE);
  expect(root(8n * ONE, 3)).toBe(2n * ONE);
});

test.each([
  [5n, 2n, 3n],
  [4n, 3n, 1n],
  [-5n, 2n, -3n],
  [-4n, 3n, -1n],
  [7n, 7n, 1n],
  [0n, 7n, 0n],
])('%i / %i rounds to %i', (numerator, denominator, expected) => {
  expect(divideRounded(numerator, denominator)).toBe(expected);
});

describe('rounding to whole numbers', () => {
  const half = ONE / 2n;
  const guard = ONE >> 65n;
  test.each<[string, Fixed, bigint]>([
    ['a half', half, 1n],
    ['minus a half', -half, -1n],
    ['three halves', ONE + half, 2n],
    ['within the guard below a half: a half whose last bits were lost', half - guard, 1n],
    ['clearly below a half', half - 4n * guard, 0n],
    ['clearly below minus a half', -half + 4n * guard, 0n],
    ['zero', 0n, 0n],
  ])('%s', (_name, value, expected) => {
    expect(roundFixed(value)).toBe(expected);
  });

  test('is to the nearest', () => {
    fc.assert(
      fc.property(anyFixed, (value) => {
        const rounded = new Real(roundFixed(value).toString());
        expect(rounded.minus(real(value)).abs().lte('0.5000000000000000001')).toBe(true);
      }),
    );
  });

  test('a ratio rounds as its value does', () => {
    expect(roundRatio(5n, 2n)).toBe(3n);
    expect(roundRatio(49n, 100n)).toBe(0n);
  });
});
