import { z } from 'zod';
import { share } from '../../platform';
import { selectionFields } from '../explore/selection';

export const FAIRNESS_GROUPS = ['age', 'region'] as const;
export type FairnessGroup = (typeof FAIRNESS_GROUPS)[number];

const { from, to } = selectionFields;
export const fairnessQuery = z.object({
  by: z
    .enum(FAIRNESS_GROUPS)
    .describe('age: full years on the day of the decision; region: the fiscal region that issued the CPF'),
  from,
  to,
});
export type FairnessQuery = z.output<typeof fairnessQuery>;

const points = z.number().describe('basis points a month');
export const fairnessView = z.object({
  by: z.enum(FAIRNESS_GROUPS),
  looked_at: z.int().describe('decisions of the groups shown; none of somebody erased'),
  suppressed: z.int().describe('groups of fewer than 20 decisions: nothing of them is shown'),
  limited_to: z
    .int()
    .nullable()
    .describe('so many decisions of the period, the newest, are looked at; null: all of them'),
  looked_from: z.iso
    .datetime()
    .nullable()
    .describe('where they are not all: when the request of the oldest was received'),
  kept_after: z.iso
    .datetime()
    .nullable()
    .describe(
      'when the newest request of the period was received whose borrower was erased; those up to then are left out, for those without success are erased years before the won ones. Null: none was',
    ),
  groups: z.array(
    z.object({
      group: z
        .string()
        .nullable()
        .describe('first year of the band of ages, or the digit of the region; null: not known'),
      decisions: z.int(),
      declined: z.object({ share, low: share, high: share }),
      bids: z.int(),
      mean_rate: z.string().nullable().describe('fraction a month; null: fewer than 20 bids'),
      unexplained: z
        .object({ mean: points, low: points, high: points })
        .nullable()
        .describe('from the mean of all who were priced from the same row of the same policy'),
    }),
  ),
});
export type FairnessView = z.output<typeof fairnessView>;
