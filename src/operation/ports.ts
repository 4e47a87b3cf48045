import type { EntityManager } from 'typeorm';
import type { CommandAnswer } from '../commands';
import type { CalendarDate, Decimal, HolidayCalendar, JsonObject } from '../kernel';
import type { SendingPermit } from '../platform';
import type { AuthorizationRules } from './domain';

/** By which of its names, and how, a loan is cancelled depends on where it comes from and how far it has come. */
export interface CanceledLoan {
  readonly creditOperationKey: string;
  readonly auctionProposalKey: string | null;
  readonly issuerProposalRequestKey: string | null;
  /** null: not known. */
  readonly origin: 'auction' | 'active' | null;
  /** Before its reservation, as far as we have heard. */
  readonly isBeforeReservation: boolean;
}

/** A PIX charge; what QI left out is undefined. */
export interface ReversalCharge {
  readonly amount: Decimal | undefined;
  readonly expiresOn: CalendarDate | undefined;
  /** What the borrower's bank takes. */
  readonly copyPastePix: string | undefined;
  readonly qrCodeUrl: string | undefined;
}

/**
 * The counter for everything after the win. Never throws for what the network or QI does. A command whose permit is
 * refused when the connection is ready ends as `not_taken`, and no byte of it was sent.
 */
export interface ReservationDesk {
  /** PATCH authorize: binds the payroll margin. Idempotence is ours to keep. */
  authorize(creditOperationKey: string, permit: SendingPermit): Promise<CommandAnswer>;
  /** POST signed with QI's own body (manual 004, formalisation). One that QI has already is accepted. */
  submitSignature(
    creditOperationKey: string,
    body: JsonObject,
    permit: SendingPermit,
  ): Promise<CommandAnswer>;
  /**
   * With QI's own body of change_disbursement_date (manual 001, section 3.8); on another route for each product. Of those
   * without an auction first the account and then the date, each of which may be repeated.
   */
  resubmitDisbursement(
    loan: { readonly creditOperationKey: string; readonly product: string },
    body: JsonObject,
    permit: SendingPermit,
  ): Promise<CommandAnswer>;
  /** What the loan disburses on its new day, where QI has calculated it anew; undefined where the answer does not say. */
  recalculatedIn(body: string): Decimal | undefined;
  /** Final, frees the margin. */
  cancelPermanently(loan: CanceledLoan, permit: SendingPermit): Promise<CommandAnswer>;
  /** POST the reversal: the charge by which the borrower of a paid loan gives the money back. */
  requestReversal(creditOperationKey: string, permit: SendingPermit): Promise<CommandAnswer>;
  /** The charge again; a yes of 404 where there is none. */
  findReversal(creditOperationKey: string, timeoutMs: number): Promise<CommandAnswer>;
  /** What the body of either says; undefined when it cannot be read. */
  reversalIn(body: string): ReversalCharge | undefined;
  /** GET the reservation: all pages, as printed. */
  findReservations(creditOperationKey: string, timeoutMs: number): Promise<CommandAnswer>;
}

export const RESERVATION_DESK = Symbol('ReservationDesk');

/** What the policy in force says of signatures, as the transaction sees it; undefined: people decide everything. */
export interface AuthorizationRulesSource {
  rulesInForce(tx: EntityManager): Promise<AuthorizationRules | undefined>;
}

export const AUTHORIZATION_RULES_SOURCE = Symbol('AuthorizationRulesSource');

/** National bank holidays: payments are made on business days. */
export interface BusinessCalendarSource {
  currentCalendar(): HolidayCalendar;
}

export const BUSINESS_CALENDAR_SOURCE = Symbol('BusinessCalendarSource');

/** How a borrower said yes to a loan that no auction brought: who, when, from what, to which text and figures. */
export interface AcceptanceRecord {
  readonly acceptedAt: Date;
  readonly channel: string;
  readonly textVersion: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly device: string | null;
  readonly recordedAt: Date;
  readonly recordedBy: string | null;
  /** What was shown, under the names of QI's figures. */
  readonly shown: Readonly<Record<string, string>>;
}

/** undefined: nothing was accepted with us, or it was erased. */
export interface AcceptanceSource {
  acceptanceOf(creditOperationKey: string): Promise<AcceptanceRecord | undefined>;
}

export const ACCEPTANCE_SOURCE = Symbol('AcceptanceSource');

/** What of a borrower's one loan takes, and no other may meanwhile. */
export interface LoanClaims {
  /** For a loan that had ended, and goes on. @returns false when another running loan has taken the same meanwhile */
  retake(tx: EntityManager, creditOperationKey: string): Promise<boolean>;
}

export const LOAN_CLAIMS = Symbol('LoanClaims');

/** Which of these people and scripts may work on tasks now: their account or token is open, and has the right. */
export interface Workforce {
  present(actors: readonly string[]): Promise<ReadonlySet<string>>;
}

export const WORKFORCE = Symbol('Workforce');
