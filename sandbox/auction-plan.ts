import { z } from 'zod';
import { FAULTS } from './faults';
import { loanPlanSchema } from './loan-plan';

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
  /** Monthly rates of the rivals instead of the market's; an empty list leaves the partner alone. */
  rivals: z.array(z.string().regex(/^\d+(\.\d+)?$/)).optional(),
  /** Faults of the calls that propose to this auction, used up one per call. */
  faults: z.array(z.enum(FAULTS)).default([]),
  /** The fate of its loan, if won. */
  loan: loanPlanSchema.partial().optional(),
  /** How long each step of its loan takes, where the fate is drawn. */
  step_seconds: z.number().min(0).optional(),
  /** Open it without telling the partner. */
  silent: z.boolean().default(false),
});

export type AuctionPlan = z.infer<typeof auctionPlanSchema>;
export type AuctionOverrides = z.input<typeof auctionPlanSchema>;
