import {
  addDays,
  calendarDateAt,
  itemAt,
  nextBusinessDay,
  nthBusinessDayFrom,
  type CalendarDate,
  type Decimal,
  type HolidayCalendar,
} from '../../kernel';
import {
  capsOf,
  limitReason,
  notEligibleAfterAll,
  refusedAfterAll,
  type JudgeTerms,
  type OfferJudgement,
  type OpenFeeTable,
  type RequestJudgement,
} from '../../decision/domain';
import { limitsReachedByDebt, type DebtStanding } from '../../exposure/domain';
import { SNAPSHOT_TOO_OLD, type Reason } from '../../policy/domain';
import type { Fee, PricingContext } from '../../pricing/domain';
import type { Problem } from './problem';

/** One of the offers that a policy shows side by side, at one price. */
export interface FeeTable {
  readonly id: string;
  readonly label: string;
  /** Fraction a month. */
  readonly monthlyInterestRate: Decimal;
  readonly contractFees: readonly Fee[];
  readonly rebates: readonly Fee[];
  readonly priceRow: string;
}

/** What a fee table makes of a wish: figures of the product's own, or why there are none. */
type Simulation = { readonly kind: 'simulated' } | { readonly kind: 'refused'; readonly problem: Problem };

/** What one fee table comes to, and what the policy says of it. */
export interface Offer<S extends Simulation> {
  readonly simulation: S;
  /** undefined when there are no figures to judge. */
  readonly judgement: OfferJudgement | undefined;
}

/** What a verdict depends on besides the case. The same inputs give the same verdict, byte for byte. */
export interface OfferTerms extends JudgeTerms {
  readonly pricing: PricingContext;
  readonly calendar: HolidayCalendar;
  /** Of the policy: how many business days after today the money is to be paid. */
  readonly disbursementBusinessDays: number;
}

export type Verdict<S extends Simulation> =
  /** Nothing is offered to this borrower; the judgement, or the balance, says why. */
  | { readonly kind: 'not_eligible'; readonly judgement: RequestJudgement; readonly problem?: Problem }
  /** Something is, but not what was wished for. */
  | { readonly kind: 'impossible'; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'offers';
      readonly judgement: RequestJudgement;
      readonly offers: readonly Offer<S>[];
      /** A person has to let it through. */
      readonly needsReview: boolean;
    };

/** When the money is to be paid: so many business days after today; today itself, or the next one, for none. */
export function disbursementDay({
  now,
  calendar,
  disbursementBusinessDays: days,
}: Pick<OfferTerms, 'now' | 'calendar' | 'disbursementBusinessDays'>): CalendarDate {
  const first = nextBusinessDay(calendarDateAt(now), calendar);
  return days === 0 ? first : nthBusinessDayFrom(addDays(first, 1), days, calendar);
}

/**
 * Every fee table beside the others. Prices may depend on the amount, and the amount on the price: the first price that
 * fits the amount it leads to is the table's; where none does, the offer says why.
 */
export function offersOf<S extends Simulation>(
  tables: readonly OpenFeeTable[],
  simulate: (table: FeeTable) => S,
  judge: (simulation: S, feeTable: string) => OfferJudgement | undefined,
): readonly Offer<S>[] {
  return tables.map(({ id, label, contractFees, bands }) => {
    const made: Offer<S>[] = [];
    for (const { id: priceRow, monthlyInterestRate, rebates } of bands) {
      const simulation = simulate({ id, label, monthlyInterestRate, contractFees, rebates, priceRow });
      const offer = { simulation, judgement: judge(simulation, id) };
      if (isOpen(offer)) return offer;
      made.push(offer);
    }
    return mostTelling(made);
  });
}

/** Of offers that do not stand: what the policy says at the wish's own price, else for what there are no figures. */
function mostTelling<S extends Simulation>(made: readonly Offer<S>[]): Offer<S> {
  return (
    made.findLast(({ judgement }) => judgement !== undefined && !isOfAnotherRow(judgement)) ??
    made.findLast(({ judgement }) => judgement === undefined) ??
    itemAt(made, made.length - 1)
  );
}

/** Whether it was priced by a row into which its own amount or term does not fall. */
const isOfAnotherRow = ({ reasons }: OfferJudgement): boolean =>
  reasons.some(({ code }) => code === 'RATE_NOT_OF_TABLE');

/** @param isMost the wish was the most there is: where that is nothing, nothing is offered */
export function verdictOn<S extends Simulation>(
  judgement: RequestJudgement,
  offers: readonly Offer<S>[],
  isMost: boolean,
): Verdict<S> {
  const standing = offers.filter((offer) => isOpen(offer));
  if (standing.length > 0) {
    const needsReview =
      judgement.outcome === 'review' || standing.some((offer) => offer.judgement?.outcome === 'review');
    return { kind: 'offers', judgement, offers, needsReview };
  }
  if (!isMost) return { kind: 'impossible', problems: offers.map(problemOf) };
  const against = offers.flatMap(declinesOf);
  if (against.length > 0) return { kind: 'not_eligible', judgement: notEligibleAfterAll(judgement, against) };
  const [problem = { path: 'policy', message: 'a política não tem oferta' }] = offers.map(problemOf);
  return { kind: 'not_eligible', judgement, problem };
}

/** What keeps a debt of so much from being made within what may be put at risk. */
export function beyondDebtLimits(
  amount: Decimal,
  standing: DebtStanding,
  { now, policy, withoutRules = false }: JudgeTerms,
): readonly Reason[] {
  if (withoutRules) return []; // nobody in particular, so nobody's limits
  return limitsReachedByDebt(standing, amount, now, capsOf(policy.compiled)).map(limitReason);
}

/** The same offer, held against the limits of what may be put at risk. */
export function withinDebtLimits(
  judgement: OfferJudgement,
  amount: Decimal,
  standing: DebtStanding,
  terms: JudgeTerms,
): OfferJudgement {
  const reached = beyondDebtLimits(amount, standing, terms);
  return reached.length === 0 ? judgement : refusedAfterAll(judgement, reached);
}

/** Why a borrower is offered nothing, field by field, for whoever has just asked for it. */
export function reasonsAgainst({
  judgement,
  problem,
}: Extract<Verdict<Simulation>, { kind: 'not_eligible' }>): readonly Problem[] {
  const declined = judgement.reasons.filter(({ severity }) => severity === 'decline');
  const reasons = declined.map(({ code, message }) => ({
    path: code === SNAPSHOT_TOO_OLD ? 'balance' : 'policy',
    message,
  }));
  return problem === undefined ? reasons : [...reasons, problem];
}

export function isOpen({ judgement }: Offer<Simulation>): boolean {
  return judgement !== undefined && judgement.outcome !== 'refused';
}

/** Why an offer is none, in words for an attendant. */
export function problemOf(offer: Offer<Simulation>): Problem {
  const { simulation } = offer;
  if (simulation.kind === 'refused') return simulation.problem;
  return {
    path: 'policy',
    message: declinesOf(offer)
      .map(({ message }) => message)
      .join(' '),
  };
}

function declinesOf({ judgement }: Offer<Simulation>): readonly Reason[] {
  return judgement?.reasons.filter(({ severity }) => severity === 'decline') ?? [];
}
