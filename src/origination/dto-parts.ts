import { z } from 'zod';

/* What several answers about proposals have in common. */

export const period = z.object({ due_date: z.iso.date(), amount: z.string() });
const money = {
  disbursement_date: z.iso.date(),
  issue_amount: z.string(),
  disbursed_issue_amount: z.string(),
  iof_amount: z.string(),
  contract_fee_amount: z.string(),
  total_amount: z.string(),
  cet: z.string(),
  annual_cet: z.string(),
};
export const figures = z.object({
  ...money,
  periods: z.array(period).default([]).describe('FGTS: what of each withdrawal is ceded'),
  installment_face_value: z.string().optional().describe('Federal payroll: every instalment'),
  number_of_installments: z.int().optional(),
  first_due_date: z.iso.date().optional(),
  first_due_is_verified: z
    .boolean()
    .optional()
    .describe('false: nobody has filled this month of the payroll calendar; assumed'),
  last_due_date: z.iso.date().optional(),
  final_disbursement_amount: z.string().optional().describe('Once older contracts are paid off'),
  options: z
    .array(z.object(money).partial())
    .default([])
    .describe('Federal payroll: the same for each day on which the money may be paid'),
});
export const lockedWindow = z.object({
  from: z.iso.date(),
  permitted_from: z.iso.date().describe('the first day on which it is permitted again'),
  is_now: z.boolean(),
});
