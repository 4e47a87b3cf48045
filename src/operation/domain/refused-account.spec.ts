import { looksRefused, type TypedAccount } from './refused-account';

const REFUSED = { bank: '341', branch: '0001', number: '***007' };
const TYPED: TypedAccount = { banks: ['341'], branch: '1', number: '55500', digit: '7' };

it.each<[string, Partial<TypedAccount>, boolean]>([
  ['as it is', {}, true],
  ['with left zeros', { banks: ['0341'.slice(1)], branch: '0001', number: '000055500' }, true],
  ['with the digit behind a dash', { number: '55500-7', digit: '' }, true],
  ['with the digit in both places', { number: '55500-7' }, true],
  ['with the digit of the branch', { branch: '0001-9' }, true],
  ['with dots', { number: '55.500', branch: '00.01' }, true],
  ['with a digit that the bank writes as X', { number: '5550', digit: 'X7' }, true],
  ['of the same bank by its ISPB, which nothing can be held against', { banks: ['60701190'] }, true],
  ['another number', { number: '55501' }, false],
  ['another digit', { digit: '8' }, false],
  ['another branch', { branch: '2' }, false],
  ['another bank', { banks: ['237'] }, false],
])('an account typed %s', (_, changes, same) => {
  expect(looksRefused({ ...TYPED, ...changes }, REFUSED)).toBe(same);
});

it.each([[{ ...REFUSED, branch: null }], [{ ...REFUSED, number: null }], [{ ...REFUSED, number: '***' }]])(
  'nothing is told apart by %j',
  (refused) => {
    expect(looksRefused(TYPED, refused)).toBe(false);
  },
);
