import { z } from 'zod';
import { decimal } from '../../platform';
import { figure } from '../explore/figures.dto';
import { selectionFields } from '../explore/selection';

const { from, to } = selectionFields;
export const repaymentQuery = z.object({ from, to });
export type RepaymentQuery = z.output<typeof repaymentQuery>;

export const repaymentView = z.object({
  employers: z
    .array(
      z.object({
        mark: z.string().describe('opaque'),
        document_number: z.string().nullable(),
        paid: z.int().describe('loans that were paid out'),
        paid_amount: decimal,
        first_paid: figure.describe('first instalments paid, of those told'),
        ended: z.int().describe('loans whose end was told'),
        expected_loss: decimal.describe('of those'),
        told_loss: decimal.describe('of those'),
      }),
    )
    .describe('companies of which anything was told, at most 500: most first instalments unpaid first'),
  told_employers: z.int(),
});
export type RepaymentView = z.output<typeof repaymentView>;
