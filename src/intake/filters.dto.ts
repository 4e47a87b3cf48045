import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { Decimal } from '../kernel';
import { instant, pageLimit, plainText } from '../platform';

const MAX_REASON = 1_000;
const reason = plainText(MAX_REASON).describe("why, in the actor's words");

/** Numbers of a body are decimals. */
const dailyCap = z
  .unknown()
  .transform((raw) => (Decimal.isDecimal(raw) ? Number(raw.toFixed()) : raw))
  .pipe(z.int().min(1).max(10_000_000).nullable());

export class FilterRequest extends createZodDto(
  z.object({
    active: z.boolean().describe('false: QI sends no request at all'),
    daily_cap: dailyCap.describe('requests a day; null: no cap'),
    reason,
  }),
) {}
export class StopRequest extends createZodDto(z.object({ reason })) {}

export class HistoryQuery extends createZodDto(z.object({ limit: pageLimit })) {}

const difference = z.object({
  path: z.string().describe('e.g. custom_data.age.min'),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const change = z.object({
  id: z.uuid(),
  kind: z.enum(['change', 'stop']),
  status: z
    .enum(['proposed', 'sending', 'unknown', 'sent', 'rejected', 'withdrawn'])
    .describe("unknown: QI's answer was lost; it may be sent again"),
  document: z.string().describe('the JSON as it is sent'),
  active: z.boolean().describe('false: under it QI sends no request at all'),
  daily_cap: z.int().nullable().describe('requests a day; null: no cap'),
  reason: z.string(),
  policy_version: z.string(),
  policy_hash: z.string(),
  proposed_by: z.string(),
  proposed_at: instant,
  sent_by: z.string().nullable(),
  sent_at: instant.nullable(),
  settled_at: instant.nullable(),
  http_status: z.int().nullable(),
  answer: z.string().nullable().describe("QI's words, or why there were none"),
});

const changeWithDifferences = change.extend({
  differences: z.array(difference).describe('from what was in force when it was asked for'),
});

export class FilterChangeView extends createZodDto(changeWithDifferences) {}
export class FilterChangeList extends createZodDto(z.object({ items: z.array(change) })) {}
export class FilterStateView extends createZodDto(
  z.object({
    in_force: change.nullable().describe('what QI last said yes to'),
    is_certain: z.boolean().describe('false: what was sent after it has had no answer'),
    open: changeWithDifferences
      .extend({
        is_under_way: z
          .boolean()
          .describe('true: it is being sent at this moment; false: it may be sent (again) or withdrawn'),
      })
      .nullable()
      .describe("waits for a second person, or for QI's answer"),
    refused: change.nullable().describe('what was sent last, if QI said no to it'),
    generated: z.string().describe('what the active policy would make of it, switch and cap as they are'),
    differences: z.array(difference).describe('from what is in force to what would be generated'),
  }),
) {}
