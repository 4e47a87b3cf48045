import { z } from 'zod';
import type { Behaviour } from './behaviour';
import { Decimal } from '../src/kernel';
import { FAULTS } from './faults';
import { loanPlanSchema } from './loan-plan';
import type { Random } from './random';

/** What a test may fix about one auction; everything else is drawn from the seed. */
export const auctionPlanSchema = z.strictObject({
  issuer_proposal_request_key: z.string().min(1).optional(),
  /** The kind of borrower to draw. */
  borrower: z
    .enum([
      'clean',
      'harmless_history',
      'running_leave',
      'termination',
      'ineligible',
      'politically_exposed',
      'short_tenure',
      'incomplete',
      'odd',
    ])
    .optional(),
  /** Fields of `issuer_proposal_request_data` to write over the drawn ones. */
  request: z.record(z.string(), z.unknown()).default({}),
  /** Fields of it to leave out. */
  omit: z.array(z.string()).default([]),
  window_seconds: z.number().min(0).optional(),
  request_lives_seconds: z.number().min(0).optional(),
  /** Fields of the webhook to write over the printed ones, at the top level and in `data`. */
  print: z.record(z.string(), z.unknown()).default({}),
  /** Monthly rates of the rivals; an empty list leaves the partner alone. */
  rivals: z.array(z.string().regex(/^\d+(\.\d+)?$/)).optional(),
  /** Faults of the calls that propose to this auction, used up one per call. */
  faults: z.array(z.enum(FAULTS)).default([]),
  /** The fate of its loan, if won. */
  loan: loanPlanSchema.partial().optional(),
  /** Open it without telling the partner. */
  silent: z.boolean().default(false),
});

export type AuctionPlan = z.infer<typeof auctionPlanSchema>;
export type AuctionOverrides = z.input<typeof auctionPlanSchema>;

export interface Rival {
  readonly monthlyInterestRate: Decimal;
  readonly bidsAt: Date;
}

/** Rival bidders: none at all in some auctions, otherwise a few whose rates gather around the market's. */
export function drawRivals(
  random: Random,
  market: Behaviour['rivals'],
  opensAt: Date,
  limitAt: Date,
): Rival[] {
  if (!random.chance(market.presence)) return [];
  const center = new Decimal(market.monthly_rate);
  return Array.from({ length: random.integer(1, Math.max(1, market.most)) }, () => {
    // The mean of two draws: near the market's rate more often than far from it.
    const offset = new Decimal(random.integer(-1000, 1000) + random.integer(-1000, 1000)).div(2000);
    const rate = center.plus(offset.times(market.spread)).toDecimalPlaces(6);
    return {
      monthlyInterestRate: Decimal.max(rate, 0),
      bidsAt: new Date(opensAt.getTime() + random.next() * (limitAt.getTime() - opensAt.getTime())),
    };
  });
}
