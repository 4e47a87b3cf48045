import { calendarDateAt, showDate, type CalendarDate } from '../../../../kernel';
import { judgeOffer, judgeRequest } from '../../../../decision/domain';
import {
  disbursementDay,
  offersOf,
  verdictOn,
  withinDebtLimits,
  type OfferTerms,
  type Verdict,
} from '../../offers';
import type { Problem } from '../../problem';
import { fgtsOfferFacts, fgtsRequestFacts, type FgtsCase } from './facts';
import { cedablePeriods, problemsOfPeriods, type Period } from './periods';
import { rulesOn, type FgtsData, type FgtsRules } from './rules';
import { simulateFgts, type FgtsSimulation, type FgtsWish } from './simulate';
import type { FgtsWishes } from './wishes';

export interface FgtsTerms extends OfferTerms {
  readonly data: FgtsData;
}

/** Whether a borrower is offered anything, and what each fee table of the policy makes of the wish. */
export function judgeFgts(subject: FgtsCase, wishes: FgtsWishes, terms: FgtsTerms): Verdict<FgtsSimulation> {
  const facts = fgtsRequestFacts(subject);
  const judgement = judgeRequest('fgts', facts, terms);
  if (judgement.outcome === 'not_eligible') return { kind: 'not_eligible', judgement };
  if (subject.heldUntil !== undefined)
    return { kind: 'not_eligible', judgement, problem: keptOut(subject.heldUntil) };

  const rules = rulesOn(terms.data.rules, calendarDateAt(terms.now));
  const disbursementDate = disbursementDay(terms);
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
  const periods = wishes.kind === 'periods' ? chosenOf(wishes.periods) : cedable;
  const ground = { periods, wish: wishOf(wishes), disbursementDate, rules, pricing: terms.pricing };
  const offers = offersOf(
    judgement.feeTables,
    (table) => simulateFgts(table, ground),
    (simulation, feeTable) => {
      if (simulation.kind === 'refused') return undefined;
      const { quote, periods: ceded } = simulation;
      const offered = fgtsOfferFacts(facts, quote, ceded, subject.birthDate);
      const judged = judgeOffer('fgts', offered, { ...terms, feeTable });
      return withinDebtLimits(judged, quote.disbursedIssueAmount, subject.standing, terms);
    },
  );
  return verdictOn(judgement, offers, wishes.kind === 'maximum');
}

function keptOut(until: CalendarDate): Problem {
  return {
    path: 'periods',
    message: `já há um contrato nosso com saques até ${showDate(until)}: um novo só depois de quitado ou cancelado definitivamente`,
  };
}

function nothingToCede(rules: FgtsRules | undefined): Problem {
  return rules === undefined
    ? { path: 'periods', message: 'não há regra do Conselho Curador em vigor para hoje' }
    : { path: 'periods', message: 'não há saque de valor suficiente para ceder' };
}

const wishOf = (wishes: FgtsWishes): FgtsWish =>
  wishes.kind === 'target' ? { kind: 'target', amount: wishes.amount } : { kind: 'maximum' };

const chosenOf = (periods: Extract<FgtsWishes, { kind: 'periods' }>['periods']): readonly Period[] =>
  periods.map(({ due_date, amount }) => ({ dueDate: due_date, amount }));
