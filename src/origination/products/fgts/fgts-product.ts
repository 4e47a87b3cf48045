import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  calendarDate,
  Decimal,
  parseCalendarDate,
  type CalendarDate,
  type JsonObject,
} from '../../../kernel';
import type { SendingPermit } from '../../../platform';
import type { BorrowerFile } from '../../borrower-file';
import type { IssueNeeds, OfferTerms } from '../../domain';
import {
  BALANCE_FAILURES,
  competenceOf,
  fgtsWishes,
  fgtsWishesJson,
  judgeFgts,
  lastWithdrawal,
  problemsOfPeriods,
  rulesOn,
  type FgtsData,
} from '../../domain/products/fgts';
import { FGTS_DESK, type FgtsDesk } from '../../ports';
import type { ProposalEntity } from '../../proposal.entity';
import {
  feesOf,
  type StoredBalance,
  type StoredFee,
  type StoredOffer,
  type StoredSimulation,
  type StoredWishes,
} from '../../stored';
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
import { FGTS_DATA } from './fgts-data';
import { FgtsTermsSource } from './fgts-terms.service';
import {
  besideQi,
  offeredPeriods,
  periodsOf,
  storedBalance,
  storedOffer,
  storedPeriods,
  type StoredFgtsBalance,
  type StoredFgtsOffer,
} from './stored-fgts';

/** The anticipation of the anniversary withdrawal, from Caixa's balance to the debt. */
@Injectable()
export class FgtsProduct implements ProposalProduct {
  readonly name = 'fgts';
  readonly failures = BALANCE_FAILURES;
  readonly words = {
    queryUnderWay: 'A Caixa responde a uma consulta por vez: aguardar a resposta da outra proposta.',
    claimTaken: {
      title: 'O trabalhador já tem um contrato com saques a vir',
      detail:
        'Só é permitido um contrato por competência anual. O atual precisa ser quitado ou cancelado definitivamente.',
    },
  };
  readonly needs: IssueNeeds = { person: ['document_identification'], bankAccount: [] };
  readonly declarations = [] as const;
  readonly claimEndsWhenPaid = false;
  readonly keepsOutUntil = (offer: StoredOffer) =>
    lastWithdrawal(periodsOf(offeredPeriods(simulationOf(offer))));
  readonly byKey = {
    cancelQuery: (key: string, permit: SendingPermit) => this.desk.cancelQuery(key, permit),
    readBalance: (key: string, permit: SendingPermit) => this.desk.readBalance(key, permit),
    completed: (balance: StoredBalance, body: string) => this.#completed(balance, body),
  };

  constructor(
    @Inject(FGTS_DESK) readonly desk: FgtsDesk,
    @Inject(FGTS_DATA) private readonly data: FgtsData,
    private readonly terms: FgtsTermsSource,
  ) {}

  /** Caixa has no hours. */
  opensAt(_: unknown, from: Date): Date {
    return from;
  }

  readWishes(given: unknown): WishesReading {
    return readWishes(fgtsWishes, fgtsWishesJson, given);
  }

  viewWishes(wishes: StoredWishes): StoredWishes {
    return wishes;
  }

  mostOf(): StoredWishes {
    return { kind: 'maximum' };
  }

  queryBalance(_: ProposalEntity, { cpf }: BorrowerFile, permit: SendingPermit) {
    return this.desk.queryBalance(cpf, permit);
  }

  keep(snapshot: Snapshot, borrower: BorrowerFile) {
    if (snapshot.product !== 'fgts') throw new Error('a balance of another product');
    return {
      balance: { ...storedBalance(snapshot) },
      borrower,
      summary: { periods: snapshot.periods.length },
    };
  }

  viewBalance(balance: StoredBalance): BalanceView {
    const kept = ofFgts(balance);
    const cedable = storedPeriods(this.terms.cedable(periodsOf(kept.periods)));
    return { ...kept, cedable, links: [] };
  }

  /** A new contract takes other withdrawals; none is paid off by it. */
  ownContracts() {
    return Promise.resolve([]);
  }

  paidOffBy(): readonly string[] {
    return [];
  }

  lockedWindowOf(borrower: BorrowerFile | undefined) {
    return this.terms.lockedWindowOf(borrower);
  }

