import { z } from 'zod';
import { decimal, instant } from '../platform';
import {
  AUCTION_STATUSES,
  STATUS_REASONS_TOLD,
  knownPersonalData,
  sentAt,
  shownEmployer,
  type AuctionStatus,
} from '../auction';
import { NO_MARGIN } from '../decision/domain';
import type { FieldCipher } from '../platform';

/** One auction as a line of a table: masked people, exact decimals, UTC. */
export const auctionRow = z.object({
  issuer_proposal_request_key: z.string(),
  status: z.enum(AUCTION_STATUSES),
  status_reason: z.string().nullable().describe(STATUS_REASONS_TOLD),
  received_at: instant,
  inclusion_limit_datetime: instant.nullable(),
  ended_at: instant.nullable().describe('when its outcome came'),
  name: z.string().nullable().describe('masked'),
  document_number: z.string().nullable().describe('masked'),
  employer_document_number: z.string().nullable().describe('masked when the employer is a person'),
  requested_amount: decimal.nullable(),
  requested_installments: z.int().nullable(),
  consigned_credit_balance: decimal.nullable(),
  decided_at: instant.nullable(),
  reason_codes: z.array(z.string()),
  policy_version: z.string().nullable(),
  monthly_interest_rate: decimal.nullable().describe('of the latest bid; a fraction'),
  monthly_cet: decimal.nullable(),
  disbursed_issue_amount: decimal.nullable(),
  installment_face_value: decimal.nullable(),
  number_of_installments: z.int().nullable(),
  submitted_at: instant.nullable().describe('null: nothing of it was sent'),
  rank_position: z.int().nullable(),
  credit_operation_key: z.string().nullable(),
  operation_status: z.string().nullable(),
  expected_margin: decimal.nullable().describe('of the bid, with the share of won auctions that is paid out'),
  margin_rate: decimal.nullable().describe('of the bid, over the funding rate; a fraction a month'),
  realised_margin: decimal
    .nullable()
    .describe('of a loan that was paid out; with its loss once that was told'),
  realised_margin_rate: decimal
    .nullable()
    .describe('as `margin_rate`, until a loss was told that is not the expected one'),
  margin_unknown: z.enum(NO_MARGIN).nullable().describe('why there is no margin of the bid'),
});

export type AuctionRowView = z.output<typeof auctionRow>;

/** As PostgreSQL gives it. */
export interface AuctionRecord {
  readonly key: string;
  readonly status: AuctionStatus;
  readonly status_reason: string | null;
  readonly received_at: Date;
  readonly cursor_at: string;
  readonly inclusion_limit_at: Date | null;
  readonly ended_at: Date | null;
  readonly personal_key_id: string;
  readonly personal_ciphertext: Buffer;
  readonly employer_document_type: string | null;
  readonly requested_amount: string | null;
  readonly requested_installments: number | null;
  readonly consigned_credit_balance: string | null;
  readonly decided_at: Date | null;
  readonly reason_codes: string[] | null;
  readonly policy_version: string | null;
  readonly monthly_interest_rate: string | null;
  readonly monthly_cet: string | null;
  readonly disbursed_issue_amount: string | null;
  readonly installment_face_value: string | null;
  readonly number_of_installments: number | null;
  readonly submitted_at: Date | null;
  readonly rank_position: number | null;
  readonly credit_operation_key: string | null;
  readonly operation_status: string | null;
  readonly expected_margin: string | null;
  readonly margin_rate: string | null;
  readonly realised_margin: string | null;
  readonly realised_margin_rate: string | null;
  readonly margin_is: string | null;
}

/** Of the facts `f` of an auction, which stand in whole cents and millionths. */
const MARGINS = `
      (f.margin * f.paid_out / 1e8)::numeric(20, 2)::text AS expected_margin,
      (f.margin_rate / 1e6)::numeric(12, 6)::text AS margin_rate,
      CASE WHEN f.loan = 'disbursed' THEN
        ((f.margin + coalesce(f.expected_loss - f.told_loss, 0)) / 1e2)::numeric(20, 2)::text END AS realised_margin,
      CASE WHEN f.loan = 'disbursed' AND coalesce(f.told_loss, f.expected_loss) = f.expected_loss THEN
        (f.margin_rate / 1e6)::numeric(12, 6)::text END AS realised_margin_rate, f.margin_is`;

/**
 * The rows of the auctions whose keys `page` yields, with everything a table shows of them. The keys are found first,
 * so that the joins are done for one page and not for the whole search.
 * @param order of columns of `page` or of the auction `a`
 */
export function rowsOf(
  page: string,
  order = 'a.received_at DESC, a.issuer_proposal_request_key DESC',
): string {
  return `
    WITH page AS MATERIALIZED (${page})
    SELECT a.issuer_proposal_request_key AS key, a.status, a.status_reason, a.received_at,
      a.received_at::text AS cursor_at, a.inclusion_limit_at, a.ended_at, a.personal_key_id, a.personal_ciphertext,
      a.employer_document_type, a.requested_amount, a.requested_installments, a.consigned_credit_balance,
      d.decided_at, d.reason_codes, d.policy_version, b.monthly_interest_rate, b.monthly_cet,
      b.disbursed_issue_amount, b.installment_face_value, b.number_of_installments, ${sentAt('b')} AS submitted_at,
      a.rank_position, a.credit_operation_key, o.status AS operation_status,
      ${MARGINS}
    FROM page JOIN auction a USING (issuer_proposal_request_key)
    LEFT JOIN decision d ON d.auction_key = a.issuer_proposal_request_key AND d.ordinal = 1
    LEFT JOIN LATERAL (SELECT * FROM bid WHERE bid.auction_key = a.issuer_proposal_request_key
                       ORDER BY ordinal DESC LIMIT 1) b ON true
    LEFT JOIN operation o ON o.credit_operation_key = a.credit_operation_key
    LEFT JOIN history_fact f ON f.key = a.issuer_proposal_request_key AND f.bid_key = b.request_control_key
    ORDER BY ${order}`;
}

export function viewAuctionRow(row: AuctionRecord, cipher: FieldCipher): AuctionRowView {
  const personal = knownPersonalData(
    row.key,
    { keyId: row.personal_key_id, ciphertext: row.personal_ciphertext },
    cipher,
  );
  return {
    issuer_proposal_request_key: row.key,
    status: row.status,
    status_reason: row.status_reason,
    received_at: row.received_at.toISOString(),
    inclusion_limit_datetime: row.inclusion_limit_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    name: personal.name?.masked ?? null,
    document_number: personal.cpf?.masked ?? null,
    employer_document_number: shownEmployer(row.employer_document_type, personal),
    requested_amount: row.requested_amount,
    requested_installments: row.requested_installments,
    consigned_credit_balance: row.consigned_credit_balance,
    decided_at: row.decided_at?.toISOString() ?? null,
    reason_codes: row.reason_codes ?? [],
    policy_version: row.policy_version,
    monthly_interest_rate: row.monthly_interest_rate,
    monthly_cet: row.monthly_cet,
    disbursed_issue_amount: row.disbursed_issue_amount,
    installment_face_value: row.installment_face_value,
    number_of_installments: row.number_of_installments,
    submitted_at: row.submitted_at?.toISOString() ?? null,
    rank_position: row.rank_position,
    credit_operation_key: row.credit_operation_key,
    operation_status: row.operation_status,
    expected_margin: row.expected_margin,
    margin_rate: row.margin_rate,
    realised_margin: row.realised_margin,
    realised_margin_rate: row.realised_margin_rate,
    margin_unknown: NO_MARGIN.find((why) => why === row.margin_is) ?? null,
  };
}
