import { accountNumber, likenessTo, type TypedAccount } from './refused-account';

const account = { bank: '341', branch: '0001', number: '***007' };
const TYPED: TypedAccount = { banks: ['341'], branch: '1', number: '55500', digit: '7' };
/** In place of a keyed one. */
const indexOf = (number: string): string => `index of ${number}`;
const REFUSED = { account, accountIndex: indexOf('555007') };
const OF_BEFORE = { account, accountIndex: undefined };

it.each<[string, Partial<TypedAccount>]>([
  ['as it is', {}],
  ['with left zeros', { banks: ['0341'.slice(1)], branch: '0001', number: '000055500' }],
  ['with the digit behind a dash', { number: '55500-7', digit: '' }],
  ['with the digit in both places', { number: '55500-7' }],
  ['with the digit of the branch', { branch: '0001-9' }],
  ['with dots', { number: '55.500', branch: '00.01' }],
  ['with a digit that the bank writes as X', { number: '5550', digit: 'X7' }],
  ['of the same bank by its ISPB, which nothing can be held against', { banks: ['60701190'] }],
])('the account that refused, typed %s', (_, changes) => {
  expect(likenessTo(REFUSED, { ...TYPED, ...changes }, indexOf)).toBe('same');
  expect(likenessTo(OF_BEFORE, { ...TYPED, ...changes }, indexOf)).toBe('ends_alike');
});

it.each<[string, Partial<TypedAccount>]>([
  ['number', { number: '55501' }],
  ['digit', { digit: '8' }],
  ['branch', { branch: '2' }],
  ['bank', { banks: ['237'] }],
])('an account of another %s', (_, changes) => {
  for (const refused of [REFUSED, OF_BEFORE])
    expect(likenessTo(refused, { ...TYPED, ...changes }, indexOf)).toBe('another');
});

it('a number mistyped before its last digits and mended is another account, where all of it can be told apart', () => {
  const mended = { ...TYPED, number: '65500' };
  expect(likenessTo(REFUSED, mended, indexOf)).toBe('another');
  expect(likenessTo(OF_BEFORE, mended, indexOf)).toBe('ends_alike');
});

it.each([[{ ...account, branch: null }], [{ ...account, number: null }], [{ ...account, number: '***' }]])(
  'nothing is told apart by %j',
  (incomplete) => {
    expect(likenessTo({ account: incomplete, accountIndex: undefined }, TYPED, indexOf)).toBe('another');
  },
);

it.each([
  ['55500', '7', '555007'],
  ['0055500', '7', '555007'],
  ['55500-7', '7', '555007'],
  ['55500-7', '', '555007'],
  ['55.500', 'X', '555000'],
  ['77-7', '7', '777'],
  // Masked by whoever prints it, or nothing at all: no account is known by it.
  ['***007', '', undefined],
  ['000', '0', undefined],
  ['', '', undefined],
])('the number of an account printed %j and %j is %s', (number, digit, plain) => {
  expect(accountNumber(number, digit)).toBe(plain);
});
