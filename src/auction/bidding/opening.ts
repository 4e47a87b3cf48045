import type { Parties } from '../../exposure';
import { DAY_MS, type Decimal } from '../../kernel';
import type { BlindIndex, FieldCipher } from '../../platform';
import type { Deadline } from '../domain/deadline';
import type { ProposalRequest } from '../domain/proposal-request';
import { sealPersonalData } from '../personal-data';
import type { AuctionRow } from './ledger';

/** How long a request lives when QI prints no expiry: the 24 hours of the programme's rules. */
const USUAL_LIFE_MS = DAY_MS;

const COLUMN_DECIMALS = 12;

/** What an auction is opened from. */
export interface Opening {
  readonly eventId: string;
  readonly receivedAt: Date;
  readonly request: ProposalRequest;
  readonly deadline: Deadline;
}

/**
 * The auction's row, all but what it comes to.
 * @param parties who its people are, as they are found on disk
 * @param cipher what hides them there
 */
export function auctionRow(
  { eventId, receivedAt, request, deadline }: Opening,
  { borrower, employer }: Parties,
  cipher: FieldCipher,
): Omit<AuctionRow, 'status' | 'status_reason'> {
  const read = deadline.kind === 'deadline' ? deadline : undefined;
  const personal = sealPersonalData(request, cipher);
  return {
    issuer_proposal_request_key: request.key,
    webhook_event_id: eventId,
    received_at: receivedAt,
    event_at_text: request.eventAtText ?? null,
    inclusion_limit_text: request.inclusionLimitText ?? null,
    expiration_text: request.expirationText ?? null,
    deadline_reading: read?.reading ?? null,
    inclusion_limit_at: read?.limitAt ?? null,
    expiration_at: read === undefined ? null : lastMoment(read),
    requested_amount: forColumn(request.requestedAmount),
    requested_installments: request.requestedInstallments ?? null,
    consigned_credit_balance: forColumn(request.consignedCreditBalance),
    admission_date: request.admissionDate ?? null,
    eligible: request.eligible ?? null,
    borrower_index: borrower ? hex(borrower) : null,
    employer_index: employer ? hex(employer) : null,
    employer_document_type: request.employer.documentType ?? null,
    personal_key_id: personal.keyId,
    personal_ciphertext: hex(personal.ciphertext),
    unreadable_fields: request.problems,
  };
}

/**
 * An amount for lists, figures and the archive, which keeps twelve decimals and ends its run at more: beyond them lies what
 * binary floats of the printer leave (1234.5600000000001), rounded half up. Decisions are made of the webhook, to the letter.
 */
function forColumn(amount: Decimal | undefined): string | null {
  return amount?.toDecimalPlaces(COLUMN_DECIMALS).toFixed() ?? null;
}

/** Whom an offer for it would be made to: whose limits it counts in, and whom it is found by. */
export function partiesOf({ borrower, employer }: ProposalRequest, blindIndex: BlindIndex): Parties {
  const { cpf } = borrower;
  const { documentNumber } = employer;
  return {
    borrower: cpf && blindIndex.of('cpf', cpf.reveal()),
    employer: documentNumber === undefined ? undefined : blindIndex.of('employer', documentNumber),
  };
}

/** When a request ends. */
export function lastMoment({ expirationAt, limitAt }: Extract<Deadline, { kind: 'deadline' }>): Date {
  return expirationAt ?? new Date(limitAt.getTime() + USUAL_LIFE_MS);
}

/** Bytes as PostgreSQL reads them out of text. */
export function hex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
