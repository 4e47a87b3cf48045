import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { FieldCipher, cursorInstant, decodeCursor, pageOf } from '../../platform';
import type { AuctionDetail, AuctionPage, AuctionQuery } from './auction-views';
import { knownPersonalData, shownEmployer } from '../personal-data';
import type { AuctionStatus } from '../domain/auction-status';
import type { BidStatus } from '../domain/bid-status';
import type { DecisionTrace, NoDecision } from '../../decision/domain';
import { IS_ARCHIVED } from '../archived';
import { sentAt } from '../sent-bid';
import type { Reason } from '../../policy';
import type { Rebate } from '../domain/proposal';

interface AuctionColumns {
  readonly issuer_proposal_request_key: string;
  readonly status: AuctionStatus;
  readonly status_reason: string | null;
  readonly received_at: Date;
  readonly cursor_at: string;
  readonly inclusion_limit_text: string | null;
  readonly deadline_reading: 'utc' | 'America/Sao_Paulo' | null;
  readonly inclusion_limit_at: Date | null;
  readonly expiration_at: Date | null;
  readonly requested_amount: string | null;
  readonly requested_installments: number | null;
  readonly consigned_credit_balance: string | null;
  readonly admission_date: string | null;
  readonly eligible: boolean | null;
  readonly employer_document_type: string | null;
  readonly unreadable_fields: { path: string; problem: string }[];
  readonly personal_key_id: string;
  readonly personal_ciphertext: Buffer;
  readonly credit_operation_key: string | null;
  readonly is_archived: boolean;
}

interface DecisionRow {
  readonly decided_at: Date;
  readonly outcome: 'bid' | 'no_bid';
  readonly policy_version: string;
  readonly policy_hash: string;
  readonly reasons: Reason[];
  readonly trace: DecisionTrace;
}

/** As the join leaves it: an auction may be undecided. */
type Undecided = { readonly [Column in keyof DecisionRow]: null };
type AuctionRow = AuctionColumns & (DecisionRow | Undecided);

interface BidRow {
  readonly request_control_key: string;
  readonly auction_key: string;
  readonly auction_proposal_key: string | null;
  readonly status: BidStatus;
  readonly status_reason: string | null;
  readonly monthly_interest_rate: string;
  readonly disbursed_issue_amount: string;
  readonly installment_face_value: string;
  readonly number_of_installments: number;
  readonly issue_amount: string;
  readonly assignment_amount: string;
  readonly iof_amount: string;
  readonly monthly_cet: string;
  readonly disbursement_date: string;
  readonly first_due_date: string;
  readonly days_to_expiration: number;
  readonly rebates: { [K in keyof Rebate]: string }[];
  readonly rank_position: number | null;
  readonly sent_at: Date | null;
  readonly attempts: AttemptRow[];
}

interface AttemptRow {
  readonly ordinal: number;
  readonly sent_at: string;
  readonly answered_at: string;
  readonly outcome: 'accepted' | 'rejected' | 'not_taken' | 'server_error' | 'no_answer';
  readonly http_status: number | null;
  readonly detail: string | null;
}

/** PostgreSQL's own text of an instant, to the microsecond, and the key that breaks ties. */
const position = z.tuple([cursorInstant, z.string().max(500)]);

type Summary = AuctionPage['items'][number];
type BidView = AuctionDetail['bids'][number];

const SELECT_AUCTIONS = `
  SELECT auction.*, auction.admission_date::text, auction.received_at::text AS cursor_at,
    decided_at, outcome, policy_version, policy_hash, reasons, trace,
    decided_at IS NULL AND ${IS_ARCHIVED} AS is_archived
  FROM auction
  LEFT JOIN decision ON decision.auction_key = issuer_proposal_request_key AND decision.ordinal = 1`;

