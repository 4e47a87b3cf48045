import { showReais, type CalendarDate, type Decimal } from '../../../../kernel';
import { quote, type PricingContext, type Quote } from '../../../../pricing/domain';
import type { FeeTable } from '../../offers';
import type { Problem } from '../../problem';
import type { Period } from './periods';
import type { FgtsRules } from './rules';

/** QI counts a year of interest over 365 days for this product (manual 004, both printed simulations). */
export const FGTS_INTEREST_BASE = 'calendar_days_365';

/** The most there is, or exactly this paid out. */
export type FgtsWish = { readonly kind: 'maximum' } | { readonly kind: 'target'; readonly amount: Decimal };

/** What was asked: how much of these withdrawals. */
interface FgtsAsked {
  readonly table: FeeTable;
  readonly wish: FgtsWish;
  readonly periods: readonly Period[];
}

export type FgtsSimulation =
  | {
      readonly kind: 'simulated';
      readonly asked: FgtsAsked;
      readonly quote: Quote;
      /** What of each withdrawal is ceded. */
      readonly periods: readonly Period[];
    }
  | { readonly kind: 'refused'; readonly asked: FgtsAsked; readonly problem: Problem };

/** What all fee tables are tried on. */
interface FgtsGround {
  readonly periods: readonly Period[];
  readonly wish: FgtsWish;
  readonly disbursementDate: CalendarDate;
  readonly rules: FgtsRules;
  readonly pricing: PricingContext;
}

/** What one fee table makes of the periods. Pure: our own figures, to the cent. */
export function simulateFgts(
  table: FeeTable,
  { periods, wish, disbursementDate, rules, pricing }: FgtsGround,
): FgtsSimulation {
  const asked = { table, wish, periods };
  const refuse = (path: string, message: string): FgtsSimulation => ({
    kind: 'refused',
    asked,
    problem: { path, message },
  });
  const installments = periods.map(({ dueDate, amount }) => ({ dueDate, totalAmount: amount }));
  const result = quote(
    {
      disbursementDate,
      rate: { kind: 'monthly', value: table.monthlyInterestRate },
      interestBase: FGTS_INTEREST_BASE,
      contractFees: table.contractFees,
      rebates: table.rebates,
      shape:
        wish.kind === 'maximum'
          ? { kind: 'installments', installments }
          : { kind: 'target_disbursed_amount', targetDisbursedAmount: wish.amount, installments },
    },
    pricing,
  );
  if (result.kind === 'refused') {
    const [path, message] = REFUSALS[result.refusal.code];
    // Whoever wished for an amount has no other field to mend.
    return refuse(path === 'periods' && wish.kind === 'target' ? 'target_amount' : path, message);
  }
  const taken = takenBy(result.quote);
  const last = taken.at(-1);
  if (last !== undefined && last.amount.lt(rules.minimumWithdrawal)) {
    return refuse(
      'target_amount',
      `o último saque ficaria em ${showReais(last.amount)}, abaixo do mínimo de ${showReais(rules.minimumWithdrawal)}`,
    );
  }
  return { kind: 'simulated', asked, quote: result.quote, periods: taken };
}

function takenBy(priced: Quote): readonly Period[] {
  return priced.schedule().map(({ dueDate, totalAmount }) => ({ dueDate, amount: totalAmount }));
}

/** Where to look, and what to say. In Portuguese: an attendant reads it. */
const REFUSALS = {
  no_tax_rates: ['disbursement_date', 'não há tabela de IOF para a data de desembolso'],
  outside_calendar: ['disbursement_date', 'a data está fora do calendário de feriados'],
  fees_exceed_loan: ['periods', 'o IOF e as tarifas consomem todo o valor'],
  installment_below_cent: ['target_amount', 'o valor é pequeno demais'],
  target_unattainable: ['target_amount', 'o valor desejado é maior do que os saques disponíveis pagam'],
  cost_out_of_range: ['periods', 'o custo efetivo passa de 1000% ao mês'],
} as const satisfies Readonly<Record<string, readonly [path: string, message: string]>>;
