import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  calendarDate,
  Decimal,
  nextBusinessDay,
  parseCalendarDate,
  showDate,
  type CalendarDate,
  type JsonObject,
} from '../../../kernel';
import { PAYROLL_CALENDAR } from '../../../operation';
import { payrollOpensAt, type PayrollCalendar } from '../../../operation/domain';
import type { SendingPermit } from '../../../platform';
import { PricingDataService } from '../../../pricing';
import type { BorrowerFile } from '../../borrower-file';
import { disbursementDay, type IssueNeeds, type OfferTerms, type ProposalAction } from '../../domain';
import {
  federalPayrollWishes,
  federalPayrollWishesGiven,
  federalPayrollWishesJson,
  identityOf,
  judgeFederalPayroll,
  linkId,
  linkOf,
  MARGIN_FAILURES,
  shownWishes,
  type FederalPayrollData,
  type FederalPayrollWishes,
  type MarginLink,
} from '../../domain/products/federal-payroll';
import { FEDERAL_PAYROLL_DESK, type FederalPayrollDesk } from '../../ports';
import type { ProposalEntity } from '../../proposal.entity';
import type { StoredBalance, StoredOffer, StoredSimulation, StoredWishes } from '../../stored';
import type {
  BalanceView,
  IssuePreparation,
  ProposalCase,
  ProposalProduct,
  ProposalVerdict,
  Snapshot,
  WishesReading,
} from '../proposal-product';
import { readWishes } from '../read-wishes';
import {
  FEDERAL_PAYROLL_DATA,
  FEDERAL_PAYROLL_SETTINGS,
  type FederalPayrollSettings,
} from './federal-payroll-data';
import { RefinancedContracts } from './refinanced-contracts';
import { linksOf, storedMargin, viewMargin, type StoredMargin } from './stored-margin';
import { termsOf, type StoredTerms } from './stored-terms';
import {
  besidePayroll,
  paysOffIn,
  storedPayrollOffer,
  type StoredPayrollFigures,
  type StoredPayrollSimulation,
} from './stored-payroll';

/** Payroll loans to federal servants and pensioners, from SIAPE's margin to the debt. */
@Injectable()
export class FederalPayrollProduct implements ProposalProduct {
  readonly name = 'federal_payroll';
  readonly failures = MARGIN_FAILURES;
  readonly words = {
    queryUnderWay: 'O SIAPE responde a uma consulta por vez: aguardar a resposta da outra proposta.',
    claimTaken: {
      title: 'O vínculo já tem uma reserva em aberto',
      detail:
        'Só uma operação por vez reserva a margem de um vínculo. A outra precisa ser paga ou cancelada definitivamente.',
    },
  };
  readonly needs: IssueNeeds = { person: [], bankAccount: ['bank_code', 'account_type'] };
  readonly declarations = ['contract_ends_on', 'functional_situation'] as const;
  readonly claimEndsWhenPaid = true;
  /** Each link has a margin of its own. */
  readonly keepsOutUntil = () => undefined;
  /** QI has no route that reads a margin query, nor one that takes it back. */
  readonly byKey = undefined;

  constructor(
    @Inject(FEDERAL_PAYROLL_DESK) readonly desk: FederalPayrollDesk,
    @Inject(FEDERAL_PAYROLL_DATA) private readonly data: FederalPayrollData,
    @Inject(PAYROLL_CALENDAR) private readonly payroll: PayrollCalendar,
    @Inject(FEDERAL_PAYROLL_SETTINGS) private readonly settings: FederalPayrollSettings,
    private readonly pricing: PricingDataService,
    private readonly contracts: RefinancedContracts,
  ) {}

  /** A simulation does not reach SIAPE, and reservations outside its hours are queued by QI. */
  opensAt(action: ProposalAction, from: Date): Date {
    return action === 'query_balance'
      ? payrollOpensAt(from, this.settings.hours, this.pricing.context.data.holidays)
      : from;
  }

  readWishes(given: unknown): WishesReading {
    return readWishes(federalPayrollWishesGiven, federalPayrollWishesJson, given);
  }