  judge(_: EntityManager, subject: ProposalCase, terms: OfferTerms): Promise<ProposalVerdict> {
    const { borrower, proposal } = subject;
    const balance = ofFgts(subject.balance);
    const wishes = fgtsWishes.parse(subject.wishes);
    const birthDate = borrower.person?.birth_date;
    const verdict = judgeFgts(
      {
        cpf: borrower.cpf,
        birthDate: birthDate === undefined ? undefined : parseCalendarDate(birthDate),
        isPep: borrower.person?.is_pep,
        channel: proposal.channel,
        target: wishes.kind === 'target' ? wishes.amount : undefined,
        balance: {
          receivedAt: subject.balanceAt,
          periods: periodsOf(balance.periods),
          activeContracts: balance.active_contracts ?? undefined,
          hasUnavailableBalance: balance.has_unavailable_balance ?? undefined,
        },
        standing: subject.standing,
        heldUntil: subject.heldUntil,
        now: terms.now,
      },
      wishes,
      { ...terms, data: this.data },
    );
    return Promise.resolve(
      verdict.kind === 'offers'
        ? { ...verdict, simulations: verdict.offers.map(storedOffer), doubts: [] }
        : verdict,
    );
  }

  simulate(offer: StoredOffer, { cpf }: BorrowerFile, permit: SendingPermit) {
    const { asked, annual_interest_rate: annual, rebates } = simulationOf(offer);
    return this.desk.simulate(
      {
        cpf,
        target: asked.target === null ? undefined : new Decimal(asked.target),
        periods: periodsOf(asked.periods),
        annualInterestRate: new Decimal(annual ?? 0),
        rebates: feesOf(rebates),
        disbursementDate: calendarDate(offer.figures.disbursement_date),
      },
      permit,
    );
  }

  besideQi(offer: StoredOffer, body: string): StoredSimulation | undefined {
    const theirs = this.desk.figuresIn(body);
    return theirs && besideQi(simulationOf(offer), theirs);
  }

  isPermittedOn(day: CalendarDate, offer: StoredOffer): boolean {
    const rules = rulesOn(this.data.rules, day);
    const periods = periodsOf(offeredPeriods(simulationOf(offer)));
    return rules !== undefined && problemsOfPeriods(periods, periods, rules).length === 0;
  }

  prepareIssue(
    _: EntityManager,
    __: ProposalEntity,
    offer: StoredOffer,
    ___: BorrowerFile,
    today: CalendarDate,
  ): Promise<IssuePreparation> {
    const simulation = simulationOf(offer);
    const { figures, monthly_interest_rate: rate, rebates } = simulation;
    const periods = offeredPeriods(simulation);
    const terms = {
      periods: periods.map(({ due_date, amount }) => ({ due_date, amount })),
      monthly_interest_rate: rate,
      rebates: rebates.map((rebate) => ({ ...rebate })),
      issue_date: today,
      disbursement_from: figures.disbursement_date,
      disbursement_until: figures.disbursement_date,
    } satisfies StoredTerms;
    return Promise.resolve({ kind: 'order', claim: competenceOf(periodsOf(periods)), terms });
  }

  issue(
    { controlKey, borrower, ready }: Parameters<ProposalProduct['issue']>[0],
    terms: JsonObject,
    permit: SendingPermit,
  ) {
    const order = terms as unknown as StoredTerms;
    return this.desk.issue(
      {
        controlKey,
        cpf: borrower.cpf,
        ...ready,
        periods: periodsOf(order.periods),
        monthlyInterestRate: new Decimal(order.monthly_interest_rate),
        rebates: feesOf(order.rebates),
        issueDate: calendarDate(order.issue_date),
        disbursementFrom: calendarDate(order.disbursement_from),
        disbursementUntil: calendarDate(order.disbursement_until),
      },
      permit,
    );
  }

  loanOf(offer: StoredOffer) {
    const periods = offeredPeriods(simulationOf(offer));
    return {
      numberOfInstallments: periods.length,
      installmentFaceValue: undefined,
      plan: periods.map(({ due_date, amount }) => ({ due_date, total_amount: amount })),
      paysOff: false as const,
    };
  }

  #completed(balance: StoredBalance, body: string): StoredBalance | undefined {
    const read = this.desk.snapshotIn(body);
    if (read === undefined) return undefined;
    const { active_contracts, has_unavailable_balance } = storedBalance(read);
    return { ...balance, active_contracts, has_unavailable_balance };
  }
}

/** Written by `keep`. */
const ofFgts = (balance: StoredBalance) => balance as unknown as StoredFgtsBalance;
/** Written by `judge`. */
const simulationOf = (offer: StoredOffer) => offer as unknown as StoredFgtsOffer;

type StoredTerms = {
  readonly periods: { readonly due_date: string; readonly amount: string }[];
  readonly monthly_interest_rate: string;
  readonly rebates?: readonly StoredFee[];
  readonly issue_date: string;
  readonly disbursement_from: string;
  readonly disbursement_until: string;
};
