import { z } from 'zod';
import { dateGiven as date, reaisGiven as amount } from '../../given';

/** What the borrower would like: the most there is, so much paid out, or these withdrawals. */
export const fgtsWishes = z.discriminatedUnion('kind', [
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
export type FgtsWishes = z.output<typeof fgtsWishes>;

/** How they lie on disk. */
export function fgtsWishesJson(wishes: FgtsWishes): z.input<typeof fgtsWishes> {
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
