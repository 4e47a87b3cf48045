import type { CalendarDate, Cpf, Decimal, Personal } from '../../kernel';

/**
 * A borrower's request for a loan, as one auction of QI announces it (manual 003, new_issuer_proposal_request).
 * Whatever QI left out, wrote as null or wrote unreadably is undefined; `problems` names what could not be read.
 * Nothing here is defaulted: a rule that needs a missing fact declines.
 */
export interface ProposalRequest {
  /** `issuer_proposal_request_key`: an opaque text. */
  readonly key: string;
  /** QI's word: ongoing, finished, expired, or one we do not know. */
  readonly status: string | undefined;
  /** Times as printed; their zone is doubtful, so they are interpreted apart (see deadline.ts). */
  readonly eventAtText: string | undefined;
  readonly inclusionLimitText: string | undefined;
  readonly expirationText: string | undefined;
  readonly borrower: Borrower;
  readonly employer: Employer;
  /** Start of the present job. */
  readonly admissionDate: CalendarDate | undefined;
  /** QI's own flag; not to be trusted alone (it is true beside a past termination in the manual's sample). */
  readonly eligible: boolean | undefined;
  /** What the borrower asks to be paid out, in reais. */
  readonly requestedAmount: Decimal | undefined;
  readonly requestedInstallments: number | undefined;
  /** The payroll margin: the highest instalment QI accepts, in reais. */
  readonly consignedCreditBalance: Decimal | undefined;
  /** History of leaves and termination notices of the job; undefined when absent or null, empty when QI sent none. */
  readonly alerts: readonly WorkAlert[] | undefined;
  readonly problems: readonly FieldProblem[];
}

export interface Borrower {
  readonly name: Personal | undefined;
  readonly cpf: Cpf | undefined;
  readonly birthDate: CalendarDate | undefined;
  /** eSocial registration of the employee. */
  readonly registration: Personal | undefined;
  /** QI's word in lower case; `not_exposed` is the only one printed. */
  readonly politicalExposition: string | undefined;
}

export interface Employer {
  readonly documentType: 'cnpj' | 'cpf' | undefined;
  /** Normalised: 14 characters of a CNPJ (letters allowed) or 11 digits of a CPF. */
  readonly documentNumber: string | undefined;
}

/** One entry of the job's history. Presence alone means nothing: the dates say whether it matters today. */
export interface WorkAlert {
  /** `leave`, `termination`, or a type we do not know. */
  readonly type: string;
  readonly referenceDate: CalendarDate | undefined;
  /** eSocial table 18, two digits ("03"). */
  readonly leaveReasonCode: string | undefined;
  readonly leaveStartDate: CalendarDate | undefined;
  readonly leaveEndDate: CalendarDate | undefined;
  /** eSocial table 19, two digits ("01"). */
  readonly terminationReasonCode: string | undefined;
  readonly terminationDate: CalendarDate | undefined;
  readonly noticePeriodStartDate: CalendarDate | undefined;
  readonly noticePeriodEndDate: CalendarDate | undefined;
}

/** A field of an inbound document that was there but could not be read. Carries no value: it may be personal. */
export interface FieldProblem {
  /** Path in QI's document, e.g. `data.issuer_proposal_request_data.birth_date`. */
  readonly path: string;
  readonly problem: string;
}
