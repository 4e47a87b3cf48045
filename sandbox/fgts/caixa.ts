import {
  addMonths,
  calendarDate,
  calendarDateOf,
  Decimal,
  nextBusinessDay,
  toCents,
  yearMonthDay,
  type CalendarDate,
} from '../../src/kernel';
import type { Behaviour } from '../behaviour';
import { BANK_CALENDAR } from '../business-days';
import { Random } from '../random';
import { Shelf } from '../shelf';
import type { FgtsPlan } from './fgts-plan';

export interface Period {
  readonly dueDate: CalendarDate;
  readonly amount: Decimal;
}

/** Law 8.036, annex: of a balance up to the first number, a share and a fixed addition. */
const BANDS = [
  [500, '0.5', 0],
  [1000, '0.4', 50],
  [5000, '0.3', 150],
  [10_000, '0.2', 650],
  [15_000, '0.15', 1150],
  [20_000, '0.1', 1900],
  [Infinity, '0.05', 2900],
] as const;

/** Caixa's books: what each worker may withdraw in years to come, and what of it is pledged. */
export class Caixa {
  readonly #pledges: Shelf<{ readonly cpf: string; readonly periods: readonly Period[] }>;

  constructor(
    private readonly seed: number,
    private readonly behaviour: () => Behaviour,
  ) {
    this.#pledges = new Shelf(() => behaviour().keep.debts);
  }

  /** The withdrawals foreseen on `today`, pledged or not: the same ones for the same CPF. */
  foreseen(cpf: string, today: CalendarDate, plan: FgtsPlan | undefined): readonly Period[] {
    if (plan?.periods !== undefined)
      return plan.periods.map((each) => ({
        dueDate: calendarDate(each.due_date),
        amount: new Decimal(each.amount),
      }));
    const { periods: count, due_dates: rule } = this.behaviour().contract.fgts;
    const random = new Random(this.seed, `fgts of ${cpf}`);
    const month = random.integer(1, 12);
    let balance = new Decimal(random.integer(60_000, 4_000_000)).div(100);
    const first = firstDueDate(plan?.birth_month ?? month, today, rule);
    return Array.from({ length: count }, (_, i) => {
      const amount = withdrawalOf(balance);
      balance = balance.minus(amount);
      return { dueDate: shifted(addMonths(first, 12 * i), rule), amount };
    }).filter((period) => period.amount.gt(0));
  }

  /** What is left of them after all pledges. */
  available(cpf: string, foreseen: readonly Period[]): readonly Period[] {
    const pledged = this.#pledges
      .all()
      .filter((pledge) => pledge.cpf === cpf)
      .flatMap((each) => each.periods);
    return foreseen
      .map(({ dueDate, amount }) => ({
        dueDate,
        amount: pledged
          .filter((period) => period.dueDate === dueDate)
          .reduce((left, period) => left.minus(period.amount), amount),
      }))
      .filter((period) => period.amount.gt(0));
  }

  /** Contracts that hold a pledge. */
  activeContracts(cpf: string): number {
    return this.#pledges.all().filter((pledge) => pledge.cpf === cpf).length;
  }

  pledge(contract: string, cpf: string, periods: readonly Period[]): void {
    this.#pledges.put(contract, { cpf, periods });
  }

  release(contract: string): void {
    this.#pledges.delete(contract);
  }

  clear(): void {
    this.#pledges.clear();
  }
}

function withdrawalOf(balance: Decimal): Decimal {
  const band = BANDS.find(([upTo]) => balance.lte(upTo));
  return band === undefined ? new Decimal(0) : toCents(balance.times(band[1]).plus(band[2]));
}

type DueDateRule = Behaviour['contract']['fgts']['due_dates'];

/** The first day of the birth month, this year or next, that is still to come. */
function firstDueDate(month: number, today: CalendarDate, rule: DueDateRule): CalendarDate {
  const { year } = yearMonthDay(today);
  const first = calendarDateOf(year, month, 1);
  return shifted(first, rule) > today ? first : addMonths(first, 12);
}

const shifted = (date: CalendarDate, rule: DueDateRule): CalendarDate =>
  rule === 'business_day' ? nextBusinessDay(date, BANK_CALENDAR) : date;
