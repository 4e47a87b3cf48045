import { z } from 'zod';
import { dateGiven, reaisGiven } from './given';

/** What the borrower would like: the most there is, so much paid out, or these withdrawals. */
export const wishesSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('maximum') }),
  z.strictObject({ kind: z.literal('target'), amount: reaisGiven }),
  z.strictObject({
    kind: z.literal('periods'),
    periods: z
      .array(z.strictObject({ due_date: dateGiven, amount: reaisGiven }))
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
