import type { EntityManager } from 'typeorm';
import type { Cpf, Decimal, JsonObject } from '../kernel';
import type { RateModel } from '../decision/domain';
import type { SendingPermit } from '../platform';
import type { CompiledPolicy } from '../policy';
import type { StoredRateModel } from './domain/decision-context';
import type { ProposalRequest } from './domain/proposal-request';
import type { Proposal, SubmissionAnswer } from './domain/proposal';

/**
 * The counter where proposals are handed in.
 * Never throws for anything the network or QI does: every end of a call is one of the answers.
 */
export interface ProposalDesk {
  /** Makes one HTTP call at most. A refusal of the permit is an answer too: `not_taken`, and no byte was sent. */
  submit(proposal: Proposal, permit: SendingPermit): Promise<SubmissionAnswer>;
  /** For how long nothing is sent, in milliseconds: QI keeps failing. 0: a bid may be tried. */
  heldBackMs(): number;
}

export const PROPOSAL_DESK = Symbol('ProposalDesk');

/** Reads a stored new_issuer_proposal_request again; undefined when it has no key to be known by. */
export type ProposalRequestReader = (document: JsonObject) => ProposalRequest | undefined;

export const PROPOSAL_REQUEST_READER = Symbol('ProposalRequestReader');

/** Something about an auction that waits for a person. */
export interface AuctionTask {
  readonly kind: 'auction_parked' | 'pricing_drift' | 'human_review';
  readonly auctionKey: string;
  readonly code: string;
  /** In Portuguese, for the work queue. */
  readonly message: string;
  /** Who asks for it; undefined: the system. */
  readonly actor?: string;
}

/** Where people find what waits for them. */
export interface WorkQueue {
  /**
   * Opens the task in the caller's transaction, unless one of its kind is open for this auction.
   * @returns whether it was opened
   */
  open(tx: EntityManager, task: AuctionTask): Promise<boolean>;
}

export const WORK_QUEUE = Symbol('WorkQueue');

/** A won auction, as the operation that follows from it needs to know it. */
export interface Win {
  readonly creditOperationKey: string;
  readonly auctionKey: string;
  readonly auctionProposalKey: string | undefined;
  readonly borrowerCpf: Cpf | undefined;
  /** Undefined when the auction was won without a bid of ours on record. */
  readonly bid: WinningBid | undefined;
}

export interface WinningBid {
  readonly requestControlKey: string;
  readonly disbursedIssueAmount: Decimal;
  readonly installmentFaceValue: Decimal;
  readonly numberOfInstallments: number;
  readonly monthlyInterestRate: Decimal;
}

/** Where the life of the loan begins. */
export interface OperationOpener {
  /** Records the win in the caller's transaction; recording it again changes nothing. */
  recordWon(tx: EntityManager, win: Win): Promise<void>;
  /** To be called after the commit: commands that follow from the win may be sent now. */
  announce(): void;
}

export const OPERATION_OPENER = Symbol('OperationOpener');

/** Where learned rates come from. */
export interface RateModelSource {
  /**
   * Undefined where the policy lets nothing be learnt. Asked for each auction: it reads nothing.
   * @param borrower the blind index
   */
  current(policy: CompiledPolicy, now: Date, borrower: Buffer | undefined): RateModel | undefined;
  /** Reads which are in force, for what is asked next. */
  look(): Promise<void>;
  /** Those of a past decision; undefined when they are not there any more. */
  again(stored: StoredRateModel): Promise<RateModel | undefined>;
}

export const RATE_MODELS = Symbol('RateModelSource');
