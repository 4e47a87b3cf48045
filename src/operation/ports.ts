import type { CommandAnswer } from '../commands';
import type { HolidayCalendar, JsonObject } from '../kernel';
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
  /** Final, frees the margin. */
  cancelPermanently(loan: CanceledLoan, permit: SendingPermit): Promise<CommandAnswer>;
  /** GET the reservation: all pages, as printed. */
  findReservations(creditOperationKey: string, timeoutMs: number): Promise<CommandAnswer>;
}

export const RESERVATION_DESK = Symbol('ReservationDesk');

/** The part of the active policy that judges signatures. undefined when there is none: then people decide everything. */
export interface AuthorizationRulesSource {
  currentRules(): AuthorizationRules | undefined;
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