  viewWishes(wishes: StoredWishes): StoredWishes {
    return shownWishes(wishes);
  }

  /** What was declared, and the link, stay as they are. */
  mostOf({ link, contract_ends_on, functional_situation }: StoredWishes): StoredWishes {
    const kept = Object.entries({ link, contract_ends_on, functional_situation });
    return { kind: 'maximum', ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)) };
  }

  queryBalance(_: ProposalEntity, { cpf, employment }: BorrowerFile, permit: SendingPermit) {
    return this.desk.queryBalance(cpf, employment, permit);
  }

  keep(snapshot: Snapshot, borrower: BorrowerFile) {
    if (snapshot.product !== 'federal_payroll') throw new Error('a balance of another product');
    const employments = snapshot.links.map(
      ({ authorityCode, registrationCode, pensionerRegistrationCode }) => ({
        authorityCode,
        registrationCode,
        pensionerRegistrationCode,
      }),
    );
    return {
      balance: { ...storedMargin(snapshot) },
      borrower: { ...borrower, employments },
      summary: { links: snapshot.links.length },
    };
  }

  viewBalance(balance: StoredBalance, { wishes }: ProposalEntity, today: CalendarDate): BalanceView {
    const { authorizationWarningDays: days } = this.settings;
    return viewMargin(marginOf(balance), wishes['link'], today, days, this.data.situations);
  }

  ownContracts(tx: EntityManager, proposal: ProposalEntity) {
    return this.contracts.choices(tx, proposal);
  }

  paidOffBy(offer: StoredOffer): readonly string[] {
    return payrollOf(offer).asked.refinanced.map(identityOf).toSorted();
  }

  /** SIAPE has hours, and no months of its own for anybody. */
  lockedWindowOf(): undefined {
    return undefined;
  }

  async judge(
    tx: EntityManager,
    { proposal, borrower, balance, balanceAt, wishes: stored, standing }: ProposalCase,
    terms: OfferTerms,
  ): Promise<ProposalVerdict> {
    const links = linksOf(marginOf(balance), borrower.employments ?? []);
    const wishes = withLink(federalPayrollWishes.parse(stored), borrower, links);
    const refinanced = await this.contracts.find(tx, proposal, wishes, disbursementDay(terms));
    if ('message' in refinanced) return { kind: 'impossible', problems: [refinanced] };
    const birthDate = borrower.person?.birth_date;
    const verdict = judgeFederalPayroll(
      {
        cpf: borrower.cpf,
        birthDate: birthDate === undefined ? undefined : parseCalendarDate(birthDate),
        isPep: borrower.person?.is_pep,
        channel: proposal.channel,
        receivedAt: balanceAt,
        links,
        refinanced,
        standing,
        now: terms.now,
      },
      wishes,
      { ...terms, data: this.data, payroll: this.payroll, limitDays: this.settings.limitDays },
    );
    return verdict.kind === 'offers'
      ? { ...verdict, simulations: verdict.offers.map(storedPayrollOffer) }
      : verdict;
  }

  simulate(offer: StoredOffer, { cpf }: BorrowerFile, permit: SendingPermit) {
    const terms = termsOf(payrollOf(offer));
    return this.desk.simulate({ ...terms, cpf, limitDays: this.settings.limitDays }, permit);
  }

  besideQi(offer: StoredOffer, body: string): StoredSimulation | undefined {
    const theirs = this.desk.simulationIn(body);
    return theirs && besidePayroll(payrollOf(offer), theirs);
  }

  /** It has no rules besides its caps. */
  isPermittedOn(): boolean {
    return true;
  }

  async prepareIssue(
    tx: EntityManager,
    proposal: ProposalEntity,
    offer: StoredOffer,
    borrower: BorrowerFile,
    today: CalendarDate,
  ): Promise<IssuePreparation> {
    const links = linksOf(marginOf(proposal.balance ?? {}), borrower.employments ?? []);
    const wishes = withLink(federalPayrollWishes.parse(proposal.wishes), borrower, links);
    const link = wishes.link === undefined ? undefined : linkOf(links, wishes.link);
    if (link === undefined) return over('O vínculo da oferta não está mais na consulta: consultar de novo.');
    if (link.authorizedUntil !== undefined && link.authorizedUntil < this.#reservedOn(today))
      return over(
        `A autorização do servidor termina em ${showDate(link.authorizedUntil)}, antes da reserva: pedir outra e consultar de novo.`,
      );
    const again = await this.contracts.find(
      tx,
      proposal,
      wishes,
      calendarDate(offer.figures.disbursement_date),
    );
    if ('message' in again) return over(`O refinanciamento não vale mais: ${again.message}.`);
    const { figures, monthly_interest_rate: rate, rebates, asked } = payrollOf(offer);
    return {
      kind: 'order',
      claim: linkId(link),
      terms: {
        link: linkId(link),
        installment_face_value: figures.installment_face_value,
        number_of_installments: new Decimal(figures.number_of_installments),
        first_due_date: figures.first_due_date,
        disbursement_date: figures.disbursement_date,
        monthly_interest_rate: rate,
        rebates: rebates.map((rebate) => ({ ...rebate })),
        reservation_method: asked.refinanced.length > 0 ? 'issuing' : this.settings.reservationMethod,
        refinanced: asked.refinanced.map((contract) => ({ ...contract })) as JsonObject[],
        authority: link.authority ?? null,
        authority_document_number: link.authorityDocumentNumber ?? null,
      },
    };
  }

  issue(
    { controlKey, borrower, ready }: Parameters<ProposalProduct['issue']>[0],
    stored: JsonObject,
    permit: SendingPermit,
  ) {
    const order = stored as unknown as StoredTerms;
    const employment = linkOf(borrower.employments ?? [], order.link);
    if (employment === undefined) throw new Error('the employment of an issue is not in the file');
    return this.desk.issue(
      {
        controlKey,
        cpf: borrower.cpf,
        ...ready,
        ...termsOf({
          figures: { ...order, number_of_installments: Number(order.number_of_installments) },
          monthly_interest_rate: order.monthly_interest_rate,
          rebates: order.rebates,
          asked: { refinanced: order.refinanced },
        }),
        employment,
        authority: order.authority ?? undefined,
        authorityDocumentNumber: order.authority_document_number ?? undefined,
        reservationMethod: order.reservation_method,
      },
      permit,
    );
  }

  loanOf(offer: StoredOffer) {
    const payroll = payrollOf(offer);
    const { figures } = payroll;
    return {
      numberOfInstallments: figures.number_of_installments,
      installmentFaceValue: new Decimal(figures.installment_face_value),
      plan: [{ due_date: figures.first_due_date, total_amount: figures.installment_face_value }],
      paysOff: paysOffIn(payroll),
    };
  }

  /** The first day on which SIAPE can take a reservation that is asked for today. */
  #reservedOn(today: CalendarDate): CalendarDate {
    return this.settings.hours.businessDaysOnly
      ? nextBusinessDay(today, this.pricing.context.data.holidays)
      : today;
  }
}

/** The link that was chosen, or asked about alone, or is the only one. */
function withLink(
  wishes: FederalPayrollWishes,
  { employment }: BorrowerFile,
  links: readonly MarginLink[],
): FederalPayrollWishes {
  const [only, ...others] = links;
  const alone = only !== undefined && others.length === 0 ? only : undefined;
  const meant = wishes.link ?? (employment && linkId(employment)) ?? (alone && linkId(alone));
  return meant === undefined ? wishes : { ...wishes, link: meant };
}

const over = (why: string): IssuePreparation => ({ kind: 'offer_over', why });
/** Written by `keep`. */
const marginOf = (balance: StoredBalance) => balance as unknown as StoredMargin;
/** Written by `judge`. */
const payrollOf = (offer: StoredOffer) =>
  offer as unknown as StoredPayrollSimulation & { readonly figures: StoredPayrollFigures };
