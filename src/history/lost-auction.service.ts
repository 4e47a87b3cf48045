import { Injectable } from '@nestjs/common';
import { createZodDto } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { isAnswered } from '../auction';
import { Decimal } from '../kernel';
import { decimal, share } from '../platform';
import { likelyWinningRate, wilsonInterval } from './domain';

export const LOSS_SEGMENTS = ['row', 'employer', 'term', 'all'] as const;

export class LossDto extends createZodDto(
  z.object({
    monthly_interest_rate: decimal.describe('of our bid'),
    answered: z
      .boolean()
      .describe('whether QI had answered our bid. Where it had not, nobody knows whether the bid competed'),
    rank_at_bid: z
      .int()
      .nullable()
      .describe('among the partners when QI took the bid; null where QI did not tell it'),
    rank_at_end: z
      .int()
      .nullable()
      .describe('with the outcome. 1 and lost: the borrower took another institution’s offer'),
    likely_winner: z
      .object({ from: decimal, distance: decimal, bids: z.int(), won: z.int() })
      .nullable()
      .describe(
        'The dearest band (0.0005 wide) of our own rates below this one in which at least half of the bids of this term were won, and by how much this bid was above it. QI never tells the winner’s rate. Null: too few outcomes, or a bid that QI had not answered',
      ),
    since: z.iso
      .datetime()
      .describe('outcomes of auctions received from here on: 30 days, or fewer where there are very many'),
    segments: z
      .array(
        z.object({
          by: z.enum(LOSS_SEGMENTS),
          value: z.string().describe('the row of the price table, the term; an opaque mark of the employer'),
          bids: z.int(),
          won: z.int(),
          win_rate: share.nullable(),
          low: share.nullable().describe('95 % confidence'),
          high: share.nullable(),
        }),
      )
      .describe('how often bids like this one are won, of those that QI had answered; all: every bid'),
  }),
) {}
type LossView = z.output<typeof LossDto.schema>;

interface Loss {
  readonly rate: string;
  readonly answered: boolean;
  readonly rank_at_bid: number | null;
  readonly rank_at_end: number | null;
  readonly since: Date;
  readonly segments: readonly {
    readonly by: (typeof LOSS_SEGMENTS)[number];
    readonly value: string;
    readonly bids: number;
    readonly won: number;
  }[];
  readonly bands: readonly { readonly from: string; readonly bids: number; readonly won: number }[];
}

/** So many of the newest of either outcome; both from the same moment on, so that their share is true. */
const MAX_OUTCOMES = 10_000;
const newest = (status: 'won' | 'lost'): string =>
  `(SELECT received_at FROM auction WHERE status = '${status}' ORDER BY received_at DESC OFFSET ${MAX_OUTCOMES} LIMIT 1)`;

const LOSS = `
  WITH this AS (
    SELECT rank_position AS rank_at_end, employer_index, b.* FROM auction
    CROSS JOIN LATERAL (
      SELECT rank_position AS rank_at_bid, monthly_interest_rate AS rate, number_of_installments AS term, price_row,
        ${isAnswered('bid')} AS answered
      FROM bid WHERE auction_key = issuer_proposal_request_key ORDER BY ordinal DESC LIMIT 1) AS b
    WHERE issuer_proposal_request_key = $1 AND status = 'lost'),
  since AS (
    SELECT greatest(now() - interval '30 days', ${newest('won')}, ${newest('lost')}) AS at),
  ended AS MATERIALIZED (
    SELECT status = 'won' AS is_won, employer_index, b.* FROM since, auction
    CROSS JOIN LATERAL (
      SELECT monthly_interest_rate AS rate, number_of_installments AS term, price_row, ${isAnswered('bid')} AS answered
      FROM bid WHERE auction_key = issuer_proposal_request_key ORDER BY ordinal DESC LIMIT 1) AS b
    WHERE status IN ('won', 'lost') AND received_at > since.at AND answered),
  segments AS (
    SELECT by, value, count(*)::integer AS bids, count(*) FILTER (WHERE is_won)::integer AS won
    FROM this, ended, LATERAL (VALUES
      ('row', this.price_row, ended.price_row = this.price_row),
      ('employer', encode(this.employer_index, 'hex'), ended.employer_index = this.employer_index),
      ('term', this.term::text, ended.term = this.term),
      ('all', '', true)) AS segment (by, value, is_in)
    WHERE is_in GROUP BY by, value),
  bands AS (
    SELECT (floor(ended.rate * 2000) / 2000)::text AS "from", count(*)::integer AS bids,
      count(*) FILTER (WHERE is_won)::integer AS won
    FROM this, ended WHERE ended.term = this.term GROUP BY 1)
  SELECT rate::text AS rate, answered, rank_at_bid, rank_at_end, since.at AS since,
    (SELECT coalesce(json_agg(segments), '[]') FROM segments) AS segments,
    (SELECT coalesce(json_agg(bands), '[]') FROM bands) AS bands
  FROM this, since`;

/** Why an auction was lost, as far as anybody can tell: where we stood, and how bids like it fare. */
@Injectable()
export class LostAuction {
  constructor(private readonly dataSource: DataSource) {}

  /** Undefined for an auction that was not lost with a bid of ours. */
  async explain(key: string): Promise<LossView | undefined> {
    const [loss] = await this.dataSource.query<Loss[]>(LOSS, [key]);
    return loss === undefined ? undefined : viewLoss(loss);
  }
}

function viewLoss({ rate, answered, rank_at_bid, rank_at_end, since, segments, bands }: Loss): LossView {
  const ours = new Decimal(rate);
  const likely = answered
    ? likelyWinningRate(
        bands.map(({ from, ...counts }) => ({ ...counts, from: new Decimal(from) })),
        ours,
      )
    : undefined;
  return {
    monthly_interest_rate: rate,
    answered,
    rank_at_bid,
    rank_at_end,
    likely_winner:
      likely === undefined
        ? null
        : {
            from: likely.from.toFixed(),
            distance: ours.minus(likely.from).toFixed(),
            bids: likely.bids,
            won: likely.won,
          },
    since: since.toISOString(),
    segments: LOSS_SEGMENTS.flatMap((by) => segments.filter((segment) => segment.by === by)).map(
      withInterval,
    ),
  };
}

function withInterval(segment: Loss['segments'][number]): LossView['segments'][number] {
  const interval = wilsonInterval(segment.won, segment.bids);
  return {
    ...segment,
    win_rate: interval?.share ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}
