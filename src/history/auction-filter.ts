import { z } from 'zod';
import { AUCTION_STATUSES } from '../auction';
import { parseDecimal } from '../kernel';

const instant = z.iso.datetime({ offset: true });
const decimal = z
  .string()
  .max(30)
  .refine((text) => parseDecimal(text) !== undefined, 'must be a decimal');
const wholeNumber = z.coerce.number().int().min(0).max(10_000);
const statuses = z
  .string()
  .max(500)
  .transform((text) => text.split(',').filter((part) => part !== ''))
  .pipe(z.array(z.enum(AUCTION_STATUSES)).min(1));

/** Which auctions: the filters of the list, of its export and of the charts. People are named by opaque marks only. */
export const auctionFilterFields = {
  status: statuses.optional().describe('one or more, separated by commas'),
  reason: z.string().max(100).optional().describe('code of a reason that was given'),
  received_from: instant.optional(),
  received_before: instant.optional(),
  rate_from: decimal.optional().describe('monthly rate of the bid, a fraction'),
  rate_to: decimal.optional(),
  term_from: wholeNumber.optional().describe('instalments asked for'),
  term_to: wholeNumber.optional(),
  amount_from: decimal.optional().describe('amount asked for'),
  amount_to: decimal.optional(),
  policy: z.string().max(100).optional().describe('version or hash of the policy that decided'),
  borrower: z.base64url().length(43).optional().describe('from POST /history/lookup: never a CPF'),
  employer: z.base64url().length(43).optional().describe('from POST /history/lookup'),
};

export const auctionFilter = z.object(auctionFilterFields);
export type AuctionFilter = z.output<typeof auctionFilter>;

/** Conditions on `auction` with their parameters; only those that were asked for, so that each plan is its own. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly parameters: unknown[] = [];

  /** @param condition `?` stands for the value. */
  add(condition: string, value: unknown): this {
    if (value === undefined) return this;
    this.#parts.push(condition.replaceAll('?', this.parameter(value)));
    return this;
  }

  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  get where(): string {
    return this.#parts.length === 0 ? '' : `WHERE ${this.#parts.join(' AND ')}`;
  }
}

const DECISION = 'SELECT FROM decision WHERE decision.auction_key = issuer_proposal_request_key';
const BID = 'SELECT FROM bid WHERE bid.auction_key = issuer_proposal_request_key';
const mark = (text: string | undefined): Buffer | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'base64url');

export function conditionsOf(filter: AuctionFilter): Conditions {
  return new Conditions()
    .add('status = ANY (?::text[])', filter.status)
    .add('borrower_index = ?', mark(filter.borrower))
    .add('employer_index = ?', mark(filter.employer))
    .add('received_at >= ?::timestamptz', filter.received_from)
    .add('received_at < ?::timestamptz', filter.received_before)
    .add('requested_amount >= ?::numeric', filter.amount_from)
    .add('requested_amount <= ?::numeric', filter.amount_to)
    .add('requested_installments >= ?::integer', filter.term_from)
    .add('requested_installments <= ?::integer', filter.term_to)
    .add(`EXISTS (${BID} AND monthly_interest_rate >= ?::numeric)`, filter.rate_from)
    .add(`EXISTS (${BID} AND monthly_interest_rate <= ?::numeric)`, filter.rate_to)
    .add(`EXISTS (${DECISION} AND reason_codes @> ARRAY[?::text])`, filter.reason)
    .add(`EXISTS (${DECISION} AND (policy_version = ?::text OR policy_hash = ?::text))`, filter.policy);
}
