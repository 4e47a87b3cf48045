import { showPercent, showReais, type CalendarDate, type Decimal, type Steps } from '../../kernel';
import { pricedLoans, type CompiledPolicy, type PolicyFinding, type PricedLoans } from '../../policy/domain';
import { usualAmount, usualTerm } from './cell-terms';

/** The usual loan of a row of prices, for one of the segments of loss that the row has a part in. */
export interface UsualLoan {
  readonly loans: PricedLoans;
  readonly amount: Decimal;
  readonly installments: number;
  /** Loans of the same key cost the same. */
  readonly key: string;
}

/** Of a row of prices the usual loan that leaves the least. */
export interface RowCost extends UsualLoan {
  /** The lowest rate at which it does not lose, a fraction a month; undefined when no rate does. */
  readonly breakEven: Decimal | undefined;
  /** The row's rate less that. */
  readonly margin: Decimal | undefined;
}

/** What of the rows of prices is to be worked out on a day; nothing without economics. Not whole: rows were left out. */
export function* usualLoans(
  { policy, economics }: Pick<CompiledPolicy, 'policy' | 'economics'>,
  on: CalendarDate,
): Steps<{ readonly usual: readonly UsualLoan[]; readonly isWhole: boolean }> {
  if (economics === undefined) return { usual: [], isWhole: true };
  const { loans: all, isWhole } = yield* pricedLoans(policy, economics, on);
  const usual: UsualLoan[] = [];
  for (const loans of all) {
    yield;
    const [amount, installments] = [usualAmount(loans), usualTerm(loans)];
    const key = JSON.stringify([on, amount, installments, loans.rebates, loans.inputs]);
    usual.push({ loans, amount, installments, key });
  }
  return { usual, isWhole };
}

/** @param breakEvens by the keys of the loans; what has none was not worked out and is left out */
export function rowCosts(
  usual: readonly UsualLoan[],
  breakEvens: ReadonlyMap<string, Decimal | undefined>,
): readonly RowCost[] {
  const worst = new Map<string, RowCost>();
  for (const loan of usual) {
    if (!breakEvens.has(loan.key)) continue;
    const { table, row, monthlyInterestRate } = loan.loans;
    const breakEven = breakEvens.get(loan.key);
    const margin = breakEven && monthlyInterestRate.minus(breakEven);
    const at = `${table} ${row}`;
    const before = worst.get(at);
    if (before === undefined || isLess(margin, before.margin)) worst.set(at, { ...loan, breakEven, margin });
  }
  return [...worst.values()];
}

/** No rate at all is the least there is. */
function isLess(a: Decimal | undefined, b: Decimal | undefined): boolean {
  return b !== undefined && (a === undefined || a.lt(b));
}

/** Rows of prices under what their usual loan costs, as severe as the policy says. */
export function checkCosts(
  { policy: { economics } }: Pick<CompiledPolicy, 'policy'>,
  costs: readonly RowCost[],
): readonly PolicyFinding[] {
  const severity = economics?.below_break_even ?? 'warning';
  return costs.flatMap(({ loans, amount, installments, breakEven, margin }): readonly PolicyFinding[] => {
    if (margin?.isNegative() === false) return [];
    const { table, row, lossRow } = loans;
    const loan = `um empréstimo de ${showReais(amount)} em ${String(installments)} parcelas (segmento ${lossRow})`;
    const message =
      breakEven === undefined || margin === undefined
        ? `nenhuma taxa cobre o custo de ${loan}`
        : `a taxa fica ${showPercent(margin.negated())} abaixo do equilíbrio, ${showPercent(breakEven)} ao mês em ${loan}`;
    return [{ severity, path: `tables[${table}].rows[${row}].then`, message }];
  });
}
