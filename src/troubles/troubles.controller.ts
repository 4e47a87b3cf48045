import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { Needs } from '../platform';
import { COUNTS, RUNBOOKS, TROUBLE_KINDS, TROUBLE_SEVERITIES, type Trouble } from './domain';
import { Runbooks, runbookView } from './runbooks';
import { Troubles } from './troubles.service';

const counts = Object.entries(COUNTS).map(([kind, what]) => `${kind}: ${what}`);

const troubleView = z.object({
  kind: z.enum(TROUBLE_KINDS),
  since: z.iso.datetime().describe('or since when it is known'),
  severity: z.enum(TROUBLE_SEVERITIES).describe('critical: auctions go unanswered, or soon will'),
  count: z
    .int()
    .nullable()
    .describe(`By kind. ${counts.join('. ')}. Null for the others`),
  detail: z
    .string()
    .nullable()
    .describe(
      'qi_down and qi_failing: server_error, no_answer, unreachable, too_many_requests or access_refused. certificate_ending: the host. disk_full: the directory',
    ),
  runbook: runbookView,
});
class TroublesDto extends createZodDto(
  z.object({
    items: z.array(troubleView),
    without_database: runbookView.describe(
      'what to do when /health/ready answers 503: nothing can be asked here then',
    ),
  }),
) {}

const runbooks = new Runbooks(Object.values(RUNBOOKS));

@ApiTags('health')
@Controller('troubles')
export class TroublesController {
  constructor(private readonly troubles: Troubles) {}

  @Get()
  @Needs('health.read')
  @ApiOperation({ summary: 'What is wrong now, worst first; nothing when all is well' })
  @ZodResponse({ status: 200, type: TroublesDto })
  async list() {
    return {
      items: (await this.troubles.current()).map(view),
      without_database: runbooks.of(RUNBOOKS.database_down),
    };
  }
}

function view({ kind, since, severity, count, detail }: Trouble): z.output<typeof troubleView> {
  return {
    kind,
    since: since.toISOString(),
    severity,
    count: count ?? null,
    detail: detail ?? null,
    runbook: runbooks.of(RUNBOOKS[kind]),
  };
}
