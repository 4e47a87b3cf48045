import { addDays, CENT, Decimal, showReais, toCents, type CalendarDate } from '../../../../kernel';
import { quote, type PricingContext, type Quote, type QuoteRequest } from '../../../../pricing/domain';
import type { Limits } from '../../../../policy/domain';
import type { FeeTable } from '../../offers';
import type { Problem } from '../../problem';
import type { RefinancedContract } from './margin-link';
import type { FederalPayrollData } from './rules';
import type { FederalPayrollWishes } from './wishes';

/** Cents between an instalment rounded from a payout and the one that keeps to it. */
const MOST_STEPS = 10;

/** What is simulated here, and by QI beside us. */
export interface PayrollAsked {
  readonly table: FeeTable;
  readonly numberOfInstallments: number;
  readonly firstDueDate: CalendarDate;
  /** The payroll calendar says so; otherwise its month is assumed, and people must be told. */
  readonly isFirstDueVerified: boolean;
  readonly refinanced: readonly RefinancedContract[];
}

export type PayrollOffer =
  | {
      readonly kind: 'simulated';
      readonly asked: PayrollAsked;
      readonly installment: Decimal;
      /** Paid on the first of the days. */
      readonly quote: Quote;
      /** The same paid on each of them, the first included. */
      readonly options: readonly Quote[];
    }
  | { readonly kind: 'refused'; readonly asked: PayrollAsked; readonly problem: Problem };

/** What all fee tables are tried on. */
export interface PayrollGround {
  readonly wish: Pick<FederalPayrollWishes, 'kind'> & { readonly amount?: Decimal };
  readonly margin: Decimal;
  readonly amounts: Limits['amount'];
  readonly numberOfInstallments: number;
  readonly firstDueDate: CalendarDate;
  readonly isFirstDueVerified: boolean;
  readonly disbursementDate: CalendarDate;
  /** So many days after it the money may be paid as well. */
  readonly limitDays: number;
  readonly refinanced: readonly RefinancedContract[];
  readonly data: FederalPayrollData;
  readonly pricing: PricingContext;
}

/** Where a loan is refused that pays no more than what it is to pay off. */
export const TOO_LITTLE = 'wishes.refinancing';

/** What pays them off, in reais. */
export function dueOf(contracts: readonly RefinancedContract[]): Decimal {
  return Decimal.sum(0, ...contracts.map(({ dueBalance }) => dueBalance));
}

/** What one fee table makes of the wish. Pure: our own figures, to the cent, for every day of payment. */
export function simulatePayroll(table: FeeTable, ground: PayrollGround): PayrollOffer {
  const { numberOfInstallments, firstDueDate, isFirstDueVerified, refinanced, margin } = ground;
  const asked = { table, numberOfInstallments, firstDueDate, isFirstDueVerified, refinanced };
  const refuse = (path: string, message: string): PayrollOffer => ({
    kind: 'refused',
    asked,
    problem: { path, message },
  });
  const pricer = new Pricer(table, ground);
  const installment = installmentFor(pricer, ground);
  if ('message' in installment) return { kind: 'refused', asked, problem: installment };
  if (installment.gt(margin))
    return refuse(
      'wishes.amount',
      `a parcela de ${showReais(installment)} passa da margem de ${showReais(margin)} deste vínculo`,
    );
  const options: Quote[] = [];
  for (let day = 0; day <= ground.limitDays; day += 1) {
    const priced = pricer.paidBy(installment, addDays(ground.disbursementDate, day));
    if ('message' in priced) return { kind: 'refused', asked, problem: priced };
    options.push(priced);
  }
  const [first] = options;
  if (first === undefined) throw new Error('there is no day of payment');
  const due = dueOf(refinanced);
  if (first.disbursedIssueAmount.lte(due))
    return refuse(
      TOO_LITTLE,
      `o novo contrato paga ${showReais(first.disbursedIssueAmount)}, menos que o saldo devedor de ${showReais(due)}`,
    );
  return { kind: 'simulated', asked, installment, quote: first, options };
}

