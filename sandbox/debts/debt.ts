import type { CalendarDate, Decimal, JsonObject } from '../../src/kernel';
import type { Command } from '../loan';
import type { Borrower } from './borrower';
import type { DisbursementAccount } from './accounts';
import type { DebtTerms } from './curve';
import type { Installment, Pricing } from './pricing';

export type Product = 'fgts' | 'federal_payroll';

/** Where the contract stands; the collateral has a state of its own. */
export type DebtState =
  | 'waiting_signature'
  /** The partner's evidence arrived and is being looked at. */
  | 'signature_received'
  | 'signature_finished'
  | 'waiting_disbursement'
  | 'disbursed'
  /** Paid off by another contract. */
  | 'settled'
  /** The money came back: the borrower withdrew. */
  | 'refunded'
  | 'canceled'
  | 'canceling'
  | 'canceled_permanently';

export type CollateralState =
  | 'pending'
  | 'pending_consent'
  | 'pending_consent_with_deletion'
  | 'constituted'
  | 'refused'
  | 'released';

export interface Collateral {
  readonly key: string;
  readonly externalKey: string;
  /** As the partner sent it. */
  readonly data: JsonObject;
  state: CollateralState;
  readonly attempts: { readonly at: string; readonly outcome: string }[];
  /** Since when the borrower's consent is waited for, by the business clock. */
  pendingSince: Date | undefined;
  /** Grows when an appointment about the collateral has become void. */
  epoch: number;
}

/** What a debt costs, on whichever day it is paid out. */
export interface Offer {
  readonly terms: Omit<DebtTerms, 'disbursementDate'>;
  readonly installments: readonly Installment[];
}

export interface Debt {
  readonly key: string;
  readonly product: Product;
  readonly borrower: Borrower;
  readonly requesterIdentifierKey: string;
  readonly contractNumber: string;
  /** What of the money pays off older contracts; reais. */
  readonly paysOff: Decimal;
  /** The debts of this partner that it pays off. */
  readonly refinanced: readonly string[];
  /** The envelope it is signed in, if not alone. */
  readonly batch: SignatureBatch | undefined;
  readonly documentKey: string;
  readonly openedAt: Date;
  /** The business day of its issue, or of the new date that began it again. */
  issuedOn: CalendarDate;
  readonly offer: Offer;
  /** By day; a day that the partner removed is gone. */
  readonly options: Map<CalendarDate, Pricing>;
  readonly collateral: Collateral;
  accounts: readonly DisbursementAccount[];
  /** Chosen by the partner; otherwise the first option that has not passed. */
  disbursementDate: CalendarDate | undefined;
  state: DebtState;
  /** What a canceled debt would go back to, and who canceled it. */
  canceled: { readonly from: DebtState; readonly by: Canceler } | undefined;
  readonly history: { readonly at: string; readonly state: DebtState }[];
  readonly commands: (Command & { readonly operation: string })[];
  paid: { readonly at: Date; readonly pricing: Pricing } | undefined;
  reversal: Reversal | undefined;
  /** Grows when a cancellation overtakes what was about to happen. */
  epoch: number;
}

/** Debts of one borrower that are signed at once. */
export interface SignatureBatch {
  readonly key: string;
  readonly debts: Debt[];
}

export type Canceler = 'signature' | 'collateral' | 'payment' | 'partner';

export interface Reversal {
  readonly key: string;
  readonly qrCodeKey: string;
  readonly expirationDate: CalendarDate;
  status: 'waiting_payment' | 'pending_fund' | 'expired';
}
