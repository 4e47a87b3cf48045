import { z } from 'zod';

/* What several answers about proposals have in common. */

export const period = z.object({ due_date: z.iso.date(), amount: z.string() });
export const figures = z.object({
  disbursement_date: z.iso.date(),
  issue_amount: z.string(),
  disbursed_issue_amount: z.string(),
  iof_amount: z.string(),
  contract_fee_amount: z.string(),
  total_amount: z.string(),
  cet: z.string(),
  annual_cet: z.string(),
  periods: z.array(period),
});
export const lockedWindow = z.object({
  from: z.iso.date(),
  permitted_from: z.iso.date().describe('the first day on which it is permitted again'),
  is_now: z.boolean(),
});
