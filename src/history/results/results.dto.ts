import { z } from 'zod';
import { NO_MARGIN } from '../../decision/domain';
import { WHAT_IF_REFUSALS } from '../../winning';
import { DIMENSION_NAMES } from '../explore/dimensions';
import { figure } from '../explore/figures.dto';
import { selectionFields } from '../explore/selection';
import { decimal, wholeNumber } from '../../platform';

/** What a loan that was paid out brings, part by part; the margin is their sum. */
export const MARGIN_PARTS = [
  'interest',
  'discount',
  'rebate',
  'funding',
  'prepayment',
  'expected_loss',
  'told_loss',
  'cost',
] as const;

const line = z.object({
  key: z.string().nullable(),
  won: z.int(),
  won_amount: decimal,
  paid: z.int(),
  paid_amount: decimal,
  expected_margin: figure.describe('of what was won, with the share that is expected to be paid out'),
  realised_margin: figure.describe('of what was paid out; where its end was told, with the loss it had'),
  margin_rate: figure.describe('over the funding rate, a month, weighted with amounts'),
  parts: z
    .object(Object.fromEntries(MARGIN_PARTS.map((part) => [part, decimal])) as Record<Part, typeof decimal>)
    .describe('signed: they add up to the realised margin'),
});
type Part = (typeof MARGIN_PARTS)[number];

export const resultsQuery = z.object({
  by: z.enum(DIMENSION_NAMES).exclude(['employer']).default('day'),
  ...selectionFields,
});
/** Why nothing is said of what a bid earns, or a loan of a product without auctions. */
const WITHOUT_MARGIN = [...NO_MARGIN, 'direct_product'] as const;

export const resultsView = z.object({
  by: z.enum(DIMENSION_NAMES),
  lines: z.array(line),
  total: line,
  without_margin: z
    .array(z.object({ why: z.enum(WITHOUT_MARGIN), bids: z.int() }))
    .describe('bids of which nothing can be said, and why'),
  waterfall: z
    .array(
      z.object({
        step: z.enum(['requests', 'bids', 'won', 'signed', 'reserved', 'paid']),
        count: z.int(),
        amount: decimal.describe('asked for; from the bids on, offered'),
      }),
    )
    .describe('from requests to what is paid out; the parts of the margin go on from there'),
  vintages: z
    .array(
      z.object({
        month: z.string().nullable().describe('of disbursement'),
        paid: z.int(),
        paid_amount: decimal,
        first_paid: figure.describe('first instalments paid, of those told'),
        ended: z.int().describe('loans whose end was told'),
        expected_loss: decimal.describe('of those'),
        told_loss: decimal,
      }),
    )
    .describe('after disbursement, as told from outside'),
});
export type ResultsView = z.output<typeof resultsView>;
export type ResultsQuery = z.output<typeof resultsQuery>;

const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
export const rateShiftQuery = z.object({
  basis_points: wholeNumber(-100, 100)
    .refine((points) => points !== 0, 'must not be 0')
    .describe('hundredths of a percent point a month; -10 is 10 lower'),
  ...selectionFields,
});
export const rateShiftView = z.object({
  basis_points: z.int(),
  bids: z.int().describe('bids with a known end'),
  looked_at: z.int().describe('the newest of them: each was priced anew'),
  verdict: z.enum(['judged', 'refused']),
  because: z.string().describe('in Portuguese: what it rests on, or why there is none'),
  wins: estimate.nullable().describe('more, or fewer'),
  margin: estimate.nullable().describe('reais more, or fewer; null where margins are not known'),
  tried: z
    .object({
      refused: z.enum(WHAT_IF_REFUSALS).nullable(),
      margin: estimate.nullable().describe('reais a bid more, or fewer, 95 % by days drawn anew'),
      effective_sample: z.number().describe('bids that weigh alike and would tell as much'),
      bids: z.int().nullable(),
      days: z.int().nullable(),
      share_needed: z
        .number()
        .nullable()
        .describe('share of bids to be tried at that distance for an answer; null: more days are needed'),
    })
    .nullable()
    .describe(
      'from the learned bids alone, whose rates were drawn: doubly robust, weights clipped. Null: nothing is learnt, or another selection than days and row was asked for',
    ),
});
