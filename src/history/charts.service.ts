import { Injectable } from '@nestjs/common';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { openPersonalData, shownEmployer } from '../auction';
import { SAO_PAULO } from '../kernel';
import { FieldCipher, ReadDatabase } from '../platform';
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
    margins: z
      .array(
        z.object({
          from: decimal.describe('the band begins here and is 0.001 wide'),
          won: z.int().describe('whose margin is known'),
          expected: decimal.describe('reais, of what was won'),
          realised: decimal.describe('reais, of what was paid out'),
        }),
      )
      .describe('won auctions, by the monthly rate of our bid'),
    won_without_margin: z.int().describe('won auctions of which no margin is known'),
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

/** How far an auction and its loan came, and the reais of it: asked for; from the win on, lent. */
const STEPS = {
  received: ['true', 'requested_amount'],
  decided_to_bid: [`outcome = 'bid'`, 'requested_amount'],
  bid: [`status IN ('bid', 'unknown', 'won', 'lost', 'expired')`, 'requested_amount'],
  won: [`status = 'won'`, 'coalesce(lent, requested_amount)'],
  signed: [
    `loan IN ('signed', 'awaiting_authorization', 'authorized', 'reservation_retrying', 'reservation_failed',
      'parked', 'reserved', 'disbursement_failed', 'disbursed')`,
    'lent',
  ],
  reserved: [`loan IN ('reserved', 'disbursement_failed', 'disbursed')`, 'lent'],
  disbursed: [`loan = 'disbursed'`, 'lent'],
} as const;
type Step = keyof typeof STEPS;

const COUNTS = `count(*) AS received, count(*) FILTER (WHERE ${STEPS.bid[0]}) AS bid,
  count(*) FILTER (WHERE status = 'won') AS won`;
interface Counts {
  readonly received: number;
  readonly bid: number;
  readonly won: number;
}
const countsOf = ({ received, bid, won }: Counts): Counts => ({ received, bid, won });

/** Amounts and rates leave as text: they must not become binary floats on their way through JSON. */
const PARTS: Readonly<Record<keyof Parts, string>> = {
  funnel: `SELECT step, n AS count, coalesce(amount, 0)::text AS amount FROM (
      SELECT ${Object.entries(STEPS)
        .map(
          ([step, [where, amount]]) =>
            `count(*) FILTER (WHERE ${where}) AS ${step}_n, sum(${amount}) FILTER (WHERE ${where}) AS ${step}_amount`,
        )
        .join(', ')} FROM picked) AS counted,
    LATERAL (VALUES ${Object.keys(STEPS)
      .map((step) => `('${step}', ${step}_n, ${step}_amount)`)
      .join(', ')}) AS steps (step, n, amount)`,
  reasons: `SELECT code, count(*), coalesce(sum(requested_amount), 0)::text AS amount
    FROM picked, unnest(reason_codes) AS code WHERE outcome = 'no_bid'
    GROUP BY code ORDER BY count(*) DESC, code LIMIT ${MAX_REASONS}`,
  rates: `SELECT trim_scale(floor(rate * 1000) / 1000)::text AS from,
      count(*) FILTER (WHERE status = 'won') AS won, count(*) FILTER (WHERE status = 'lost') AS lost
    FROM picked WHERE status IN ('won', 'lost') AND rate IS NOT NULL
    GROUP BY floor(rate * 1000) ORDER BY floor(rate * 1000)`,
  margins: `SELECT trim_scale(floor(rate * 1000) / 1000)::text AS from, count(*) AS won,
      sum(expected)::numeric(20, 2)::text AS expected, coalesce(sum(realised), 0)::numeric(20, 2)::text AS realised
    FROM picked WHERE status = 'won' AND expected IS NOT NULL AND rate IS NOT NULL
    GROUP BY floor(rate * 1000) ORDER BY floor(rate * 1000)`,
  hours: `SELECT extract(hour FROM received_at AT TIME ZONE '${SAO_PAULO}')::int AS hour, ${COUNTS}
    FROM picked GROUP BY 1 ORDER BY 1`,
  terms: `SELECT term, count(*) AS bid, count(*) FILTER (WHERE status = 'won') AS won
    FROM picked WHERE term IS NOT NULL GROUP BY 1 ORDER BY 1`,
  // Who it is stands encrypted in each of its auctions: one of them is opened.
  employers: `SELECT encode(most.employer_index, 'hex') AS mark, any_key, received, bid, won, amount, employer_document_type,
      personal_key_id, encode(personal_ciphertext, 'hex') AS personal_ciphertext
    FROM (SELECT employer_index, ${COUNTS}, coalesce(sum(requested_amount), 0)::text AS amount, max(key) AS any_key
      FROM picked WHERE employer_index IS NOT NULL
      GROUP BY employer_index ORDER BY count(*) DESC, employer_index LIMIT ${MAX_EMPLOYERS}) AS most
    JOIN auction ON issuer_proposal_request_key = any_key ORDER BY received DESC, most.employer_index`,
  tenures: `SELECT width_bucket(extract(year FROM tenure) * 12 + extract(month FROM tenure),
      ARRAY[${TENURE_BANDS.join(', ')}]::numeric[]) AS band, ${COUNTS}
    FROM picked, age((received_at AT TIME ZONE '${SAO_PAULO}')::date, admission_date) AS tenure
    WHERE admission_date <= (received_at AT TIME ZONE '${SAO_PAULO}')::date GROUP BY 1 ORDER BY 1`,
  seconds_left: `SELECT (floor(extract(epoch FROM inclusion_limit_at - submitted_at) / 5) * 5)::int AS from,
      count(*) AS bids
    FROM picked WHERE submitted_at IS NOT NULL AND inclusion_limit_at IS NOT NULL GROUP BY 1 ORDER BY 1`,
};

