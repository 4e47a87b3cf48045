import { Decimal, itemAt, showReais, type CalendarDate } from '../../../../kernel';
import type { Problem } from '../../problem';
import type { FgtsRules } from './rules';

/** One withdrawal to come: Caixa's date, never computed, and reais. */
export interface Period {
  readonly dueDate: CalendarDate;
  readonly amount: Decimal;
}

/**
 * The most that the rules let a contract take of a balance: consecutive withdrawals from the first one that is large
 * enough, each up to the maximum. One below the minimum in the middle ends it.
 */
export function cedablePeriods(balance: readonly Period[], rules: FgtsRules): readonly Period[] {
  const inOrder = balance.toSorted((one, other) => (one.dueDate < other.dueDate ? -1 : 1));
  const first = inOrder.findIndex(({ amount }) => amount.gte(rules.minimumWithdrawal));
  if (first === -1) return [];
  const rest = inOrder.slice(first, first + rules.maximumWithdrawals);
  const end = rest.findIndex(({ amount }) => amount.lt(rules.minimumWithdrawal));
  return (end === -1 ? rest : rest.slice(0, end)).map(({ dueDate, amount }) => ({
    dueDate,
    amount: Decimal.min(amount, rules.maximumWithdrawal),
  }));
}

/** Everything that keeps the chosen periods from being ceded; none when they may be. */
export function problemsOfPeriods(
  chosen: readonly Period[],
  balance: readonly Period[],
  rules: FgtsRules,
): readonly Problem[] {
  if (chosen.length === 0) return [{ path: 'periods', message: 'informe ao menos um período' }];
  const cedable = cedablePeriods(balance, rules);
  const problems: Problem[] = [];
  if (chosen.length > rules.maximumWithdrawals) {
    problems.push({
      path: 'periods',
      message: `são permitidos no máximo ${String(rules.maximumWithdrawals)} saques por contrato (${rules.source})`,
    });
  }
  chosen.slice(0, rules.maximumWithdrawals).forEach((period, index) => {
    problems.push(...problemsOfPeriod(period, index, cedable, rules));
  });
  return problems;
}

function* problemsOfPeriod(
  { dueDate, amount }: Period,
  index: number,
  cedable: readonly Period[],
  rules: FgtsRules,
): Generator<Problem> {
  const path = `periods[${String(index)}]`;
  const available = cedable[index];
  if (available?.dueDate !== dueDate) {
    const expected =
      available === undefined ? 'não há mais saques que possam ser cedidos' : available.dueDate;
    yield {
      path: `${path}.due_date`,
      message: `os saques devem ser consecutivos, nas datas informadas pela Caixa: ${expected}`,
    };
    return;
  }
  if (!amount.eq(amount.toDecimalPlaces(2)))
    yield { path: `${path}.amount`, message: 'informe no máximo duas casas decimais' };
  else if (amount.lt(rules.minimumWithdrawal))
    yield {
      path: `${path}.amount`,
      message: `abaixo do mínimo de ${showReais(rules.minimumWithdrawal)} por saque`,
    };
  else if (amount.gt(rules.maximumWithdrawal))
    yield {
      path: `${path}.amount`,
      message: `acima do máximo de ${showReais(rules.maximumWithdrawal)} por saque`,
    };
  else if (amount.gt(available.amount))
    yield { path: `${path}.amount`, message: `acima do saldo consultado: ${showReais(available.amount)}` };
}

/** The year that a contract begins in: that of its first withdrawal. */
export function competenceOf(periods: readonly Period[]): string {
  return itemAt(periods, 0).dueDate.slice(0, 4);
}

/** There is one contract a year: until this day a contract keeps out every other one, unless it is paid off before. */
export function lastWithdrawal(periods: readonly Period[]): CalendarDate | undefined {
  return periods
    .map(({ dueDate }) => dueDate)
    .toSorted()
    .at(-1);
}
