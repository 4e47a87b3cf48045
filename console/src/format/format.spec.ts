import fc from 'fast-check';
import * as show from './format';

/** A number and its unit stay on one line. */
const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0');

describe('Brazilian formats', () => {
  it.each([
    ['1234.56', 'R$ 1.234,56'],
    ['0', 'R$ 0,00'],
    ['17300', 'R$ 17.300,00'],
    ['1234567890.125', 'R$ 1.234.567.890,13'],
    ['-1500.5', '-R$ 1.500,50'],
    ['0.994', 'R$ 0,99'],
    ['0.995', 'R$ 1,00'],
    ['-0.001', 'R$ 0,00'],
    ['99999999999999999999.99', 'R$ 99.999.999.999.999.999.999,99'],
  ])('%s is %s', (text, shown) => {
    expect(show.reais(text)).toBe(unbroken(shown));
  });

  it.each([
    ['0.0249', '2,49% a.m.'],
    ['0.02', '2,00% a.m.'],
    ['1', '100,00% a.m.'],
    ['0.000049', '0,00% a.m.'],
    ['0.12345', '12,35% a.m.'],
  ])('a fraction of %s is %s', (text, shown) => {
    expect(show.monthlyRate(text)).toBe(unbroken(shown));
  });

  it.each([
    ['950', 'R$ 950'],
    ['85000.4', 'R$ 85 mil'],
    ['1234567', 'R$ 1,2 mi'],
    ['2500000000', 'R$ 2,5 bi'],
  ])('%s in short is %s', (text, shown) => {
    expect(show.shortReais(text)).toBe(unbroken(shown));
  });

  it('tells the time of São Paulo, wherever it runs', () => {
    expect(show.dateTime('2026-11-21T02:15:07.123Z')).toBe('20/11/2026 23:15');
    expect(show.exactDateTime('2026-11-21T02:15:07.123Z')).toBe('20/11/2026 23:15:07');
    expect(show.time('2026-11-21T02:15:07.123Z')).toBe('23:15:07');
    expect(show.date('2026-11-21T02:15:07.123Z')).toBe('20/11/2026');
    expect(show.date('2026-11-21')).toBe('21/11/2026');
  });

  it('takes what a date picker says for São Paulo time', () => {
    expect(show.instantOf('2026-11-21 14:30:00')).toBe('2026-11-21T17:30:00.000Z');
    expect(show.dateTime(show.instantOf('2026-11-21 23:30'))).toBe('21/11/2026 23:30');
  });

  it('punctuates taxpayers, alphanumeric ones too, and leaves masks alone', () => {
    expect(show.taxpayer('11222333000181')).toBe('11.222.333/0001-81');
    expect(show.taxpayer('12ABC34501DE35')).toBe('12.ABC.345/01DE-35');
    expect(show.taxpayer('***.456.789-**')).toBe('***.456.789-**');
  });

  it.each([
    ['1.234,56', '1234.56'],
    ['R$ 10', '10'],
    ['2,49', '2.49'],
    ['1234.5', '1234.5'],
    ['1.234', '1234'],
    ['0.033', '0.033'],
    ['1234.567', '1234.567'],
    ['1.234.5', undefined],
    ['dois', undefined],
    ['', undefined],
  ])('%j typed means %s', (typed, meant) => {
    expect(show.typedDecimal(typed)).toBe(meant);
  });

  it.each([
    ['2,49', '0.0249'],
    ['0,5', '0.005'],
    ['2.49', '0.0249'],
    ['0.5%', '0.005'],
    ['2.490 %', '24.90'],
    ['0.033', undefined],
    ['0.0359', undefined],
    ['0.03', undefined],
    ['2.490', undefined],
    ['', undefined],
  ])('%j typed for a percentage means %s', (typed, meant) => {
    expect(show.typedRate(typed)).toBe(meant);
  });

  it('reads back whatever it writes, to the last cent', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (cents) => {
        const text = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
        expect(show.typedDecimal(show.reais(text))).toBe(text);
      }),
    );
  });

  it('moves the point there and back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.integer({ min: 1, max: 30 }),
        (whole, places) => {
          const there = show.shift(String(whole), -places);
          expect(show.shift(there, places).replace(/\.0*$/, '')).toBe(String(whole));
        },
      ),
    );
  });

  it.each([
    [12.4, '12 ms'],
    [1_250, '1,3 s'],
    [59_000, '59 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [400_000_000, '4 dias'],
  ])('%d ms is %s', (milliseconds, shown) => {
    expect(show.duration(milliseconds)).toBe(unbroken(shown));
  });
});