interface Parts {
  readonly funnel: readonly { readonly step: Step; readonly count: number; readonly amount: string }[];
  readonly reasons: readonly { readonly code: string; readonly count: number; readonly amount: string }[];
  readonly rates: readonly { readonly from: string; readonly won: number; readonly lost: number }[];
  readonly margins: readonly ChartsView['margins'][number][];
  readonly hours: readonly (Counts & { readonly hour: number })[];
  readonly terms: readonly { readonly term: number; readonly bid: number; readonly won: number }[];
  readonly employers: readonly (Counts & {
    readonly mark: string;
    readonly any_key: string;
    readonly amount: string;
    readonly employer_document_type: string | null;
    readonly personal_key_id: string;
    readonly personal_ciphertext: string;
  })[];
  readonly tenures: readonly (Counts & { readonly band: number })[];
  readonly seconds_left: readonly { readonly from: number; readonly bids: number }[];
}

/**
 * The auctions are read once, each with what is known of it by its key, and then seen from all sides. LATERAL: for so
 * few of so many, looking each one up is quicker than reading other tables whole.
 */
const chartsOf = (newest: string): string => `
  WITH picked AS MATERIALIZED (
    SELECT a.issuer_proposal_request_key AS key, a.status, received_at, inclusion_limit_at, requested_amount,
      employer_index, admission_date, outcome, reason_codes, rate, term, submitted_at, lent, loan,
      expected, realised
    FROM (SELECT auction.* ${newest}) AS a
    LEFT JOIN LATERAL (
      SELECT outcome, reason_codes FROM decision WHERE auction_key = a.issuer_proposal_request_key AND ordinal = 1 LIMIT 1) AS d ON true
    LEFT JOIN LATERAL (
      SELECT max(monthly_interest_rate) FILTER (WHERE status = 'accepted') AS rate,
        max(number_of_installments) FILTER (WHERE status = 'accepted') AS term, max(submitted_at) AS submitted_at
      FROM bid WHERE auction_key = a.issuer_proposal_request_key) AS b ON true
    LEFT JOIN LATERAL (
      SELECT disbursed_issue_amount AS lent, status AS loan FROM operation
      WHERE credit_operation_key = a.credit_operation_key LIMIT 1) AS o ON true
    LEFT JOIN LATERAL (
      SELECT f.margin * f.paid_out / 1e8 AS expected,
        CASE WHEN f.loan = 'disbursed' THEN (f.margin + coalesce(f.expected_loss - f.told_loss, 0)) / 1e2 END AS realised
      FROM history_fact f WHERE f.key = a.issuer_proposal_request_key LIMIT 1) AS worth ON true)
  SELECT ${Object.entries(PARTS)
    .map(([name, sql]) => `(SELECT coalesce(json_agg(part), '[]') FROM (${sql}) AS part) AS ${name}`)
    .join(',\n')}`;

/** The same auctions seen from several sides. */
@Injectable()
export class Charts {
  constructor(
    private readonly database: ReadDatabase,
    private readonly cipher: FieldCipher,
  ) {}

  async of(filter: AuctionFilter): Promise<ChartsView> {
    const { rows, sortedBy, parameters } = selectAuctions(filter);
    const newest = `${rows} ORDER BY ${sortedBy}.received_at DESC LIMIT ${MAX_AUCTIONS}`;
    const [parts] = await this.database.query<Parts[]>(chartsOf(newest), parameters);
    if (parts === undefined) throw new Error('the charts have no row');
    const isLimited = countAt(parts.funnel, 'received') >= MAX_AUCTIONS;
    return {
      limited_to: isLimited ? MAX_AUCTIONS : null,
      funnel: [...parts.funnel],
      reasons: [...parts.reasons],
      rates: parts.rates.map(withConfidence),
      margins: [...parts.margins],
      won_without_margin: countAt(parts.funnel, 'won') - parts.margins.reduce((sum, { won }) => sum + won, 0),
      hours: [...parts.hours],
      terms: [...parts.terms],
      employers: parts.employers.map((employer) => this.#employer(employer)),
      tenures: parts.tenures.map(({ band, ...counts }) => ({
        from_months: TENURE_BANDS[band - 1] ?? 0,
        ...countsOf(counts),
      })),
      seconds_left: [...parts.seconds_left],
    };
  }

  #employer({ mark, amount, ...row }: Parts['employers'][number]): ChartsView['employers'][number] {
    const sealed = { keyId: row.personal_key_id, ciphertext: Buffer.from(row.personal_ciphertext, 'hex') };
    const personal = openPersonalData(row.any_key, sealed, this.cipher);
    return {
      mark: Buffer.from(mark, 'hex').toString('base64url'),
      document_number: shownEmployer(row.employer_document_type, personal),
      ...countsOf(row),
      amount,
    };
  }
}

function countAt(funnel: Parts['funnel'], wanted: Step): number {
  return funnel.find(({ step }) => step === wanted)?.count ?? 0;
}

function withConfidence({ from, won, lost }: Parts['rates'][number]): ChartsView['rates'][number] {
  const interval = wilsonInterval(won, won + lost);
  return {
    from,
    won,
    lost,
    win_rate: interval?.share ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}
