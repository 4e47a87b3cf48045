import { Decimal } from '../../kernel';
import { wholeNumber } from './whole-number';

const from1To20 = wholeNumber(1, 20);

it.each([
  ['12', 12],
  [12, 12],
  [new Decimal(12), 12],
  [new Decimal('12.0'), 12],
])('%j is %d', (given, meant) => {
  expect(from1To20.parse(given)).toBe(meant);
});

it.each([
  '',
  ' 12',
  '12 ',
  '1e1',
  '0x10',
  '12.0',
  '21',
  '0',
  '-3',
  true,
  null,
  [12],
  {},
  undefined,
  new Decimal('1.5'),
])('%j is no number from 1 to 20', (given) => {
  expect(from1To20.safeParse(given).success).toBe(false);
});

it('may be negative', () => {
  expect(wholeNumber(-100, 100).parse('-10')).toBe(-10);
});
