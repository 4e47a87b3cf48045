import { z } from 'zod';
import { PRODUCTS } from '../../policy/domain';
import { parseCalendarDate } from '../../kernel';

const day = z
  .string()
  .transform((text) => parseCalendarDate(text))
  .refine((date) => date !== undefined, 'must be a date, YYYY-MM-DD');
const text = z.string().min(1).max(100);

/** Which facts: days of São Paulo, both inclusive, and what they have in common. */
export const selectionFields = {
  from: day.optional().describe('first day, in São Paulo'),
  to: day.optional().describe('last day, inclusive'),
  product: z.enum(PRODUCTS).optional(),
  policy: text.optional().describe('version that decided'),
  employer: z.base64url().length(43).optional().describe('from POST /history/lookup'),
  price_row: text.optional().describe('row of the price table of the bid'),
  segment: text.optional().describe('row of the loss table of the bid'),
};
export const selection = z.object(selectionFields);
export type Selection = z.output<typeof selection>;

/** FROM and WHERE over `history_fact`, with its parameters. */
export function factsIn({ from, to, product, policy, employer, price_row: priceRow, segment }: Selection): {
  readonly rows: string;
  readonly parameters: readonly unknown[];
} {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition.replace('?', `$${String(parameters.length)}`));
  };
  where('day >= ?::date', from);
  where('day <= ?::date', to);
  where('product = ?', product);
  where('policy_version = ?', policy);
  where('employer_index = ?', employer === undefined ? undefined : Buffer.from(employer, 'base64url'));
  where('price_row = ?', priceRow);
  where('loss_row = ?', segment);
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return { rows: `FROM history_fact${filter}`, parameters };
}
