import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { Decimal, parseCalendarDate } from '../../kernel';
import type { BidStatus } from '../domain/bid-status';
import type { FittedBid } from '../../decision/domain';
import type { StatusReason } from '../domain/status-reasons';
import type { WinningBid } from '../ports';
import type { BidRow } from './ledger';

/** Which bid of which auction. */
export interface BidIdentity {
  readonly auctionKey: string;
  readonly requestControlKey: string;
  readonly ordinal: number;
  readonly createdAt: Date;
  /** The limit it must be sent before: of the auction, or of the request for a late bid. */
  readonly submitBy: Date;
}

/** A bid that may still be sent, as it stands on disk. */
export interface LiveBid {
  readonly requestControlKey: string;
  readonly ordinal: number;
  readonly status: 'intended' | 'sending';
  /** POSTs made of it so far. */
  readonly attempts: number;
  /** The number of the last mark of it. */
  readonly marks: number;
  readonly decidedAt: Date;
  readonly submitBy: Date;
  /** Address of the policy that made it. */
  readonly policyHash: string;
  readonly terms: FittedBid;
}

/** The row of a bid as it is first written. */
export function bidRow(
  { requestControlKey, auctionKey, ordinal, createdAt, submitBy }: BidIdentity,
  bid: FittedBid,
  { status, reason }: { readonly status: BidStatus; readonly reason?: StatusReason },
): BidRow {
  return {
    request_control_key: requestControlKey,
    auction_key: auctionKey,
    ordinal,
    status,
    status_reason: reason ?? null,
    monthly_interest_rate: bid.monthlyInterestRate.toFixed(),
    number_of_installments: bid.numberOfInstallments,
    disbursed_issue_amount: bid.disbursedIssueAmount.toFixed(),
    installment_face_value: bid.installmentFaceValue.toFixed(),
    issue_amount: bid.issueAmount.toFixed(),
    assignment_amount: bid.assignmentAmount.toFixed(),
    iof_amount: bid.iofAmount.toFixed(),
    monthly_cet: bid.monthlyCet.toFixed(),
    disbursement_date: bid.disbursementDate,
    first_due_date: bid.firstDueDate,
    days_to_expiration: bid.daysToExpiration,
    rebates: bid.rebates,
    price_row: bid.priceRow,
    created_at: createdAt,
    submit_by: submitBy,
    submitted_at: status === 'sending' ? createdAt : null,
  };
}

/** A bid that was just written for the first time. */
export function newLiveBid(
  { requestControlKey, ordinal, createdAt, submitBy }: BidIdentity,
  terms: FittedBid,
  { status, policyHash }: Pick<LiveBid, 'status' | 'policyHash'>,
): LiveBid {
  return {
    requestControlKey,
    ordinal,
    status,
    attempts: 0,
    marks: 0,
    decidedAt: createdAt,
    submitBy,
    policyHash,
    terms,
  };
}

const decimalText = z.string().transform((text) => new Decimal(text));
const dateText = z.string().transform((text, context) => {
  const date = parseCalendarDate(text);
  if (date !== undefined) return date;
  context.addIssue({ code: 'custom', message: 'is not a date' });
  return z.NEVER;
});

const liveBidRow = z.object({
  request_control_key: z.string(),
  ordinal: z.number(),
  status: z.enum(['intended', 'sending']),
  attempts: z.number(),
  marks: z.number(),
  created_at: z.date(),
  submit_by: z.date(),
  policy_hash: z.string(),
  monthly_interest_rate: decimalText,
  number_of_installments: z.number(),
  disbursed_issue_amount: decimalText,
  installment_face_value: decimalText,
  issue_amount: decimalText,
  assignment_amount: decimalText,
  iof_amount: decimalText,
  monthly_cet: decimalText,
  disbursement_date: dateText,
  first_due_date: dateText,
  days_to_expiration: z.number(),
  rebates: z.array(
    z.object({ feeType: z.string(), amountType: z.enum(['percentage', 'absolute']), amount: decimalText }),
  ),
  price_row: z.string(),
});

/** The bid of the auction that is intended or being sent; undefined when there is none (the index admits no second). */
export async function loadLiveBid(tx: EntityManager, auctionKey: string): Promise<LiveBid | undefined> {
  const [found] = await tx.query<unknown[]>(
    `SELECT bid.*, policy_hash, disbursement_date::text, first_due_date::text,
       (SELECT count(*)::int FROM bid_attempt WHERE bid_attempt.request_control_key = bid.request_control_key) AS attempts
     FROM bid JOIN decision ON decision.auction_key = bid.auction_key AND decision.ordinal = 1
     WHERE bid.auction_key = $1 AND status IN ('intended', 'sending')`,
    [auctionKey],
  );
  if (found === undefined) return undefined;
  const row = liveBidRow.parse(found);
  return {
    requestControlKey: row.request_control_key,
    ordinal: row.ordinal,
    status: row.status,
    attempts: row.attempts,
    marks: row.marks,
    decidedAt: row.created_at,
    submitBy: row.submit_by,
    policyHash: row.policy_hash,
    terms: {
      monthlyInterestRate: row.monthly_interest_rate,
      numberOfInstallments: row.number_of_installments,
      disbursedIssueAmount: row.disbursed_issue_amount,
      installmentFaceValue: row.installment_face_value,
      issueAmount: row.issue_amount,
      assignmentAmount: row.assignment_amount,
      iofAmount: row.iof_amount,
      monthlyCet: row.monthly_cet,
      disbursementDate: row.disbursement_date,
      firstDueDate: row.first_due_date,
      daysToExpiration: row.days_to_expiration,
      rebates: row.rebates,
      priceRow: row.price_row,
    },
  };
}

const acceptedBidRow = z
  .object({
    request_control_key: z.string(),
    disbursed_issue_amount: decimalText,
    installment_face_value: decimalText,
    number_of_installments: z.number(),
    monthly_interest_rate: decimalText,
  })
  .transform((row) => ({
    requestControlKey: row.request_control_key,
    disbursedIssueAmount: row.disbursed_issue_amount,
    installmentFaceValue: row.installment_face_value,
    numberOfInstallments: row.number_of_installments,
    monthlyInterestRate: row.monthly_interest_rate,
  }));

/** The bid that QI has taken; undefined when it has none of ours. */
export async function loadAcceptedBid(
  tx: EntityManager,
  auctionKey: string,
): Promise<WinningBid | undefined> {
  const [found] = await tx.query<unknown[]>(
    `SELECT * FROM bid WHERE auction_key = $1 AND status = 'accepted'`,
    [auctionKey],
  );
  return found === undefined ? undefined : acceptedBidRow.parse(found);
}
