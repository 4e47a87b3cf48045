import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { decimal, share } from '../../platform';

const count = z.int();

export class ChartsDto extends createZodDto(
  z.object({
    limited_to: z.int().nullable().describe('so many auctions, the newest, are counted; null: all of them'),
    funnel: z.array(
      z.object({
        step: z.enum(['received', 'decided_to_bid', 'bid', 'won', 'signed', 'reserved', 'disbursed']),
        count,
        amount: decimal.describe('asked for; from won on, lent'),
      }),
    ),
    reasons: z
      .array(z.object({ code: z.string(), count, amount: decimal }))
      .describe('why auctions were declined, the most frequent first; one auction may have several'),
    rates: z
      .array(
        z.object({
          from: decimal.describe('the band begins here and is 0.001 wide'),
          won: count,
          lost: count,
          answered: z
            .object({ won: count, lost: count })
            .describe(
              'those with a bid that QI had answered: the end of any other says nothing of our price',
            ),
          win_rate: share.nullable().describe('of those that QI had answered'),
          low: share.nullable().describe('95 % confidence'),
          high: share.nullable(),
        }),
      )
      .describe('auctions with a known outcome, by the monthly rate of our latest bid'),
    margins: z
      .array(
        z.object({
          from: decimal.describe('the band begins here and is 0.001 wide'),
          won: z.int().describe('whose margin is known'),
          expected: decimal.describe('reais, of what was won'),
          realised: decimal.describe('reais, of what was paid out'),
        }),
      )
      .describe('won auctions, by the monthly rate of our bid'),
    won_without_margin: z.int().describe('won auctions of which no margin is known'),
    hours: z.array(z.object({ hour: z.int(), received: count, bid: count, won: count })),
    terms: z.array(z.object({ term: z.int(), bid: count, won: count })),
    employers: z
      .array(
        z.object({
          mark: z.string().describe('a value for the filter `employer`'),
          document_number: z.string().nullable().describe('null once it was erased'),
          received: count,
          bid: count,
          won: count,
          amount: decimal.describe('asked for'),
        }),
      )
      .describe('companies with the most auctions, the most first'),
    tenures: z
      .array(z.object({ from_months: z.int(), received: count, bid: count, won: count }))
      .describe('by time in the present job at receipt; each band ends where the next begins'),
    seconds_left: z
      .array(z.object({ from: z.int(), bids: count }))
      .describe('before the limit when the bid was sent, in steps of 5 seconds'),
  }),
) {}

export type ChartsView = z.output<typeof ChartsDto.schema>;
