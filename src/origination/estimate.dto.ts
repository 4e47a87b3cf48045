import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { dateGiven, reaisGiven } from './domain';
import { figures, lockedWindow } from './dto-parts';

/** What an estimate is made of: nobody's CPF, and nothing of it is kept. */
export const estimateSchema = z.strictObject({
  product: z.enum(['fgts']),
  birth_date: dateGiven,
  balance: reaisGiven
    .meta({
      // A number is taken as well; of a type that is two, the description would make one that may be null.
      type: 'string',
      description: 'Reais in all accounts of the borrower; left out, only the locked window is told',
    })
    .optional(),
});
export class EstimateDto extends createZodDto(estimateSchema) {}

export class EstimatedDto extends createZodDto(
  z.object({
    is_estimate: z.literal(true),
    warning: z.string().describe('To be shown with it, in Portuguese'),
    locked_window: lockedWindow.describe('In which Caixa takes nothing: the present one or the next'),
    contract_from: z.iso.date().describe('The first day on which a contract could be made'),
    withdrawals: z.array(
      z.object({
        month: z.string().regex(/^\d{4}-\d{2}$/),
        withdrawal: z.string().describe('By the annual table of the law'),
        cedable: z.string().describe('What a contract could take of it'),
      }),
    ),
    offers: z.array(
      z.object({
        fee_table: z.string(),
        label: z.string(),
        monthly_interest_rate: z.string().describe('Fraction a month'),
        problem: z.object({ path: z.string(), message: z.string() }).nullable(),
        figures: figures.nullable(),
      }),
    ),
    problem: z
      .object({ path: z.string(), message: z.string() })
      .nullable()
      .describe('Why nothing could be offered'),
  }),
) {}