/** The read side of auctions: plain SQL, masked people. */
@Injectable()
export class AuctionsReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
  ) {}

  /** Newest first; a page's cost does not depend on how far down it is. */
  list(query: AuctionQuery): Promise<AuctionPage> {
    return this.#atOneMoment((tx) => this.#list(tx, query));
  }

  find(key: string): Promise<AuctionDetail | undefined> {
    return this.#atOneMoment((tx) => this.#find(tx, key));
  }

  /** An auction and its bids are read by two statements: both must see the same moment. */
  #atOneMoment<T>(read: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction('REPEATABLE READ', read);
  }

  async #list(tx: EntityManager, query: AuctionQuery): Promise<AuctionPage> {
    const after = query.cursor === undefined ? [null, null] : decodeCursor(query.cursor, position);
    const rows = await tx.query<AuctionRow[]>(
      `${SELECT_AUCTIONS}
       WHERE ($1::text IS NULL OR status = $1)
         AND ($2::timestamptz IS NULL OR received_at >= $2) AND ($3::timestamptz IS NULL OR received_at < $3)
         AND ($4::timestamptz IS NULL OR (received_at, issuer_proposal_request_key) < ($4, $5))
       ORDER BY received_at DESC, issuer_proposal_request_key DESC LIMIT $6`,
      [
        query.status ?? null,
        query.received_from ?? null,
        query.received_before ?? null,
        ...after,
        query.limit + 1,
      ],
    );
    const bids = await this.#bidsOf(
      tx,
      rows.map((row) => row.issuer_proposal_request_key),
    );
    return pageOf(
      rows,
      query.limit,
      (row) => this.#summaryOf(row, bids.get(row.issuer_proposal_request_key) ?? []),
      (last) => [last.cursor_at, last.issuer_proposal_request_key],
    );
  }

  async #find(tx: EntityManager, key: string): Promise<AuctionDetail | undefined> {
    const [row] = await tx.query<AuctionRow[]>(`${SELECT_AUCTIONS} WHERE issuer_proposal_request_key = $1`, [
      key,
    ]);
    if (row === undefined) return undefined;
    const bids = (await this.#bidsOf(tx, [key])).get(key) ?? [];
    const summary = this.#summaryOf(row, bids);
    return {
      ...summary,
      inclusion_limit_text: row.inclusion_limit_text,
      deadline_reading: row.deadline_reading,
      decision: row.decided_at === null ? null : { ...viewDecision(row), trace: { ...row.trace } },
      refits: await this.#refitsOf(tx, key),
      bids,
    };
  }

  async #refitsOf(tx: EntityManager, key: string): Promise<AuctionDetail['refits']> {
    const rows = await tx.query<(DecisionRow & { readonly ordinal: number })[]>(
      `SELECT ordinal, decided_at, outcome, policy_version, policy_hash, reasons, trace
       FROM decision WHERE auction_key = $1 AND ordinal > 1 ORDER BY ordinal`,
      [key],
    );
    return rows.map((row) => ({ ...viewDecision(row), bid: row.ordinal, trace: { ...row.trace } }));
  }

  async #bidsOf(tx: EntityManager, keys: readonly string[]): Promise<Map<string, BidView[]>> {
    const rows = await tx.query<BidRow[]>(
      `SELECT bid.*, disbursement_date::text, first_due_date::text, ${sentAt('bid')} AS sent_at,
         coalesce((SELECT json_agg(bid_attempt ORDER BY ordinal) FROM bid_attempt
                   WHERE bid_attempt.request_control_key = bid.request_control_key), '[]') AS attempts
       FROM bid WHERE auction_key = ANY ($1) ORDER BY auction_key, ordinal`,
      [keys],
    );
    const byAuction = new Map<string, BidView[]>();
    for (const row of rows)
      byAuction.set(row.auction_key, [...(byAuction.get(row.auction_key) ?? []), bidView(row)]);
    return byAuction;
  }

  #summaryOf(row: AuctionRow, bids: readonly BidView[]): Summary {
    return {
      issuer_proposal_request_key: row.issuer_proposal_request_key,
      status: row.status,
      status_reason: row.status_reason,
      received_at: row.received_at.toISOString(),
      inclusion_limit_datetime: row.inclusion_limit_at?.toISOString() ?? null,
      expiration_datetime: row.expiration_at?.toISOString() ?? null,
      request: this.#requestOf(row),
      decision: row.decided_at === null ? null : viewDecision(row),
      no_decision: whyNoDecision(row),
      bid: bids.at(-1) ?? null,
      credit_operation_key: row.credit_operation_key,
    };
  }

  #requestOf(row: AuctionRow): Summary['request'] {
    const personal = knownPersonalData(
      row.issuer_proposal_request_key,
      { keyId: row.personal_key_id, ciphertext: row.personal_ciphertext },
      this.cipher,
    );
    return {
      name: personal.name?.masked ?? null,
      document_number: personal.cpf?.masked ?? null,
      employer_document_number: shownEmployer(row.employer_document_type, personal),
      employer_document_type: row.employer_document_type,
      disbursed_issue_amount: row.requested_amount,
      number_of_installments: row.requested_installments,
      consigned_credit_balance: row.consigned_credit_balance,
      admission_date: row.admission_date,
      eligible: row.eligible,
      unreadable_fields: row.unreadable_fields,
    };
  }
}

function whyNoDecision(row: AuctionRow): NoDecision | null {
  if (row.decided_at !== null) return null;
  if (row.is_archived) return 'archived';
  return row.status === 'open' ? 'awaited' : 'never_made';
}

function viewDecision(row: DecisionRow) {
  return {
    outcome: row.outcome,
    decided_at: row.decided_at.toISOString(),
    policy_version: row.policy_version,
    policy_hash: row.policy_hash,
    reasons: row.reasons.map(({ code, message, severity, ruleId, observed, required }) => ({
      code,
      message,
      severity,
      rule: ruleId ?? null,
      observed: observed ?? null,
      required: required ?? null,
    })),
  };
}

function bidView(row: BidRow): BidView {
  return {
    request_control_key: row.request_control_key,
    auction_proposal_key: row.auction_proposal_key,
    status: row.status,
    status_reason: row.status_reason,
    monthly_interest_rate: row.monthly_interest_rate,
    disbursed_issue_amount: row.disbursed_issue_amount,
    installment_face_value: row.installment_face_value,
    number_of_installments: row.number_of_installments,
    issue_amount: row.issue_amount,
    assignment_amount: row.assignment_amount,
    iof_amount: row.iof_amount,
    monthly_cet: row.monthly_cet,
    disbursement_date: row.disbursement_date,
    first_due_date: row.first_due_date,
    days_to_expiration: row.days_to_expiration,
    rebates: row.rebates.map(({ feeType, amountType, amount }) => ({
      fee_type: feeType,
      amount_type: amountType === 'absolute' ? 'absolute' : 'percentage',
      amount,
    })),
    rank_position: row.rank_position,
    submitted_at: row.sent_at?.toISOString() ?? null,
    attempts: row.attempts.map(({ ordinal, sent_at, answered_at, outcome, http_status, detail }) => ({
      ordinal,
      sent_at: new Date(sent_at).toISOString(),
      answered_at: new Date(answered_at).toISOString(),
      outcome,
      http_status,
      detail,
    })),
  };
}
