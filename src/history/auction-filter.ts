import { z } from 'zod';
import { AUCTION_STATUSES } from '../auction';
import { parseDecimal, parseReais } from '../kernel';
import { wholeNumber } from '../platform';

const instant = z.iso.datetime({ offset: true });
const rate = z
  .string()
  .max(30)
  .refine((text) => parseDecimal(text) !== undefined, 'must be a decimal');
const amount = z
  .string()
  .max(30)
  .refine((text) => parseReais(text) !== undefined, 'must be reais, with two decimals at most');
const term = wholeNumber(0, 10_000);
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
  rate_from: rate.optional().describe('monthly rate of the bid, a fraction'),
  rate_to: rate.optional(),
  term_from: term.optional().describe('instalments asked for'),
  term_to: term.optional(),
  amount_from: amount.optional().describe('amount asked for'),
  amount_to: amount.optional(),
  policy: z.string().max(100).optional().describe('version or hash of the policy that decided'),
  borrower: z.base64url().length(43).optional().describe('from POST /history/lookup: never a CPF'),
  employer: z.base64url().length(43).optional().describe('from POST /history/lookup'),
};

export const auctionFilter = z.object(auctionFilterFields);
export type AuctionFilter = z.output<typeof auctionFilter>;

/** A version that decided has a hash of its own. */
export const VERSION = `coalesce((SELECT number::text FROM policy_version WHERE hash = ?::text AND state <> 'draft'), ?::text)`;
const BID = 'SELECT FROM bid WHERE bid.auction_key = auction.issuer_proposal_request_key';

/**
 * Which rows of `auction`, with the parameters; only what was asked for, so that each plan is its own.
 *
 * What auctions have in common is noted in `auction_facet` by the time of receipt. Where it is asked for, that table
 * leads and its times are used: the newest then come in order, however few or many there are.
 */
export class AuctionSelection {
  readonly #parts: string[] = [];
  readonly parameters: unknown[] = [];
  #from = 'auction';
  /** The table whose `received_at` and `issuer_proposal_request_key` to sort by and to compare with. */
  sortedBy: 'auction' | 'facet' = 'auction';

  /** @param condition `?` stands for the value. */
  where(condition: string, value: unknown): this {
    if (value !== undefined) this.#parts.push(this.#bound(condition, value));
    return this;
  }

  /** @param condition without a value */
  and(condition: string): this {
    this.#parts.push(condition);
    return this;
  }

  /** @param facet an expression, where `?` stands for the value */
  having(facet: string, value: unknown): this {
    if (value === undefined) return this;
    const wanted = this.#bound(facet, value);
    if (this.sortedBy === 'auction') {
      this.#from += ` JOIN auction_facet AS facet USING (issuer_proposal_request_key)`;
      this.#parts.push(`facet.facet = ${wanted}`);
      this.sortedBy = 'facet';
    } else
      this.#parts.push(`EXISTS (SELECT FROM auction_facet AS other WHERE other.facet = ${wanted}
        AND other.received_at = facet.received_at
        AND other.issuer_proposal_request_key = facet.issuer_proposal_request_key)`);
    return this;
  }

  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  #bound(expression: string, value: unknown): string {
    return expression.replaceAll('?', this.parameter(value));
  }

  /** FROM and WHERE. */
  get rows(): string {
    const conditions = this.#parts.length === 0 ? '' : ` WHERE ${this.#parts.join(' AND ')}`;
    return `FROM ${this.#from}${conditions}`;
  }
}

/** The index that an opaque mark stands for. */
export const markOf = (text: string | undefined): Buffer | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'base64url');

export function selectAuctions(filter: AuctionFilter): AuctionSelection {
  const selection = new AuctionSelection()
    .having(`'reason:' || ?::text`, filter.reason)
    .having(`'policy:' || ${VERSION}`, filter.policy)
    .where('status = ANY (?::text[])', filter.status)
    .where('borrower_index = ?', markOf(filter.borrower))
    .where('employer_index = ?', markOf(filter.employer))
    .where('requested_amount >= ?::numeric', filter.amount_from)
    .where('requested_amount <= ?::numeric', filter.amount_to)
    .where('requested_installments >= ?::integer', filter.term_from)
    .where('requested_installments <= ?::integer', filter.term_to);
  selection
    .where(`${selection.sortedBy}.received_at >= ?::timestamptz`, filter.received_from)
    .where(`${selection.sortedBy}.received_at < ?::timestamptz`, filter.received_before);
  if (filter.rate_from === undefined && filter.rate_to === undefined) return selection;
  // One bid that is within both bounds.
  const [from, to] = [filter.rate_from ?? '-Infinity', selection.parameter(filter.rate_to ?? 'Infinity')];
  return selection.where(
    `EXISTS (${BID} AND monthly_interest_rate BETWEEN ?::numeric AND ${to}::numeric)`,
    from,
  );
}
