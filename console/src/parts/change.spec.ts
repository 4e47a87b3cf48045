import { count, reais } from '../format/format';
import { changeInWords } from './change';

it.each([
  [120, 100, '120, antes 100: +20 (+20,00%)'],
  [80, 100, '80, antes 100: -20 (-20,00%)'],
  [5, 0, '5, antes 0: +5'],
  [7, 7, '7, antes 7: igual'],
])('%s after %s is said as %s', (now, before, said) => {
  expect(changeInWords(now, before, count)).toBe(said);
});

it('reais are written as money', () => {
  const money = (n: number) => reais(n.toFixed(2));
  expect(changeInWords(1500.5, 1000, money).replaceAll('\u00a0', ' ')).toBe(
    'R$ 1.500,50, antes R$ 1.000,00: +R$ 500,50 (+50,05%)',
  );
});
