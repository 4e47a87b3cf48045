import { readValue, showValue, writtenValue, type ValueType } from './values';

describe('values as people type them', () => {
  it.each<[ValueType, string, unknown, string]>([
    ['amount', '1.500,5', '1500.5', '1.500,50'],
    ['amount', 'R$ 2500', '2500', '2.500,00'],
    ['rate', '2,49', '0.0249', '2,49'],
    ['rate', '2,5 %', '0.025', '2,50'],
    ['rate', '2,4875%', '0.024875', '2,4875'],
    ['rate', '100', '1', '100,00'],
    ['integer', '1.200', 1200, '1200'],
    ['integer', '-30', -30, '-30'],
    ['date', '1/9/2026', '2026-09-01', '01/09/2026'],
    ['date', '2026-09-01', '2026-09-01', '01/09/2026'],
    ['boolean', 'Sim', true, 'sim'],
    ['boolean', 'nao', false, 'não'],
    ['code', ' 03 ', '03', '03'],
    ['text', '29113956', '29113956', '29113956'],
  ])('%s typed %j', (type, typed, meant, shown) => {
    const value = readValue(type, typed);
    expect(value).toBe(meant);
    expect(value !== undefined && showValue(type, value)).toBe(shown);
  });

  it.each<[ValueType, string]>([
    ['amount', '1,999'],
    ['amount', 'mil'],
    ['amount', '-5'],
    ['amount', '0.033'],
    ['amount', '1234.567'],
    ['rate', '2,49 a.m.'],
    ['rate', '0.033'],
    ['rate', '0.0359'],
    ['integer', '0.123'],
    ['integer', '12,5'],
    ['date', '31/02/2026'],
    ['date', 'hoje'],
    ['boolean', 'talvez'],
    ['code', '  '],
  ])('%s typed %j means nothing', (type, typed) => {
    expect(readValue(type, typed)).toBeUndefined();
  });
});

describe('what a field writes', () => {
  it('is what was meant, and nothing for nothing', () => {
    expect(writtenValue('rate', '0,9')).toBe('0.009');
    expect(writtenValue('rate', '  ')).toBeUndefined();
  });

  it.each<[ValueType, string]>([
    ['rate', '0.9'],
    ['rate', '0.033'],
    ['rate', '1.000'],
    ['amount', '0.500'],
    ['integer', '12,5'],
    ['date', '2026-02-31'],
  ])('is never what could not be read, for it may mean something to another reader: %s %s', (type, typed) => {
    expect(writtenValue(type, typed)).toBe('');
  });
});
