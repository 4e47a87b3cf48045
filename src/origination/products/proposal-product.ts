import type { EntityManager } from 'typeorm';
import type { CommandAnswer } from '../../commands';
import type { RequestJudgement } from '../../decision/domain';
import type { DebtStanding } from '../../exposure/domain';
import type { CalendarDate, Decimal, JsonObject } from '../../kernel';
import type { IssuedLoan } from '../../operation';
import type { PaidOff } from '../../operation/domain';
import type { SendingPermit } from '../../platform';
import type { DirectProduct } from '../../policy/domain';
import type { BorrowerFile } from '../borrower-file';
import type {
  BalanceFailures,
  IssueNeeds,
  OfferTerms,
  Problem,
  ProposalAction,
  ReadyBorrower,
} from '../domain';
import type { LockedWindowOn } from '../domain/products/fgts';
import type { BalanceNews, DebtDesk } from '../ports';
import type { ProposalEntity } from '../proposal.entity';
import type { StoredBalance, StoredOffer, StoredSimulation, StoredWishes } from '../stored';

export type Snapshot = Extract<BalanceNews, { kind: 'received' }>['snapshot'];

export type WishesReading =
  | { readonly kind: 'read'; readonly wishes: StoredWishes }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** A proposal as far as judging it goes, and what was wished for now. */
export interface ProposalCase {
  readonly proposal: ProposalEntity;
  readonly borrower: BorrowerFile;
  readonly balance: StoredBalance;
  readonly balanceAt: Date;
  readonly wishes: StoredWishes;
  /** What the borrower owes us or has been offered, of all products. */
  readonly standing: DebtStanding;
  /** The last day on which a loan of the borrower keeps out any other of this product. */
  readonly heldUntil: CalendarDate | undefined;
}

export type ProposalVerdict =
  /** Somebody has to choose first, and is told what. */
  | { readonly kind: 'undecided'; readonly problem: Problem }
  | { readonly kind: 'not_eligible'; readonly judgement: RequestJudgement; readonly problem?: Problem }
  | { readonly kind: 'impossible'; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'offers';
      readonly judgement: RequestJudgement;
      readonly simulations: readonly StoredSimulation[];
      readonly needsReview: boolean;
      /** What the product itself leaves to a person, besides the policy's reasons. */
      readonly doubts: readonly string[];
    };

/** What is to be written down before a debt is asked for: each repetition has the same terms. */
export type IssuePreparation =
  | {
      readonly kind: 'order';
      /** What of the borrower's the loan takes: no other running loan may hold it. */
      readonly claim: string;
      readonly terms: JsonObject;
    }
  | { readonly kind: 'offer_over'; readonly why: string };

/** A balance as the API shows it, besides when it was received. */
export interface BalanceView {
  readonly reference_date: string | null;
  readonly periods: readonly { readonly due_date: string; readonly amount: string }[];
  readonly cedable: readonly { readonly due_date: string; readonly amount: string }[];
  readonly active_contracts: number | null;
  readonly has_unavailable_balance: boolean | null;
  readonly links: readonly LinkView[];
}

/** An employment link of a servant, for a person to choose by. */
export interface LinkView {
  readonly id: string;
  readonly authority_code: string;
  readonly authority: string | null;
  readonly registration: string;
  readonly situation: string | null;
  readonly is_pensioner: boolean | null;
  readonly is_authorized: boolean | null;
  readonly margin: string | null;
  readonly consigned: string | null;
  readonly card_margin: string | null;
  readonly authorized_until: string | null;
  /** The authorisation ends soon, or has ended. */
  readonly authorization_warning: string | null;
  readonly is_chosen: boolean;
}

/** A paid loan of ours that a new one may pay off. */
export interface OwnContractView {
  readonly operation_key: string;
  readonly link: string;
  readonly installment: string;
  readonly number_of_installments: number;
  readonly first_due_date: string;
  readonly due_balance: string;
}

/**
 * In what one product differs from the others from the balance to the debt. A proposal's life, its commands, its tasks and
 * its pages are the same for all.
 */
