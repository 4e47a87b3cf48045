import {
  addDays,
  calendarDateOf,
  Decimal,
  showDate,
  yearMonthDay,
  type CalendarDate,
} from '../../../../kernel';
import {
  capsOf,
  judgeOffer,
  judgeRequest,
  notEligibleAfterAll,
  type RequestJudgement,
} from '../../../../decision/domain';
import { roomForDebt } from '../../../../exposure/domain';
import type { Reason } from '../../../../policy/domain';
import { firstDeduction, type PayrollCalendar } from '../../../../operation/domain';
import {
  beyondDebtLimits,
  disbursementDay,
  isOpen,
  offersOf,
  verdictOn,
  withinDebtLimits,
  type Offer,
  type OfferTerms,
  type Verdict,
} from '../../offers';
import type { Problem } from '../../problem';
import {
  federalPayrollOfferFacts,
  federalPayrollRequestFacts,
  marginFor,
  natureOf,
  type FederalPayrollCase,
  type LinkNature,
} from './facts';
import { linkId, linkOf, type MarginLink } from './margin-link';
import type { FederalPayrollData } from './rules';
import { readSituation } from './situation';
import { dueOf, simulatePayroll, TOO_LITTLE, type PayrollGround, type PayrollOffer } from './simulate';
import type { FederalPayrollWishes } from './wishes';

export interface FederalPayrollTerms extends OfferTerms {
  readonly data: FederalPayrollData;
  readonly payroll: PayrollCalendar;
  /** So many days after the first one the money may be paid as well. */
  readonly limitDays: number;
}

export type FederalPayrollVerdict =
  | (Verdict<PayrollOffer> & {
      /** What the product itself leaves to a person. */
      readonly doubts: readonly string[];
    })
  /** Something has to be said first that nobody can guess. */
  | { readonly kind: 'undecided'; readonly problem: Problem };

const YEAR = 12;

/** Whether a servant is offered anything on the chosen link, and what each fee table of the policy makes of the wish. */
export function judgeFederalPayroll(
  subject: FederalPayrollCase,
  wishes: FederalPayrollWishes,
  terms: FederalPayrollTerms,
): FederalPayrollVerdict {
  const chosen = chosenLink(subject.links, wishes.link);
  if ('message' in chosen) return { kind: 'undecided', problem: chosen };
  const isSaid = readSituation(chosen.situation) !== undefined;
  const link = isSaid ? chosen : { ...chosen, situation: wishes.functional_situation };
  if (link.isAuthorized === true && link.situation === undefined)
    return { kind: 'undecided', problem: NO_SITUATION };
  const nature = natureOf(link, wishes.contract_ends_on, terms.data.situations);
  if (link.isAuthorized === true && nature.pensionIsTemporary === undefined)
    return { kind: 'undecided', problem: NO_PENSION_TYPE };
  const facts = federalPayrollRequestFacts(subject, link, nature, wishes);
  const judgement = judgeRequest('federal_payroll', facts, terms);
  const margin = marginFor(link, subject.refinanced);
  const notEligible = (problem?: Problem): FederalPayrollVerdict => ({
    kind: 'not_eligible',
    judgement,
    ...(problem && { problem }),
    doubts: [],
  });
  if (link.isAuthorized !== true) return notEligible(NOT_AUTHORIZED);
  if (judgement.outcome === 'not_eligible') return notEligible();
  const open = undeclaredEnd(link, nature);
  if (open !== undefined) return { kind: 'undecided', problem: open };
  const disbursementDate = disbursementDay(terms);
  if (margin === undefined || margin.lte(0)) return notEligible(NO_MARGIN);

  const { min, max } = judgement.limits.amount;
  const beyond = beyondDebtLimits(Decimal.max(min, dueOf(subject.refinanced)), subject.standing, terms);
  if (beyond.length > 0) return noRoom(judgement, beyond, isMost(wishes));

  const most = Decimal.min(max, roomForDebt(subject.standing, capsOf(terms.policy.compiled)) ?? max);
  const ends = { birthDate: subject.birthDate, ...nature };
  const ground: Omit<PayrollGround, 'numberOfInstallments'> = {
    wish: wishes,
    margin,
    amounts: { ...judgement.limits.amount, max: most },
    ...firstDue(addDays(disbursementDate, terms.limitDays), terms),
    disbursementDate,
    limitDays: terms.limitDays,
    refinanced: subject.refinanced,
    data: terms.data,
    pricing: terms.pricing,
  };
  const offersOver = (numberOfInstallments: number) =>
    offersOf(
      judgement.feeTables,
      (table) => simulatePayroll(table, { ...ground, numberOfInstallments }),
      (simulation, feeTable) => {
        if (simulation.kind === 'refused') return undefined;
        const { quote, installment } = simulation;
        const offered = federalPayrollOfferFacts(facts, quote, installment, ends);
        const judged = judgeOffer('federal_payroll', offered, { ...terms, feeTable });
        return withinDebtLimits(judged, quote.disbursedIssueAmount, subject.standing, terms);
      },
    );
  const offers = firstStanding(termsToTry(wishes.installments, judgement), offersOver);
  return { ...verdictOn(judgement, offers, isMost(wishes)), doubts: doubtsAbout(link, nature, isSaid) };
}

const isMost = ({ kind, installments }: FederalPayrollWishes): boolean =>
  kind === 'maximum' && installments === undefined;

