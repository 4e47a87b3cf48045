import { Decimal } from './decimal';
import { showDecimal, showPercent, showReais } from './pt-br';

describe('numbers in Portuguese', () => {
  it.each([
    ['0', 'R$ 0,00'],
    ['1234.56', 'R$ 1.234,56'],
    ['999', 'R$ 999,00'],
    ['1000000', 'R$ 1.000.000,00'],
    ['-1234.5', 'R$ -1.234,50'],
    ['-0', 'R$ 0,00'],
  ])('%s reais', (text, expected) => {
    expect(showReais(new Decimal(text))).toBe(expected);
  });

  it.each([
    ['0.0249', '2,49%'],
    ['0.02', '2,00%'],
    ['0.018275', '1,8275%'],
    ['1', '100,00%'],
  ])('%s as a percentage', (text, expected) => {
    expect(showPercent(new Decimal(text))).toBe(expected);
  });

  it('groups only the whole part', () => {
    expect(showDecimal(new Decimal('1234.123456'), 0)).toBe('1.234,123456');
  });
});