export interface ProposalProduct {
  readonly name: DirectProduct;
  readonly failures: BalanceFailures;
  /** Why two queries, or two loans, at once are refused. */
  readonly words: {
    readonly queryUnderWay: string;
    readonly claimTaken: { readonly title: string; readonly detail: string };
  };
  readonly needs: IssueNeeds;
  /** A loan that was paid out holds no more what it took; one that was paid off, or ended without payment, never does. */
  readonly claimEndsWhenPaid: boolean;
  /** The last day on which a loan of this offer keeps out every other one; undefined: only those that take the same. */
  readonly keepsOutUntil: (offer: StoredOffer) => CalendarDate | undefined;
  readonly desk: Pick<DebtDesk<never, never>, 'findIssued' | 'balanceKeyIn' | 'issuedIn'>;

  /** The first moment from `from` on at which the other side takes `action`. */
  opensAt(action: ProposalAction, from: Date): Date;
  readWishes(given: unknown): WishesReading;
  /** The wishes as everybody sees them. */
  viewWishes(wishes: StoredWishes): StoredWishes;
  /** What of the wishes is no wish but said to be so: whoever says it is not the one to confirm it. */
  readonly declarations: readonly string[];
  /** The most there is, where what was wished for cannot be. */
  mostOf(wishes: StoredWishes): StoredWishes;

  queryBalance(
    proposal: ProposalEntity,
    borrower: BorrowerFile,
    permit: SendingPermit,
  ): Promise<CommandAnswer>;
  /** Where QI has a route for them. */
  readonly byKey:
    | {
        cancelQuery(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer>;
        /** What the webhook of a balance leaves out is read before it is judged. */
        readBalance(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer>;
        /** @returns the balance with what only its reading says; undefined when that cannot be read */
        completed(balance: StoredBalance, body: string): StoredBalance | undefined;
      }
    | undefined;
  /** What is kept of a balance; the borrower's file where it says something personal. */
  keep(
    snapshot: Snapshot,
    borrower: BorrowerFile,
  ): {
    readonly balance: StoredBalance;
    readonly borrower: BorrowerFile;
    /** For the timeline. */
    readonly summary: Readonly<Record<string, unknown>>;
  };
  viewBalance(balance: StoredBalance, proposal: ProposalEntity, today: CalendarDate): BalanceView;

  /** The borrower's loans of ours that this one may pay off, where a product knows that. */
  ownContracts(tx: EntityManager, proposal: ProposalEntity): Promise<readonly OwnContractView[]>;

  /** The contracts that a loan of this offer pays off, each by what tells it from any other, in one order. */
  paidOffBy(offer: StoredOffer): readonly string[];

  /** In which the other side takes nothing from a borrower: the present one or the next, where there is one. */
  lockedWindowOf(borrower: BorrowerFile | undefined): LockedWindowOn | undefined;

  judge(tx: EntityManager, subject: ProposalCase, terms: OfferTerms): Promise<ProposalVerdict>;
  /** Asks QI to simulate the same. */
  simulate(offer: StoredOffer, borrower: BorrowerFile, permit: SendingPermit): Promise<CommandAnswer>;
  /** The same simulation beside QI's figures; undefined when they cannot be read. */
  besideQi(offer: StoredOffer, body: string): StoredSimulation | undefined;

  /** By the product's own rules of the day on which the contract is made, besides what law lets all of them cost and last. */
  isPermittedOn(day: CalendarDate, offer: StoredOffer): boolean;
  prepareIssue(
    tx: EntityManager,
    proposal: ProposalEntity,
    offer: StoredOffer,
    borrower: BorrowerFile,
    today: CalendarDate,
  ): Promise<IssuePreparation>;
  /** @param terms what `prepareIssue` made */
  issue(
    issued: { readonly controlKey: string; readonly borrower: BorrowerFile; readonly ready: ReadyBorrower },
    terms: JsonObject,
    permit: SendingPermit,
  ): Promise<CommandAnswer>;
  loanOf(offer: StoredOffer): {
    readonly numberOfInstallments: number;
    readonly installmentFaceValue: Decimal | undefined;
    readonly plan: IssuedLoan['plan'];
    /** Other contracts are paid off from it: what they may cost. */
    readonly paysOff: PaidOff | false;
  };
}
