import {
  ageInYears,
  Decimal,
  daysBetween,
  hourAt,
  calendarDateAt,
  yearMonthDay,
  calendarDateOf,
  daysInMonth,
  type CalendarDate,
  type Cpf,
} from '../../../../kernel';
import type { DebtStanding } from '../../../../exposure/domain';
import { nothingKnownOf, type Facts, type ProductFacts } from '../../../../policy/domain';
import type { Quote } from '../../../../pricing/domain';
import { balanceAgeHours } from '../../balance-age';
import type { Period } from './periods';

/** What the facts of a proposal depend on. Undefined is not known, and stays so. */
export interface FgtsCase {
  readonly cpf: Cpf | undefined;
  readonly birthDate: CalendarDate | undefined;
  readonly isPep: boolean | undefined;
  readonly channel: string | undefined;
  readonly target: Decimal | undefined;
  readonly balance: {
    readonly receivedAt: Date;
    readonly periods: readonly Period[];
    readonly activeContracts: number | undefined;
    readonly hasUnavailableBalance: boolean | undefined;
  };
  /** What the borrower owes us or has been offered, of all products. */
  readonly standing: DebtStanding;
  /** The last day on which a contract of ours keeps out any other. */
  readonly heldUntil: CalendarDate | undefined;
  readonly now: Date;
}

/** Everything rules may know of a proposal before it is priced. */
export function fgtsRequestFacts(of: FgtsCase): Facts & ProductFacts<'fgts'> {
  const { balance, birthDate, now } = of;
  const today = calendarDateAt(now);
  const [first] = balance.periods;
  return {
    ...nothingKnownOf('fgts'),
    cpf_valid: of.cpf?.isValid,
    borrower_cpf: of.cpf,
    borrower_age: birthDate && ageInYears(birthDate, today),
    is_pep: of.isPep,
    channel: of.channel,
    requested_amount: of.target,
    hour_of_day: hourAt(now),
    borrower_live_offers: of.standing.liveOffers,
    borrower_exposure: of.standing.borrower && of.standing.used.per_borrower,
    reference_age_hours: balanceAgeHours(balance.receivedAt, now),
    available_periods: balance.periods.length,
    available_total: Decimal.sum(0, ...balance.periods.map(({ amount }) => amount)),
    first_period_amount: first?.amount,
    days_to_first_period: first && daysBetween(today, first.dueDate),
    anniversary_month: birthDate?.slice(5, 7),
    days_to_birthday: birthDate && daysBetween(today, nextBirthday(birthDate, today)),
    active_contracts: balance.activeContracts,
    has_unavailable_balance: balance.hasUnavailableBalance,
  };
}

/** The same with an offer. */
export function fgtsOfferFacts(
  facts: Facts & ProductFacts<'fgts'>,
  quote: Quote,
  periods: readonly Period[],
  birthDate: CalendarDate | undefined,
): Facts & ProductFacts<'fgts'> {
  const amounts = periods.map(({ amount }) => amount);
  return {
    ...facts,
    offered_amount: quote.disbursedIssueAmount,
    offered_rate: quote.rates.monthly,
    offered_monthly_cet: quote.cet.monthly,
    offered_periods: periods.length,
    offered_total: Decimal.sum(...amounts),
    smallest_offered_period: Decimal.min(...amounts),
    largest_offered_period: Decimal.max(...amounts),
    last_due_date: quote.lastDueDate,
    age_at_last_installment: birthDate && ageInYears(birthDate, quote.lastDueDate),
    offered_to_requested: facts.requested_amount && quote.disbursedIssueAmount.div(facts.requested_amount),
  };
}

/** The same day of this year or the next; the last of February for the 29th. */
function nextBirthday(birthDate: CalendarDate, today: CalendarDate): CalendarDate {
  const { month, day } = yearMonthDay(birthDate);
  const inYear = (year: number): CalendarDate =>
    calendarDateOf(year, month, Math.min(day, daysInMonth(year, month)));
  const thisYear = inYear(yearMonthDay(today).year);
  return thisYear >= today ? thisYear : inYear(yearMonthDay(today).year + 1);
}