/** The instalment that the wish comes to; of what is above the policy's largest amount, the one that keeps to it. */
function installmentFor(pricer: Pricer, { wish, margin, amounts }: PayrollGround): Decimal | Problem {
  if (wish.kind === 'target') return pricer.payingAtLeast(wish.amount ?? new Decimal(0));
  const wanted = wish.kind === 'installment' ? (wish.amount ?? margin) : margin;
  const priced = pricer.paidBy(toCents(wanted), undefined);
  if ('message' in priced) return priced;
  if (wish.kind === 'installment' || priced.disbursedIssueAmount.lte(amounts.max)) return wanted;
  return pricer.payingAtMost(amounts.max);
}

/** One fee table's prices. */
class Pricer {
  constructor(
    private readonly table: FeeTable,
    private readonly ground: PayrollGround,
  ) {}

  /** What so much a month pays out on a day; on the first one when none is given. */
  paidBy(installmentFaceValue: Decimal, on: CalendarDate | undefined): Quote | Problem {
    const { numberOfInstallments, firstDueDate } = this.ground;
    const shape = {
      kind: 'installment_face_value',
      installmentFaceValue,
      numberOfInstallments,
      firstDueDate,
    } as const;
    return this.#price(shape, on ?? this.ground.disbursementDate);
  }

  payingAtLeast(amount: Decimal): Decimal | Problem {
    return this.#near(amount, CENT, (paid) => paid.gte(amount));
  }

  payingAtMost(amount: Decimal): Decimal | Problem {
    return this.#near(amount, CENT.negated(), (paid) => paid.lte(amount));
  }

  /** An instalment is in whole cents, so what it pays out is near an amount: on the wanted side of it. */
  #near(amount: Decimal, step: Decimal, isEnough: (paid: Decimal) => boolean): Decimal | Problem {
    const { numberOfInstallments, firstDueDate, disbursementDate } = this.ground;
    const shape = {
      kind: 'disbursed_issue_amount',
      disbursedIssueAmount: amount,
      numberOfInstallments,
      firstDueDate,
    } as const;
    const priced = this.#price(shape, disbursementDate);
    if ('message' in priced) return priced;
    let installment = priced.installmentFaceValue ?? new Decimal(0);
    for (let tried = 0; tried < MOST_STEPS && installment.gt(0); tried += 1) {
      const paid = this.paidBy(installment, undefined);
      if ('message' in paid) return paid;
      if (isEnough(paid.disbursedIssueAmount)) return installment;
      installment = installment.plus(step);
    }
    return { path: 'wishes.amount', message: 'nenhuma parcela em centavos paga este valor' };
  }

  #price(shape: QuoteRequest['shape'], disbursementDate: CalendarDate): Quote | Problem {
    const { monthlyInterestRate: value, contractFees, rebates } = this.table;
    const { data, pricing } = this.ground;
    const { interestBase } = data;
    const rate = { kind: 'monthly', value } as const;
    const result = quote({ disbursementDate, rate, interestBase, contractFees, rebates, shape }, pricing);
    if (result.kind === 'quoted') return result.quote;
    const [path, message] = REFUSALS[result.refusal.code];
    return { path, message };
  }
}

/** Where to look, and what to say. In Portuguese: an attendant reads it. */
const REFUSALS = {
  no_tax_rates: ['disbursement_date', 'não há tabela de IOF para a data de desembolso'],
  outside_calendar: ['disbursement_date', 'a data está fora do calendário de feriados'],
  fees_exceed_loan: ['wishes.amount', 'o IOF e as tarifas consomem todo o valor'],
  installment_below_cent: ['wishes.amount', 'o valor é pequeno demais'],
  target_unattainable: ['wishes.amount', 'o valor desejado não é atingido'],
  cost_out_of_range: ['wishes.amount', 'o custo efetivo passa de 1000% ao mês'],
} as const satisfies Readonly<Record<string, readonly [path: string, message: string]>>;
