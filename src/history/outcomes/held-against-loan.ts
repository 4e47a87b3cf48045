import { Decimal, flatMapInSteps, showReais, type CalendarDate, type Steps } from '../../kernel';
import { impossibleDays, KEY, type Field, type LoanOutcome } from './outcome';

/** What is known of a loan that something is told of. */
export interface ToldLoan {
  readonly openedOn: CalendarDate;
  readonly installments: number | undefined;
  /** All its instalments together. */
  readonly owed: Decimal | undefined;
  /** What was written off of instalments of which nothing is told now. */
  readonly lostBefore: Decimal;
}

export interface LineProblem {
  /** Which of the outcomes. */
  readonly at: number;
  readonly field: Field;
  readonly message: string;
}

/** Fines and interest of years beyond its day; a slip of the decimal point is more. */
const MOST_PAID = 2;

/** Everything that cannot be of the loans that it is told of: days, instalments that they do not have, more than they owe. */
export function* problemsWithLoans(
  outcomes: readonly LoanOutcome[],
  loans: ReadonlyMap<string, ToldLoan>,
  today: CalendarDate,
): Steps<readonly LineProblem[]> {
  const lost = new Map<string, Decimal>();
  return yield* flatMapInSteps(outcomes, function* (one, at): Steps<readonly LineProblem[]> {
    yield;
    const loan = loans.get(one.credit_operation_key);
    if (loan === undefined) return [{ at, field: KEY, message: 'não há operação com esta chave' }];
    const before = lost.get(one.credit_operation_key) ?? loan.lostBefore;
    const withThis = before.plus(one.loss_amount ?? 0);
    lost.set(one.credit_operation_key, withThis);
    return [...impossibleDays(one, loan.openedOn, today), ...beyond(one, loan, withThis)].map(
      ([field, message]) => ({ at, field, message }),
    );
  });
}

function beyond(
  { installment, paid_amount, loss_amount }: LoanOutcome,
  { installments, owed }: ToldLoan,
  lost: Decimal,
): readonly (readonly [Field, message: string])[] {
  const found: (readonly [Field, string])[] = [];
  if (installments !== undefined && installment > installments)
    found.push(['installment', `a operação tem ${String(installments)} parcelas`]);
  if (owed === undefined) return found;
  const all = showReais(owed);
  if (paid_amount !== null && new Decimal(paid_amount).gt(owed.times(MOST_PAID)))
    found.push(['paid_amount', `é mais que o dobro de todas as parcelas da operação, ${all}`]);
  if (loss_amount !== null && lost.gt(owed)) {
    const sum = showReais(lost);
    const message = `com esta linha as perdas da operação somam ${sum}; todas as suas parcelas são ${all}`;
    found.push(['loss_amount', message]);
  }
  return found;
}
