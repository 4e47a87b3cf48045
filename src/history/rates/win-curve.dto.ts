import { z } from 'zod';
import { decimal } from '../../platform';
import { figure } from '../explore/figures.dto';
import { selectionFields } from '../explore/selection';

/** What the curve may be taken apart by: the pairs with the rate that are summed by day. */
export const CURVE_DIMENSIONS = ['tenure', 'term', 'amount'] as const;

const { from, to, policy } = selectionFields;
export const winCurveQuery = z.object({
  by: z.enum(CURVE_DIMENSIONS).optional().describe('none: one curve of all bids'),
  from,
  to,
  policy,
});

const nextRival = z
  .object({
    above_when_won: z.number().describe('basis points a month, at the least: what was given away'),
    below_when_lost: z.number().describe('basis points a month, at the least'),
  })
  .nullable()
  .describe('how far the cheapest rival was, from the share won by rate; null: too few auctions have ended');

/** What won auctions became; the winner’s curse shows in the second and the third. */
const became = {
  won: z.int(),
  expected_margin: figure.describe('of what was won'),
  realised_margin: figure.describe('of what was paid out'),
  first_paid: figure.describe('first instalments paid, of those told'),
  ended: z.int().describe('loans whose end was told'),
  expected_loss: decimal.describe('of those'),
  told_loss: decimal.describe('of those'),
};
const stands = {
  ...became,
  lost: z.int(),
  answered: z
    .object({ won: z.int(), lost: z.int() })
    .describe(
      'those with a bid that QI had answered, of which the shares and the curve are: the end of any other says nothing of our price',
    ),
  win_rate: figure.describe('of the auctions that have ended, with a bid that QI had answered'),
  second_share: figure.describe(
    'of the lost ones of these whose place QI told, those in which one alone was cheaper',
  ),
  margin_per_bid: decimal
    .nullable()
    .describe('expected of each bid that has ended, in reais; null where no margin of a win is known'),
  next_rival: nextRival,
};

export const winCurveView = z.object({
  by: z.enum(CURVE_DIMENSIONS).nullable(),
  segments: z.array(
    z.object({
      key: z.string().nullable().describe('where the band begins; null: not known, or all'),
      ...stands,
      mean_rate: figure.describe('weighted with amounts'),
      bands: z
        .array(
          z.object({
            rate: decimal.describe('fraction a month; the band is 10 basis points wide and begins here'),
            smoothed: z.number().describe('the share won, made never to rise with the rate'),
            ...stands,
          }),
        )
        .describe('those in which auctions have ended with a bid that QI had answered, the cheapest first'),
    }),
  ),
  by_rank: z
    .array(z.object({ rank: z.int().nullable().describe('null: QI did not tell it'), ...became }))
    .describe('won auctions by our place: whoever wins from behind was let through by the others'),
});
export type WinCurveView = z.output<typeof winCurveView>;
export type WinCurveQuery = z.output<typeof winCurveQuery>;
