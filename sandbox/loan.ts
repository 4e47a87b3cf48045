import type { Decimal, JsonObject } from '../src/kernel';
import type { LoanPlan } from './loan-plan';
import type * as payload from './payloads';

export type LoanState =
  | 'awaiting_signature'
  | 'signature_failed'
  | 'signed'
  | 'pending_requester_authorization'
  | 'authorized'
  | 'pending_reservation'
  | 'reservation_refused'
  | 'reserved'
  | 'disbursement_refused'
  | 'disbursed'
  | 'canceling'
  | 'canceled_permanently';

/** A command of the partner's that named this loan. */
export interface Command {
  readonly at: string;
  readonly status: number;
  readonly tookEffect: boolean;
  /** False when a fault kept the answer from the partner. */
  readonly heard: boolean;
}

export interface ReservationTry {
  readonly reservationKey: string;
  readonly at: Date;
  status: string;
}

export interface Loan {
  readonly creditOperationKey: string;
  readonly issuerProposalRequestKey: string;
  readonly plan: LoanPlan;
  readonly borrower: payload.Person;
  readonly request: JsonObject;
  readonly payout: payload.Payout;
  readonly monthlyInterestRate: Decimal;
  readonly contractNumber: string;
  readonly openedAt: Date;
  state: LoanState;
  readonly history: { readonly at: string; readonly state: LoanState }[];
  readonly reservations: ReservationTry[];
  readonly authorizations: Command[];
  readonly resubmissions: Command[];
  readonly cancellations: Command[];
  readonly remaining: {
    readonly reservation: string[];
    readonly disbursement: string[];
    readonly faults: LoanPlan['faults'];
  };
  /** Grows when a cancellation overtakes what was about to happen. */
  epoch: number;
}
