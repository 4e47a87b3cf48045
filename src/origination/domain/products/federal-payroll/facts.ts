import {
  ageInYears,
  calendarDateAt,
  completedMonths,
  daysBetween,
  Decimal,
  hourAt,
  toCents,
  type CalendarDate,
  type Cpf,
} from '../../../../kernel';
import type { DebtStanding } from '../../../../exposure/domain';
import { nothingKnownOf, type Facts, type ProductFacts } from '../../../../policy/domain';
import type { Quote } from '../../../../pricing/domain';
import { balanceAgeHours } from '../../balance-age';
import type { MarginLink, RefinancedContract } from './margin-link';
import { readSituation, type FunctionalSituation } from './situation';
import type { FederalPayrollWishes } from './wishes';

type PayrollFacts = Facts & ProductFacts<'federal_payroll'>;

/** What the facts of a proposal depend on. Undefined is not known, and stays so. */
export interface FederalPayrollCase {
  readonly cpf: Cpf;
  readonly birthDate: CalendarDate | undefined;
  readonly isPep: boolean | undefined;
  readonly channel: string;
  readonly receivedAt: Date;
  readonly links: readonly MarginLink[];
  /** As many as the wishes name. */
  readonly refinanced: readonly RefinancedContract[];
  /** What the borrower owes us or has been offered, of all products. */
  readonly standing: DebtStanding;
  readonly now: Date;
}

/** What of the chosen link is not said in so many words. */
export interface LinkNature {
  readonly isPensioner: boolean;
  readonly pensionIsTemporary: boolean | undefined;
  readonly pensionEndsOn: CalendarDate | undefined;
  /** Whether the pension ends, or when, is the pensioner's word and not SIAPE's. */
  readonly pensionIsDeclared: boolean;
  readonly contractIsTemporary: boolean | undefined;
  readonly contractEndsOn: CalendarDate | undefined;
}

/** @param declaredEnd of the post or pension, as the servant declares it; null: it has none */
export function natureOf(
  link: MarginLink,
  declaredEnd: CalendarDate | null | undefined,
  situations: ReadonlyMap<string, FunctionalSituation>,
): LinkNature {
  const known = situations.get(readSituation(link.situation)?.number ?? '');
  const isPensioner =
    link.relationship === 'pensioner' ||
    link.pensionerRegistrationCode !== undefined ||
    known?.isPension === true;
  const declared = declaredEnd === undefined ? undefined : declaredEnd !== null;
  if (isPensioner) {
    const said = isTemporaryPension(link);
    const pensionIsTemporary = said ?? declared;
    const end = link.pensionEndsOn ?? declaredEnd ?? undefined;
    return {
      isPensioner,
      pensionIsTemporary,
      pensionEndsOn: pensionIsTemporary === true ? end : undefined,
      pensionIsDeclared: said !== false && link.pensionEndsOn === undefined && declared !== undefined,
      contractIsTemporary: false,
      contractEndsOn: undefined,
    };
  }
  return {
    isPensioner,
    pensionIsTemporary: false,
    pensionEndsOn: undefined,
    pensionIsDeclared: false,
    // A temporary post stays one, whatever is declared.
    contractIsTemporary: known?.isTemporary === true ? true : (declared ?? known?.isTemporary),
    contractEndsOn: declaredEnd ?? undefined,
  };
}

/**
 * A pension that ends on a day is temporary whatever it is called. One that is called nothing, or a word that nobody knows, is
 * not known: QI prints no list of them.
 */
function isTemporaryPension({ pensionType, pensionEndsOn }: MarginLink): boolean | undefined {
  if (pensionEndsOn !== undefined || /tempor/.test(pensionType ?? '')) return true;
  return pensionType === undefined ? undefined : /life|vital|perman/.test(pensionType) ? false : undefined;
}

/** What the new loan may take a month: what is free, and what the contracts it replaces take. */
export function marginFor(
  { available }: MarginLink,
  refinanced: readonly RefinancedContract[],
): Decimal | undefined {
  return available && Decimal.sum(available, ...refinanced.map(({ installment }) => installment));
}

/** Everything rules may know of a proposal before it is priced. */
export function federalPayrollRequestFacts(
  of: FederalPayrollCase,
  link: MarginLink,
  nature: LinkNature,
  wishes: FederalPayrollWishes,
): PayrollFacts {
  const { birthDate, now } = of;
  const today = calendarDateAt(now);
  const situation = readSituation(link.situation);
  const target = wishes.kind === 'target' ? wishes.amount : undefined;
  const { installments } = wishes;
  return {
    ...nothingKnownOf('federal_payroll'),
    cpf_valid: of.cpf.isValid,
    borrower_cpf: of.cpf,
    borrower_age: birthDate && ageInYears(birthDate, today),
    is_pep: of.isPep,
    channel: of.channel,
    hour_of_day: hourAt(now),
    borrower_live_offers: of.standing.liveOffers,
    borrower_exposure: of.standing.borrower && of.standing.used.per_borrower,
    reference_age_hours: balanceAgeHours(of.receivedAt, now),
    requested_amount: target,
    requested_installments: installments,
    requested_installment:
      target === undefined || installments === undefined ? undefined : toCents(target.div(installments)),
    margin: marginFor(link, of.refinanced),
    authority_code: link.authorityCode,
    functional_situation: situation?.number,
    legal_regime: situation?.regime,
    relationship: link.relationship,
    classification: link.classification,
    is_pensioner: nature.isPensioner,
    pension_is_temporary: nature.pensionIsTemporary,
    pension_months_left: nature.pensionEndsOn && completedMonths(today, nature.pensionEndsOn),
    contract_is_temporary: nature.contractIsTemporary,
    contract_months_left: nature.contractEndsOn && completedMonths(today, nature.contractEndsOn),
    authorization_days_left: link.authorizedUntil && daysBetween(today, link.authorizedUntil),
    contract_kind: of.refinanced.length === 0 ? 'free_margin' : 'refinancing',
  };
}

/** The same with an offer. */
export function federalPayrollOfferFacts(
  facts: PayrollFacts,
  quote: Quote,
  installment: Decimal,
  {
    birthDate,
    pensionEndsOn,
    contractEndsOn,
  }: Readonly<Record<'birthDate' | 'pensionEndsOn' | 'contractEndsOn', CalendarDate | undefined>>,
): PayrollFacts {
  const { lastDueDate } = quote;
  const { margin, requested_amount: requested } = facts;
  return {
    ...facts,
    offered_amount: quote.disbursedIssueAmount,
    offered_rate: quote.rates.monthly,
    offered_monthly_cet: quote.cet.monthly,
    offered_installments: quote.numberOfInstallments,
    offered_installment: installment,
    installment_to_margin: margin?.gt(0) === true ? installment.div(margin) : undefined,
    last_due_date: lastDueDate,
    age_at_last_installment: birthDate && ageInYears(birthDate, lastDueDate),
    offered_to_requested: requested && quote.disbursedIssueAmount.div(requested),
    pension_months_after_loan: pensionEndsOn && monthsAfter(lastDueDate, pensionEndsOn),
    contract_months_after_loan: contractEndsOn && monthsAfter(lastDueDate, contractEndsOn),
  };
}

/** Whole months from the last instalment to an end; below zero as soon as the end is a day too early. */
function monthsAfter(lastDueDate: CalendarDate, end: CalendarDate): number {
  return end < lastDueDate ? -1 - completedMonths(end, lastDueDate) : completedMonths(lastDueDate, end);
}
