import { borrowerRevision, toldSince } from './told-since';

const told = (...fields: string[]) => ({ kind: 'borrower_described', summary: { fields } });
const events = [
  told('email'),
  { kind: 'balance_asked', summary: {} },
  told('account', 'phone'),
  told('phone'),
];

it('knows how often the borrower was told of', () => {
  expect(borrowerRevision(events)).toBe(3);
  expect(borrowerRevision([])).toBe(0);
});

it.each([
  [0, ['account', 'email'], ['account', 'email']],
  [1, ['account', 'email'], ['account']],
  [2, ['account', 'email'], []],
  [3, ['phone'], []],
])('after revision %i of %j were told again: %j', (revision, fields, again) => {
  expect(toldSince(events, revision, fields)).toEqual(again);
});
