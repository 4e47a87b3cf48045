import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { instant, sha256 } from '../platform';
import { bodyNumber } from '../policy';
import type { BacktestReport } from './backtest-reports.service';

export class BacktestBody extends createZodDto(
  z
    .strictObject({
      received_from: instant,
      received_before: instant,
      against: bodyNumber.describe('the version compared with; the active one if left out'),
    })
    .refine(({ received_from: from, received_before: before }) => new Date(from) < new Date(before), {
      path: ['received_before'],
      message: 'must be later than received_from',
    }),
) {}

const backtest = z.object({
  id: z.uuid(),
  candidate_hash: sha256,
  baseline_hash: sha256,
  received_from: instant,
  received_before: instant,
  state: z.enum(['queued', 'running', 'done', 'failed', 'canceled']),
  requested_by: z.string(),
  requested_at: instant,
  requests_total: z.int().nullable(),
  requests_done: z.int(),
  failure: z.string().nullable(),
  figures: z.record(z.string(), z.unknown()).nullable(),
  finished_at: instant.nullable(),
});
export class BacktestView extends createZodDto(backtest) {}
export class BacktestList extends createZodDto(
  z.object({
    items: z.array(backtest),
    activation: z
      .object({
        held: z.int().describe('requests of the last days that the best of them holds'),
        required: z
          .int()
          .describe('how many it must hold before the version may be put in force; 0: none is stored'),
        days: z.int().describe('which last days'),
      })
      .nullable()
      .describe('null: none is done'),
  }),
) {}

export function viewBacktest(report: BacktestReport) {
  return {
    ...report,
    received_from: report.received_from.toISOString(),
    received_before: report.received_before.toISOString(),
    requested_at: report.requested_at.toISOString(),
    finished_at: report.finished_at?.toISOString() ?? null,
  };
}
