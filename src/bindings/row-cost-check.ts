import { breakEvenOf, checkCosts, rowCosts, usualLoans, type CellWorld } from '../decision/domain';
import type { Decimal } from '../kernel';
import type { CostCheck } from '../policy';

/** Each takes some quotes; a table of more different loans is looked at as far as this, and says so. */
const MOST_LOANS = 400;
/** Kept from one look at a policy to the next: while it is written, most of it stays. */
const MOST_KEPT = 4_000;

const TOO_IRREGULAR =
  'os segmentos de perda são irregulares demais para serem vistos por inteiro: há linhas de preço sem taxa de equilíbrio';

/** Works out what rows of prices cost, one loan at a time: bids are made on the same thread. */
export function rowCostCheck(world: Omit<CellWorld, 'on'>): CostCheck {
  const kept = new Map<string, Decimal | undefined>();
  return function* (compiled, on) {
    const { usual, isWhole } = yield* usualLoans(compiled, on);
    const different = new Map(usual.map((loan) => [loan.key, loan.loans]));
    const answers = new Map<string, Decimal | undefined>();
    for (const [key, loans] of [...different].slice(0, MOST_LOANS)) {
      if (!kept.has(key)) {
        yield;
        if (kept.size >= MOST_KEPT) kept.clear();
        kept.set(key, breakEvenOf(loans, loans.inputs, { ...world, on }));
      }
      answers.set(key, kept.get(key));
    }
    const costs = rowCosts(usual, answers);
    const left = Math.max(0, different.size - MOST_LOANS);
    const message = `as linhas de preço têm empréstimos diferentes demais: ${String(left)} ficaram sem taxa de equilíbrio`;
    return {
      costs: costs.map(({ loans, breakEven, margin }) => ({
        table: loans.table,
        row: loans.row,
        break_even_rate: breakEven?.toFixed(4) ?? null,
        margin_rate: margin?.toFixed() ?? null,
      })),
      findings: [
        ...checkCosts(compiled, costs),
        ...[...(left === 0 ? [] : [message]), ...(isWhole ? [] : [TOO_IRREGULAR])].map((said) => ({
          severity: 'warning' as const,
          path: 'economics',
          message: said,
        })),
      ],
    };
  };
}
