import { z } from 'zod';
import { Decimal, parseCalendarDate, parseDecimal, type CalendarDate } from '../../kernel';

const amount = z.union([z.string(), z.number()]).transform((given, context): Decimal => {
  const value = parseDecimal(String(given));
  if (value?.gt(0) === true && value.decimalPlaces() <= 2 && value.lte(1_000_000)) return value;
  context.addIssue({ code: 'custom', message: 'informe um valor em reais, como 1234.56' });
  return z.NEVER;
});
const date = z.string().transform((given, context): CalendarDate => {
  const value = parseCalendarDate(given);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: 'informe uma data que existe, AAAA-MM-DD' });
  return z.NEVER;
});

/** What the borrower would like: the most there is, so much paid out, or these withdrawals. */
export const wishesSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('maximum') }),
  z.strictObject({ kind: z.literal('target'), amount }),
  z.strictObject({
    kind: z.literal('periods'),
    periods: z
      .array(z.strictObject({ due_date: date, amount }))
      .min(1)
      .max(20),
  }),
]);
export type Wishes = z.output<typeof wishesSchema>;

/** How they lie on disk. */
export function wishesJson(wishes: Wishes): z.input<typeof wishesSchema> {
  switch (wishes.kind) {
    case 'maximum':
      return wishes;
    case 'target':
      return { kind: 'target', amount: wishes.amount.toFixed(2) };
    case 'periods':
      return {
        kind: 'periods',
        periods: wishes.periods.map((period) => ({
          due_date: period.due_date,
          amount: period.amount.toFixed(2),
        })),
      };
  }
}
