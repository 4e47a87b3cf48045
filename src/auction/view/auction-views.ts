import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { decimal, instant, pageOfItems, pageQuery, plainText } from '../../platform';
import { AUCTION_STATUSES } from '../domain/auction-status';
import { BID_STATUSES } from '../domain/bid-status';
import { NO_DECISION, REASON_CODES_TOLD } from '../../decision/domain';
import { STATUS_REASONS_TOLD } from '../domain/status-reasons';
import { REVEALABLE } from './reveal-personal-data.service';

/** The API's shapes: amounts and rates are exact decimals in text, times are ISO 8601 in UTC, people are masked. */

const rebate = z.object({
  fee_type: z.string(),
  amount_type: z.enum(['percentage', 'absolute']),
  amount: decimal.describe('percent points of the issue amount, or reais'),
});

const attempt = z.object({
  ordinal: z.int(),
  sent_at: instant,
  answered_at: instant,
  outcome: z.enum(['accepted', 'rejected', 'not_taken', 'server_error', 'no_answer']),
  http_status: z.int().nullable(),
  detail: z.string().nullable().describe("QI's words, or why there were none"),
});

const bid = z.object({
  request_control_key: z.string(),
  auction_proposal_key: z.string().nullable(),
  status: z.enum(BID_STATUSES),
  status_reason: z.string().nullable().describe(STATUS_REASONS_TOLD),
  monthly_interest_rate: decimal.describe('fraction: 0.0249 is 2.49% a month'),
  disbursed_issue_amount: decimal,
  installment_face_value: decimal,
  number_of_installments: z.int(),
  issue_amount: decimal,
  assignment_amount: decimal,
  iof_amount: decimal,
  monthly_cet: decimal,
  disbursement_date: z.string(),
  first_due_date: z.string(),
  days_to_expiration: z.int(),
  rebates: z.array(rebate),
  rank_position: z.int().nullable(),
  submitted_at: instant.nullable().describe('null: nothing of it was sent'),
  attempts: z.array(attempt),
});

const reason = z.object({
  code: z.string().describe(REASON_CODES_TOLD),
  message: z.string().describe('in Portuguese, for the analyst'),
  severity: z.enum(['decline', 'review', 'flag']),
  rule: z.string().nullable(),
  observed: z.string().nullable(),
  required: z.string().nullable(),
});

const decision = z.object({
  outcome: z.enum(['bid', 'no_bid']),
  decided_at: instant,
  reasons: z.array(reason),
  policy_version: z.string(),
  policy_hash: z.string(),
});

const trace = z
  .record(z.string(), z.unknown())
  .describe('every rule with what it saw and wanted, and the rows used');

const request = z.object({
  name: z.string().nullable().describe('masked'),
  document_number: z.string().nullable().describe('masked'),
  employer_document_number: z.string().nullable().describe('masked when the employer is a person'),
  employer_document_type: z.string().nullable(),
  disbursed_issue_amount: decimal.nullable(),
  number_of_installments: z.int().nullable(),
  consigned_credit_balance: decimal.nullable(),
  admission_date: z.string().nullable(),
  eligible: z.boolean().nullable(),
  unreadable_fields: z.array(z.object({ path: z.string(), problem: z.string() })),
});

const auctionSummary = z.object({
  issuer_proposal_request_key: z.string(),
  status: z.enum(AUCTION_STATUSES),
  status_reason: z.string().nullable().describe(STATUS_REASONS_TOLD),
  received_at: instant,
  inclusion_limit_datetime: instant.nullable().describe('normalised to UTC'),
  expiration_datetime: instant.nullable(),
  request,
  decision: decision.nullable(),
  no_decision: z
    .enum(NO_DECISION)
    .nullable()
    .describe('why there is none: it is awaited, was never made, or is in the archive with its bids'),
  bid: bid.nullable().describe('the latest one'),
  credit_operation_key: z.string().nullable(),
});

const auctionDetail = auctionSummary.extend({
  inclusion_limit_text: z.string().nullable().describe('as QI printed it'),
  deadline_reading: z.enum(['utc', 'America/Sao_Paulo']).nullable(),
  decision: decision.extend({ trace }).nullable(),
  refits: z
    .array(decision.extend({ bid: z.int().describe('place of the bid it led to'), trace }))
    .describe('decisions of the smaller bids that followed a refusal'),
  bids: z.array(bid).describe('all of them, oldest first: a refused one may be followed by a smaller one'),
});

export class AuctionDetail extends createZodDto(auctionDetail) {}
export class AuctionPage extends createZodDto(pageOfItems(auctionSummary)) {}

export class AuctionQuery extends createZodDto(
  z.object({
    status: z.enum(AUCTION_STATUSES).optional(),
    received_from: instant.optional(),
    received_before: instant.optional(),
    ...pageQuery,
  }),
) {}

const MAX_REASON = 1_000;

const whyAsked = plainText(MAX_REASON);

export class RevealRequest extends createZodDto(
  z.object({
    fields: z
      .array(z.enum(REVEALABLE))
      .min(1)
      .max(REVEALABLE.length)
      .transform((fields) => [...new Set(fields)]),
    reason: whyAsked.describe('why it has to be seen; kept in the audit trail'),
  }),
) {}

export class ReviewRequest extends createZodDto(
  z.object({ reason: whyAsked.describe('what the borrower objects to; kept in the audit trail') }),
) {}
export class RevealedData extends createZodDto(
  z.object({
    values: z.partialRecord(z.enum(REVEALABLE), z.string().nullable()).describe('null: QI did not send it'),
  }),
) {}

export class ExplanationView extends createZodDto(
  z.object({ paragraphs: z.array(z.string()).describe('in Portuguese, for the borrower; people masked') }),
) {}
