import { UNKNOWN_BORROWER } from '../../../../exposure/domain';
import {
  DAY_MS,
  addMonths,
  calendarDateAt,
  calendarDateOf,
  Decimal,
  toCents,
  toEpochDay,
  yearMonthDay,
  type CalendarDate,
} from '../../../../kernel';
import type { Verdict } from '../../offers';
import { judgeFgts, type FgtsTerms } from './judge';
import { lockedWindow, type LockedWindowOn } from './locked-window';
import { rulesOn, type FgtsRules, type WithdrawalBand } from './rules';
import type { FgtsSimulation } from './simulate';

/** A withdrawal as the table of the law would give it. Caixa alone knows the true one. */
export interface EstimatedWithdrawal {
  /** The first day of the month of the birthday: due dates are Caixa's, and no estimate knows them. */
  readonly month: CalendarDate;
  /** What the table gives. */
  readonly withdrawal: Decimal;
  /** What of it a contract could take; zero when it is below the minimum. */
  readonly cedable: Decimal;
}

/** What somebody might be offered, before Caixa was asked and without knowing who it is. Never an offer. */
export interface FgtsEstimate {
  readonly window: LockedWindowOn;
  /** The first day on which a contract can be made: today, or the end of the locked window. */
  readonly contractFrom: CalendarDate;
  readonly withdrawals: readonly EstimatedWithdrawal[];
  /** The policy's prices and limits for that day; its rules are not asked. */
  readonly verdict: Verdict<FgtsSimulation>;
}

/**
 * What a balance might pay out: Caixa's dates and amounts are guessed from the annual table of the law, and priced as a
 * balance of Caixa's would be.
 * @param balance reais in all accounts of the borrower
 * @throws DateOutsideCalendarError when the dates lie outside the holiday calendar
 */
export function estimateFgts(balance: Decimal, birthDate: CalendarDate, terms: FgtsTerms): FgtsEstimate {
  const today = calendarDateAt(terms.now);
  const { month: birthMonth } = yearMonthDay(birthDate);
  const window = lockedWindow(birthMonth, today, terms.data, terms.calendar);
  const contractFrom = window.isNow ? window.permittedFrom : today;
  const now = window.isNow ? noonOf(contractFrom) : terms.now;
  const rules = rulesOn(terms.data.rules, contractFrom);
  const withdrawals =
    rules === undefined
      ? []
      : estimateWithdrawals(balance, birthMonth, { today, contractFrom }, terms.data.bands, rules);
  const periods = withdrawals
    .filter(({ cedable }) => cedable.gt(0))
    .map(({ month, cedable }) => ({ dueDate: month, amount: cedable }));
  const nothingKnown = { activeContracts: undefined, hasUnavailableBalance: undefined };
  const verdict = judgeFgts(
    {
      cpf: undefined,
      birthDate,
      isPep: undefined,
      channel: undefined,
      target: undefined,
      balance: { receivedAt: now, periods, ...nothingKnown },
      heldUntil: undefined,
      standing: UNKNOWN_BORROWER,
      now,
    },
    { kind: 'maximum' },
    { ...terms, now, withoutRules: true },
  );
  return { window, contractFrom, withdrawals, verdict };
}

/**
 * What a balance would allow, without Caixa: each year's withdrawal by the annual table, the balance shrinking by it.
 * Deposits and interest to come are left out, so it is on the low side. A withdrawal that falls due before a contract can
 * be made is the borrower's own.
 * @param balance reais in all accounts of the borrower
 * @param birthMonth 1 to 12
 */
export function estimateWithdrawals(
  balance: Decimal,
  birthMonth: number,
  { today, contractFrom }: { readonly today: CalendarDate; readonly contractFrom: CalendarDate },
  bands: readonly WithdrawalBand[],
  rules: FgtsRules,
): readonly EstimatedWithdrawal[] {
  const { year, month: thisMonth } = yearMonthDay(today);
  const firstMonth = calendarDateOf(birthMonth > thisMonth ? year : year + 1, birthMonth, 1);
  const estimates: EstimatedWithdrawal[] = [];
  let left = balance;
  for (let nth = 0; estimates.length < rules.maximumWithdrawals && left.gt(0); nth += 1) {
    const month = addMonths(firstMonth, 12 * nth);
    const withdrawal = withdrawalFrom(left, bands);
    left = left.minus(withdrawal);
    if (month <= contractFrom) continue;
    const isCedable = withdrawal.gte(rules.minimumWithdrawal);
    estimates.push({
      month,
      withdrawal,
      cedable: isCedable ? Decimal.min(withdrawal, rules.maximumWithdrawal) : new Decimal(0),
    });
    if (!isCedable) break;
  }
  return estimates;
}

/** The share of the band and its additional sum, rounded half up to the cent; never more than there is. */
export function withdrawalFrom(balance: Decimal, bands: readonly WithdrawalBand[]): Decimal {
  const band = bands.find(({ upTo }) => upTo === undefined || balance.lte(upTo));
  if (band === undefined) return new Decimal(0);
  return Decimal.min(balance, toCents(balance.times(band.share).plus(band.additional)));
}

const noonOf = (day: CalendarDate): Date => new Date((toEpochDay(day) + 0.5) * DAY_MS);
