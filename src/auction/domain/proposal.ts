import type { Decimal } from '../../kernel';
import type { ReturnedSimulation } from '../../pricing/domain';
import type { StatusReason } from './status-reasons';

/** What we offer for one request. Exactly one amount: the disbursed one or the instalment (TRAP: never both). */
export interface Proposal {
  readonly issuerProposalRequestKey: string;
  /** A fresh UUID stored before the call; repeated only with the very same terms. */
  readonly requestControlKey: string;
  readonly amount:
    | { readonly kind: 'disbursed_issue_amount'; readonly value: Decimal }
    | { readonly kind: 'installment_face_value'; readonly value: Decimal };
  /** Fraction: 0.0249 is 2.49% a month. */
  readonly monthlyInterestRate: Decimal;
  readonly numberOfInstallments: number;
  /** 14 characters, left zeros kept. */
  readonly purchaserDocumentNumber: string;
  readonly daysToExpiration: number;
  readonly rebates: readonly Rebate[];
}

export interface Rebate {
  readonly feeType: string;
  readonly amountType: 'percentage' | 'absolute';
  /** Percent points of the issue amount (4.17 is 4.17%), or reais. */
  readonly amount: Decimal;
}

/** QI's own figures for an accepted proposal; every field may be missing. */
export type ProposalSimulation = ReturnedSimulation;

export type SubmissionAnswer =
  /** Any 2xx. */
  | {
      readonly kind: 'accepted';
      readonly httpStatus: number;
      readonly auctionProposalKey: string | undefined;
      readonly rankPosition: number | undefined;
      readonly simulation: ProposalSimulation | undefined;
      readonly body: string;
    }
  /** QI read it and said no. `margin`: its instalment came out above the balance, so a smaller offer may fit. */
  | {
      readonly kind: 'rejected';
      readonly why: 'margin' | 'other';
      readonly httpStatus: number;
      readonly code: string | undefined;
      readonly description: string | undefined;
      readonly body: string;
    }
  /** QI certainly did not take it: connection refused, name not resolved, 429, not let in. Safe to repeat. */
  | {
      readonly kind: 'not_taken';
      readonly why: string;
      readonly httpStatus: number | undefined;
      readonly retryAfterMs: number | undefined;
      readonly body: string;
    }
  /** A 5xx: may be repeated with the same control key and terms; if it stays so, nobody knows. */
  | { readonly kind: 'server_error'; readonly httpStatus: number; readonly body: string }
  /** Sent, and no answer that can be read: time-out, connection cut. It may be live at QI. */
  | { readonly kind: 'no_answer'; readonly why: string };

/** No byte of it left, for its time was over: that says nothing of QI. */
export const foundNoTime = (answer: SubmissionAnswer): boolean =>
  answer.kind === 'not_taken' && answer.why === ('too_late_to_send' satisfies StatusReason);