/** A limit leaves less than the least that may be lent. */
function noRoom(
  judgement: RequestJudgement,
  beyond: readonly Reason[],
  isMostWished: boolean,
): FederalPayrollVerdict {
  if (isMostWished)
    return { kind: 'not_eligible', judgement: notEligibleAfterAll(judgement, beyond), doubts: [] };
  return {
    kind: 'impossible',
    problems: beyond.map(({ message }) => ({ path: 'policy', message })),
    doubts: [],
  };
}

/** The offers over the first term over which one stands; where none does, what tells most. */
function firstStanding(
  terms: readonly number[],
  offersOver: (numberOfInstallments: number) => readonly Offer<PayrollOffer>[],
): readonly Offer<PayrollOffer>[] {
  const tried: (readonly Offer<PayrollOffer>[])[] = [];
  for (const term of terms) {
    const offers = offersOver(term);
    if (offers.some((offer) => isOpen(offer))) return offers;
    tried.push(offers);
  }
  return mostTelling(tried);
}

/** What the last term came to; where it paid too little for a refinancing, the longest that did, which paid more. */
function mostTelling(tried: readonly (readonly Offer<PayrollOffer>[])[]): readonly Offer<PayrollOffer>[] {
  const paysTooLittle = (offers: readonly Offer<PayrollOffer>[]): boolean =>
    offers.every(({ simulation }) => simulation.kind === 'refused' && simulation.problem.path === TOO_LITTLE);
  const last = tried.at(-1) ?? [];
  return paysTooLittle(last) ? (tried.find(paysTooLittle) ?? last) : last;
}

/** By authority and registration. Where there is only one, there is nothing to choose. */
function chosenLink(links: readonly MarginLink[], id: string | undefined): MarginLink | Problem {
  const [only, ...others] = links;
  if (id === undefined && only !== undefined && others.length === 0) return only;
  if (id === undefined) return { path: 'wishes.link', message: 'escolha o vínculo que paga o empréstimo' };
  const link = linkOf(links, id);
  if (link !== undefined) return link;
  return links.some((each) => linkId(each) === id)
    ? {
        path: 'wishes.link',
        message: 'o SIAPE informou dois vínculos que não se distinguem: conferir com a QI',
      }
    : { path: 'wishes.link', message: 'o SIAPE não informou este vínculo na consulta' };
}

/** Whether a post ends, and when a post or pension does, is declared where SIAPE does not say it. */
function undeclaredEnd({ situation }: MarginLink, nature: LinkNature): Problem | undefined {
  const path = 'wishes.contract_ends_on';
  if (nature.pensionIsTemporary === true && nature.pensionEndsOn === undefined)
    return { path, message: 'a pensão é temporária: informe o fim dela' };
  if (nature.contractIsTemporary === undefined)
    return {
      path,
      message: `a situação funcional "${situation ?? 'não informada'}" não é conhecida: informe o fim do contrato de trabalho, ou que não há`,
    };
  return nature.contractIsTemporary && nature.contractEndsOn === undefined
    ? { path, message: 'o vínculo é temporário: informe o fim do contrato de trabalho' }
    : undefined;
}

/** The wished term; else the longest allowed one, and year by year shorter ones. */
function termsToTry(
  wished: number | undefined,
  judgement: Extract<RequestJudgement, { limits: unknown }>,
): readonly number[] {
  if (wished !== undefined) return [wished];
  const { min, max } = judgement.limits.installments;
  const years = Array.from({ length: Math.ceil(max / YEAR) }, (_, i) => YEAR * i).filter(
    (count) => count > min && count < max,
  );
  return [max, ...years.toReversed(), ...(min < max ? [min] : [])];
}

/** @param isSaid the functional situation is SIAPE's own word */
function doubtsAbout(
  { authorizedUntil, situation }: MarginLink,
  { pensionIsDeclared, pensionEndsOn }: LinkNature,
  isSaid: boolean,
): readonly string[] {
  const pension = pensionEndsOn === undefined ? 'é vitalícia' : `termina em ${showDate(pensionEndsOn)}`;
  return [
    ...(authorizedUntil === undefined
      ? ['O SIAPE não informou até quando vale a autorização do servidor.']
      : []),
    ...(isSaid
      ? []
      : [`A situação funcional ${situation ?? ''} foi declarada: conferir com o contracheque.`]),
    ...(pensionIsDeclared
      ? [`Que a pensão ${pension} foi declarado: conferir com o ato da concessão ou o contracheque.`]
      : []),
  ];
}

/** In the month of the first pay that a margin reserved that day is deducted from. */
function firstDue(
  reservedOn: CalendarDate,
  { payroll, data }: FederalPayrollTerms,
): Pick<PayrollGround, 'firstDueDate' | 'isFirstDueVerified'> {
  const { competence, isVerified } = firstDeduction(reservedOn, payroll);
  const { year, month } = yearMonthDay(competence);
  return { firstDueDate: calendarDateOf(year, month, data.dueDay), isFirstDueVerified: isVerified };
}

const NOT_AUTHORIZED: Problem = {
  path: 'wishes.link',
  message:
    'o servidor não autorizou a QI a ver a margem deste vínculo: no SouGov.br, Consignações, Empréstimo Consignado, Autorizar Consignatário',
};
const NO_SITUATION: Problem = {
  path: 'wishes.functional_situation',
  message: 'o SIAPE não informou a situação funcional: informe o número que está no contracheque',
};
const NO_PENSION_TYPE: Problem = {
  path: 'wishes.contract_ends_on',
  message: 'o SIAPE não informou se a pensão é temporária: informe o fim dela, ou que não há',
};
const NO_MARGIN: Problem = {
  path: 'wishes.link',
  message:
    'não há margem livre neste vínculo. Pode estar tomada por outros contratos, pelos cartões ou pelo limite de 70% de descontos',
};
