import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { pageOfItems, pageQuery } from '../platform';
import { hiddenCells } from '../policy';
import { PROPOSAL_STATUSES } from './domain';

const problem = z.object({
  place: z.string().describe('As a spreadsheet names the cell'),
  column: z.string().describe('Its title; empty outside of the titled columns'),
  message: z.string(),
});
const refusedLine = z.object({ row: z.int(), problems: z.array(problem) });

export class BatchSheetQuery extends createZodDto(
  z.object({ tab: z.string().min(1).max(200).optional().describe('of a workbook; else the first') }),
) {}
export class BatchPageQuery extends createZodDto(z.object(pageQuery)) {}

export class BatchPreviewDto extends createZodDto(
  z.object({
    known_batch: z.uuid().nullable().describe('this file was sent before: it starts nothing again'),
    starting: z.int().describe('lines of which each would start one proposal'),
    hidden: hiddenCells,
    refused: z.array(refusedLine).describe('what was written there is not repeated: it may be personal'),
  }),
) {}

export class BatchStartedDto extends createZodDto(
  z.object({ batch_id: z.uuid(), is_new: z.boolean().describe('false: the same file was sent before') }),
) {}

const batch = z.object({
  id: z.uuid(),
  product: z.enum(['fgts', 'federal_payroll']),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  started: z.int(),
  refused: z.int(),
});
export class BatchPageDto extends createZodDto(pageOfItems(batch)) {}
export class BatchDetailDto extends createZodDto(
  batch.extend({
    lines: z.array(
      z.object({
        row: z.int(),
        problems: z.array(problem),
        proposal: z
          .object({
            id: z.uuid(),
            document_number: z.string().describe('Masked'),
            status: z.enum(PROPOSAL_STATUSES),
            disbursed_issue_amount: z.string().nullable(),
            failure: z.string().nullable().describe('What went wrong, in words'),
          })
          .nullable()
          .describe('What the line has started; null where it was refused'),
      }),
    ),
  }),
) {}
