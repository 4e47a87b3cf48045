import { Injectable } from '@nestjs/common';
import { createZodDto } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { openPersonalData, shownEmployer } from '../auction';
import { SAO_PAULO } from '../kernel';
import { FieldCipher } from '../platform';
import { selectAuctions, type AuctionFilter } from './auction-filter';
import { wilsonInterval } from './domain';

const decimal = z.string().describe('exact decimal');
const count = z.int();
const share = z.number().describe('a fraction');

export class ChartsDto extends createZodDto(
  z.object({
    limited_to: z.int().nullable().describe('so many auctions, the newest, are counted; null: all of them'),
    funnel: z.array(
      z.object({
        step: z.enum(['received', 'decided_to_bid', 'bid', 'won', 'signed', 'reserved', 'disbursed']),
        count,
        amount: decimal.describe('asked for; from won on, lent'),
      }),
    ),
    reasons: z
      .array(z.object({ code: z.string(), count, amount: decimal }))
      .describe('why auctions were declined, the most frequent first; one auction may have several'),
    rates: z
      .array(
        z.object({
          from: decimal.describe('the band begins here and is 0.001 wide'),
          won: count,
          lost: count,
          win_rate: share.nullable(),
          low: share.nullable().describe('95 % confidence'),
          high: share.nullable(),
        }),
      )
      .describe('auctions with a known outcome, by the monthly rate of our bid'),
    hours: z.array(z.object({ hour: z.int(), received: count, bid: count, won: count })),
    terms: z.array(z.object({ term: z.int(), bid: count, won: count })),
    employers: z
      .array(
        z.object({
          mark: z.string().describe('a value for the filter `employer`'),
          document_number: z.string().nullable().describe('masked when the employer is a person'),
          received: count,
          bid: count,
          won: count,
          amount: decimal.describe('asked for'),
        }),
      )
      .describe('those with the most auctions, the most first'),
    tenures: z
      .array(z.object({ from_months: z.int(), received: count, bid: count, won: count }))
      .describe('by time in the present job at receipt; each band ends where the next begins'),
    seconds_left: z
      .array(z.object({ from: z.int(), bids: count }))
      .describe('before the limit when the bid was sent, in steps of 5 seconds'),
  }),
) {}

type ChartsView = z.output<typeof ChartsDto.schema>;

/** Beyond this the newest stand for all, so that no question costs more than a few seconds. */
const MAX_AUCTIONS = 100_000;
const MAX_REASONS = 15;
const MAX_EMPLOYERS = 12;
/** Where the bands of time in the job begin, in months. */
const TENURE_BANDS = [0, 6, 12, 24, 36, 60, 120] as const;

const COUNTS = `count(*) AS received,
  count(*) FILTER (WHERE status IN ('bid', 'unknown', 'won', 'lost', 'expired')) AS bid,
  count(*) FILTER (WHERE status = 'won') AS won`;
type Counts = Record<'received' | 'bid' | 'won', string>;
const countsOf = ({ received, bid, won }: Counts) => ({
  received: Number(received),
  bid: Number(bid),
  won: Number(won),
});

