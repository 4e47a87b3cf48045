import { z } from 'zod';
import { debtPlanSchema } from '../debts/plan';

/** What a test fixes for one FGTS borrower; lists are used up one entry per attempt, then the CPF decides. */
export const fgtsPlanSchema = debtPlanSchema.extend({
  /** For each query: `success`, `empty`, `never`, or an enumerator of a failure. */
  balance: z.array(z.string()).default([]),
  /** For each attempt at the endorsement: `endorsed`, `never`, or an enumerator. */
  endorsement: z.array(z.string()).default([]),
  /** The withdrawals that Caixa foresees, instead of drawn ones. Reais, in quotes. */
  periods: z
    .array(z.strictObject({ due_date: z.iso.date(), amount: z.string().regex(/^\d+(\.\d{1,2})?$/) }))
    .optional(),
  birth_month: z.int().min(1).max(12).optional(),
  /** Before this business day Caixa refuses queries and endorsements alike. */
  locked_until: z.iso.date().optional(),
  /** What the authorisation check says; `unknown` is a 404. */
  authorization: z.enum(['authorized', 'unauthorized', 'unknown']).optional(),
});

export type FgtsPlan = z.infer<typeof fgtsPlanSchema>;
