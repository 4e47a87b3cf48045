import {
  addDays,
  calendarDateAt,
  nextBusinessDay,
  nthBusinessDayFrom,
  type CalendarDate,
  type HolidayCalendar,
} from '../../../../kernel';
import { judgeRequest, type JudgeTerms, type RequestJudgement } from '../../../../decision/domain';
import { SNAPSHOT_TOO_OLD } from '../../../../policy/domain';
import type { PricingContext } from '../../../../pricing/domain';
import type { Wishes } from '../../wishes';
import { fgtsRequestFacts, type FgtsCase } from './facts';
import { fgtsOffers, type FgtsOffer } from './offers';
import { cedablePeriods, problemsOfPeriods, type Period, type PeriodProblem } from './periods';
import { rulesOn, type FgtsData, type FgtsRules } from './rules';
import type { FgtsWish } from './simulate';

/** What a verdict depends on besides the case. The same inputs give the same verdict, byte for byte. */
export interface FgtsTerms extends JudgeTerms {
  readonly data: FgtsData;
  readonly pricing: PricingContext;
  readonly calendar: HolidayCalendar;
  /** Of the policy: how many business days after today the money is to be paid. */
  readonly disbursementBusinessDays: number;
}

export type FgtsVerdict =
  /** Nothing is offered to this borrower; the judgement, or the balance, says why. */
  | { readonly kind: 'not_eligible'; readonly judgement: RequestJudgement; readonly problem?: PeriodProblem }
  /** Something is, but not what was wished for. */
  | { readonly kind: 'impossible'; readonly problems: readonly PeriodProblem[] }
  | {
      readonly kind: 'offers';
      readonly judgement: RequestJudgement;
      readonly offers: readonly FgtsOffer[];
      /** A person has to let it through. */
      readonly needsReview: boolean;
    };

/** Whether a borrower is offered anything, and what each fee table of the policy makes of the wish. */
export function judgeFgts(subject: FgtsCase, wishes: Wishes, terms: FgtsTerms): FgtsVerdict {
  const today = calendarDateAt(terms.now);
  const facts = fgtsRequestFacts(subject);
  const judgement = judgeRequest('fgts', facts, terms);
  if (judgement.outcome === 'not_eligible') return { kind: 'not_eligible', judgement };

  const rules = rulesOn(terms.data.rules, today);
  const disbursementDate = disbursementDay(today, terms.disbursementBusinessDays, terms.calendar);
  // What is due by the day of payment is no withdrawal to come: QI refuses it, and it has no interest.
  const balance = subject.balance.periods.filter(({ dueDate }) => dueDate > disbursementDate);
  const cedable =
    rules === undefined ? [] : cedablePeriods(balance, rules).slice(0, judgement.limits.installments.max);
  if (rules === undefined || cedable.length === 0)
    return { kind: 'not_eligible', judgement, problem: nothingToCede(rules) };
  if (wishes.kind === 'periods') {
    const problems = problemsOfPeriods(chosenOf(wishes.periods), balance, rules);
    if (problems.length > 0) return { kind: 'impossible', problems };
  }
  const offers = fgtsOffers(judgement.feeTables, {
    facts,
    standing: subject.standing,
    birthDate: subject.birthDate,
    periods: wishes.kind === 'periods' ? chosenOf(wishes.periods) : cedable,
    wish: wishOf(wishes),
    disbursementDate,
    rules,
    terms,
    pricing: terms.pricing,
  });
  return verdictOn(judgement, offers, wishes);
}

function verdictOn(judgement: RequestJudgement, offers: readonly FgtsOffer[], wishes: Wishes): FgtsVerdict {
  const standing = offers.filter((offer) => isOpen(offer));
  if (standing.length > 0) {
    const needsReview =
      judgement.outcome === 'review' || standing.some((offer) => offer.judgement?.outcome === 'review');
    return { kind: 'offers', judgement, offers, needsReview };
  }
  const problems = offers.map(problemOf);
  const [problem = { path: 'periods', message: 'a política não tem oferta' }] = problems;
  return wishes.kind === 'maximum'
    ? { kind: 'not_eligible', judgement, problem }
    : { kind: 'impossible', problems };
}

/** Why a borrower is offered nothing, field by field, for whoever has just asked for it. */
export function reasonsAgainst({
  judgement,
  problem,
}: Extract<FgtsVerdict, { kind: 'not_eligible' }>): readonly PeriodProblem[] {
  const declined = judgement.reasons.filter(({ severity }) => severity === 'decline');
  const reasons = declined.map(({ code, message }) => ({
    path: code === SNAPSHOT_TOO_OLD ? 'balance' : 'policy',
    message,
  }));
  return problem === undefined ? reasons : [...reasons, problem];
}

export function isOpen({ judgement }: FgtsOffer): boolean {
  return judgement !== undefined && judgement.outcome !== 'refused';
}

/** Why an offer is none, in words for an attendant. */
export function problemOf({ simulation, judgement }: FgtsOffer): PeriodProblem {
  if (simulation.kind === 'refused') return simulation.problem;
  const against = judgement?.reasons.filter(({ severity }) => severity === 'decline') ?? [];
  return { path: 'policy', message: against.map(({ message }) => message).join(' ') };
}

function nothingToCede(rules: FgtsRules | undefined): PeriodProblem {
  return rules === undefined
    ? { path: 'periods', message: 'não há regra do Conselho Curador em vigor para hoje' }
    : { path: 'periods', message: 'não há saque de valor suficiente para ceder' };
}

const wishOf = (wishes: Wishes): FgtsWish =>
  wishes.kind === 'target' ? { kind: 'target', amount: wishes.amount } : { kind: 'maximum' };

const chosenOf = (
  periods: readonly { readonly due_date: CalendarDate; readonly amount: Period['amount'] }[],
): readonly Period[] => periods.map(({ due_date, amount }) => ({ dueDate: due_date, amount }));

/** So many business days after today; today itself, or the next one, for none. */
function disbursementDay(today: CalendarDate, days: number, calendar: HolidayCalendar): CalendarDate {
  const first = nextBusinessDay(today, calendar);
  return days === 0 ? first : nthBusinessDayFrom(addDays(first, 1), days, calendar);
}