/** The same auctions seen from several sides. */
@Injectable()
export class Charts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
  ) {}

  async of(filter: AuctionFilter): Promise<ChartsView> {
    const [funnel, reasons, rates, hours, terms, employers, tenures, secondsLeft] = await Promise.all([
      this.#funnel(filter),
      this.#reasons(filter),
      this.#rates(filter),
      this.#hours(filter),
      this.#terms(filter),
      this.#employers(filter),
      this.#tenures(filter),
      this.#secondsLeft(filter),
    ]);
    const [received] = funnel;
    const isLimited = received !== undefined && received.count >= MAX_AUCTIONS;
    return {
      limited_to: isLimited ? MAX_AUCTIONS : null,
      funnel,
      reasons,
      rates,
      hours,
      terms,
      employers,
      tenures,
      seconds_left: secondsLeft,
    };
  }

  async #funnel(filter: AuctionFilter): Promise<ChartsView['funnel']> {
    type Row = Record<`${string}_count` | `${string}_amount`, string>;
    const [row] = await this.#query<Row>(
      filter,
      (auctions) => `
      WITH picked AS (
        SELECT requested_amount AS asked, a.status,
          (SELECT outcome FROM decision WHERE auction_key = a.issuer_proposal_request_key) AS outcome,
          o.disbursed_issue_amount AS lent, o.status AS loan
        FROM (SELECT auction.* ${auctions}) a
        LEFT JOIN operation o ON o.credit_operation_key = a.credit_operation_key)
      SELECT ${[
        ['received', 'true', 'asked'],
        ['decided_to_bid', `outcome = 'bid'`, 'asked'],
        ['bid', `status IN ('bid', 'unknown', 'won', 'lost', 'expired')`, 'asked'],
        ['won', `status = 'won'`, 'coalesce(lent, asked)'],
        [
          'signed',
          `loan IN ('signed', 'awaiting_authorization', 'authorized', 'reservation_retrying', 'reservation_failed',
                    'parked', 'reserved', 'disbursement_failed', 'disbursed')`,
          'lent',
        ],
        ['reserved', `loan IN ('reserved', 'disbursement_failed', 'disbursed')`, 'lent'],
        ['disbursed', `loan = 'disbursed'`, 'lent'],
      ]
        .map(
          ([step = '', where = '', amount = '']) =>
            `count(*) FILTER (WHERE ${where}) AS ${step}_count, coalesce(sum(${amount}) FILTER (WHERE ${where}), 0) AS ${step}_amount`,
        )
        .join(', ')} FROM picked`,
    );
    return ChartsDto.schema.shape.funnel.element.shape.step.options.map((step) => ({
      step,
      count: Number(row?.[`${step}_count`] ?? 0),
      amount: row?.[`${step}_amount`] ?? '0',
    }));
  }

  async #reasons(filter: AuctionFilter): Promise<ChartsView['reasons']> {
    const rows = await this.#query<{ code: string; count: string; amount: string }>(
      filter,
      (auctions) => `
      SELECT code, count(*), coalesce(sum(requested_amount), 0) AS amount
      FROM (SELECT auction.* ${auctions}) a
      JOIN decision ON auction_key = issuer_proposal_request_key AND outcome = 'no_bid', unnest(reason_codes) AS code
      GROUP BY code ORDER BY count(*) DESC, code LIMIT ${MAX_REASONS}`,
    );
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  async #rates(filter: AuctionFilter): Promise<ChartsView['rates']> {
    const rows = await this.#query<{ from: string; won: string; lost: string }>(
      filter,
      (auctions) => `
      SELECT trim_scale(floor(monthly_interest_rate * 1000) / 1000) AS from,
        count(*) FILTER (WHERE a.status = 'won') AS won, count(*) FILTER (WHERE a.status = 'lost') AS lost
      FROM (SELECT auction.* ${auctions}) a
      JOIN bid ON bid.auction_key = a.issuer_proposal_request_key AND bid.status = 'accepted'
      WHERE a.status IN ('won', 'lost') GROUP BY 1 ORDER BY 1`,
    );
    return rows.map(({ from, ...outcomes }) => {
      const [won, lost] = [Number(outcomes.won), Number(outcomes.lost)];
      const interval = wilsonInterval(won, won + lost);
      return {
        from,
        won,
        lost,
        win_rate: interval?.share ?? null,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
      };
    });
  }

  async #hours(filter: AuctionFilter): Promise<ChartsView['hours']> {
    const rows = await this.#query<Counts & { hour: string }>(
      filter,
      (auctions) => `
      SELECT extract(hour FROM received_at AT TIME ZONE '${SAO_PAULO}') AS hour, ${COUNTS}
      FROM (SELECT auction.* ${auctions}) a GROUP BY 1 ORDER BY 1`,
    );
    return rows.map(({ hour, ...counts }) => ({ hour: Number(hour), ...countsOf(counts) }));
  }

  async #terms(filter: AuctionFilter): Promise<ChartsView['terms']> {
    const rows = await this.#query<{ term: number; bid: string; won: string }>(
      filter,
      (auctions) => `
      SELECT number_of_installments AS term, count(*) AS bid, count(*) FILTER (WHERE a.status = 'won') AS won
      FROM (SELECT auction.* ${auctions}) a
      JOIN bid ON bid.auction_key = a.issuer_proposal_request_key AND bid.status = 'accepted'
      GROUP BY 1 ORDER BY 1`,
    );
    return rows.map(({ term, bid, won }) => ({ term, bid: Number(bid), won: Number(won) }));
  }

  async #employers(filter: AuctionFilter): Promise<ChartsView['employers']> {
    type Row = Counts & {
      readonly employer_index: Buffer;
      readonly amount: string;
      readonly employer_document_type: string | null;
      readonly personal_key_id: string;
      readonly personal_ciphertext: Buffer;
    };
    // Who it is stands encrypted in each of its auctions: one of them is opened.
    const rows = await this.#query<Row>(
      filter,
      (auctions) => `
      WITH most AS (
        SELECT employer_index, ${COUNTS}, coalesce(sum(requested_amount), 0) AS amount,
          max(issuer_proposal_request_key) AS any_key
        FROM (SELECT auction.* ${auctions}) a WHERE employer_index IS NOT NULL
        GROUP BY employer_index ORDER BY count(*) DESC, employer_index LIMIT ${MAX_EMPLOYERS})
      SELECT most.*, employer_document_type, personal_key_id, personal_ciphertext
      FROM most JOIN auction ON issuer_proposal_request_key = any_key
      ORDER BY received DESC, most.employer_index`,
    );
    return rows.map((row) => ({
      mark: row.employer_index.toString('base64url'),
      document_number: shownEmployer(
        row.employer_document_type,
        openPersonalData({ keyId: row.personal_key_id, ciphertext: row.personal_ciphertext }, this.cipher),
      ),
      ...countsOf(row),
      amount: row.amount,
    }));
  }

  async #tenures(filter: AuctionFilter): Promise<ChartsView['tenures']> {
    const rows = await this.#query<Counts & { band: number }>(
      filter,
      (auctions) => `
      SELECT width_bucket(extract(year FROM tenure) * 12 + extract(month FROM tenure),
        ARRAY[${TENURE_BANDS.join(', ')}]::numeric[]) AS band, ${COUNTS}
      FROM (SELECT auction.* ${auctions}) a,
        age((received_at AT TIME ZONE '${SAO_PAULO}')::date, admission_date) AS tenure
      WHERE admission_date <= (received_at AT TIME ZONE '${SAO_PAULO}')::date
      GROUP BY 1 ORDER BY 1`,
    );
    return rows.map(({ band, ...counts }) => ({
      from_months: TENURE_BANDS[band - 1] ?? 0,
      ...countsOf(counts),
    }));
  }

  async #secondsLeft(filter: AuctionFilter): Promise<ChartsView['seconds_left']> {
    const rows = await this.#query<{ from: string; bids: string }>(
      filter,
      (auctions) => `
      SELECT floor(extract(epoch FROM inclusion_limit_at - submitted_at) / 5) * 5 AS from, count(*) AS bids
      FROM (SELECT auction.* ${auctions}) a
      JOIN bid ON bid.auction_key = a.issuer_proposal_request_key AND submitted_at IS NOT NULL
      WHERE inclusion_limit_at IS NOT NULL GROUP BY 1 ORDER BY 1`,
    );
    return rows.map(({ from, bids }) => ({ from: Number(from), bids: Number(bids) }));
  }

  /** @param sql gets FROM and what follows of the auctions */
  #query<Row>(filter: AuctionFilter, sql: (auctions: string) => string): Promise<Row[]> {
    const { rows, sortedBy, parameters } = selectAuctions(filter);
    const newest = `${rows} ORDER BY ${sortedBy}.received_at DESC LIMIT ${MAX_AUCTIONS}`;
    return this.dataSource.query<Row[]>(sql(newest), parameters);
  }
}
