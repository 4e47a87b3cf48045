import { calendarDate, Decimal, finished } from '../../kernel';
import { problemsWithLoans, type ToldLoan } from './held-against-loan';
import type { LoanOutcome } from './outcome';

const DAY = calendarDate('2026-10-28');
const loan: ToldLoan = {
  openedOn: calendarDate('2026-08-14'),
  installments: 10,
  owed: new Decimal(2_500),
  lostBefore: new Decimal(0),
};
const told = (changes: Partial<LoanOutcome>): LoanOutcome => ({
  credit_operation_key: 'loan',
  installment: 1,
  due_on: DAY,
  status: 'unpaid',
  paid_on: null,
  paid_amount: null,
  loss_amount: null,
  ...changes,
});
const lost = (installment: number, loss_amount: string) =>
  told({ installment, status: 'written_off', loss_amount });
const refused = (outcomes: readonly LoanOutcome[], of: ToldLoan = loan) =>
  finished(problemsWithLoans(outcomes, new Map([['loan', of]]), DAY)).map(({ at, field }) => [at, field]);

it.each<[string, readonly LoanOutcome[], unknown]>([
  ['its last instalment', [told({ installment: 10 })], []],
  ['one more than it has', [told({ installment: 11 })], [[0, 'installment']]],
  ['all of it lost in one line', [lost(1, '2500')], []],
  ['a cent more', [lost(1, '2500.01')], [[0, 'loss_amount']]],
  ['all of it lost in several', [lost(1, '2000'), lost(2, '500')], []],
  [
    'more, at the line that is too much',
    [lost(1, '2000'), lost(2, '501'), lost(3, '0')],
    [
      [1, 'loss_amount'],
      [2, 'loss_amount'],
    ],
  ],
  ['a payment with fines', [told({ status: 'late', paid_on: DAY, paid_amount: '5000' })], []],
  [
    'one that no fine explains',
    [told({ status: 'late', paid_on: DAY, paid_amount: '5000.01' })],
    [[0, 'paid_amount']],
  ],
  ['a loan that there is not', [told({ credit_operation_key: 'other' })], [[0, 'credit_operation_key']]],
])('holds against a loan: %s', (_, outcomes, expected) => {
  expect(refused(outcomes)).toEqual(expected);
});

it('counts what was lost before, of instalments of which nothing is told now', () => {
  expect(refused([lost(2, '500')], { ...loan, lostBefore: new Decimal('2000.01') })).toEqual([
    [0, 'loss_amount'],
  ]);
});

it('holds nothing against what is not known of a loan', () => {
  const unknown = { ...loan, installments: undefined, owed: undefined };
  expect(refused([lost(144, '900000')], unknown)).toEqual([]);
});
