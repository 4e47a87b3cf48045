import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { parseCalendarDate } from '../kernel';
import {
  AuditTrail,
  CurrentActor,
  decodeCursor,
  instant,
  Needs,
  pageOf,
  pageOfItems,
  pageQuery,
  plainText,
  ProblemException,
  type Actor,
} from '../platform';
import { GAP_KINDS, type GapKind } from './gap-book.service';
import { Reconciliation } from './reconciliation.service';
import { previewReplay, replayWebhooks } from './replay-webhooks';

const id = z.string().regex(/^\d{1,18}$/);
const RESULTS = ['done', 'limit_of_calls', 'qi_unavailable', 'failed', 'abandoned'] as const;

const run = z.object({
  id,
  started_by: z.string().describe('schedule, or the person'),
  started_at: instant,
  ended_at: instant.nullable(),
  result: z.enum(RESULTS).nullable(),
  scanned_until: instant.nullable().describe("up to here QI's failed notifications have been read"),
  gaps_found: z.int(),
  gaps_closed: z.int(),
  calls: z.int(),
  resent: z.int(),
  refused: z.int().describe('calls that QI answered with a no'),
});
const gap = z.object({
  id,
  kind: z.enum(GAP_KINDS),
  key: z.string().describe("of the auction, the loan, or QI's notification"),
  found_at: instant,
  asked: z.int(),
  next_ask_at: instant,
  closed_at: instant.nullable(),
  closed_as: z.enum(['arrived', 'given_up']).nullable(),
});

class RunQuery extends createZodDto(z.object(pageQuery)) {}
class GapQuery extends createZodDto(
  z.object({ ...pageQuery, status: z.enum(['open', 'arrived', 'given_up']).default('open') }),
) {}
class RunPage extends createZodDto(pageOfItems(run)) {}
class GapPage extends createZodDto(pageOfItems(gap)) {}
class RunResultDto extends createZodDto(
  run.pick({
    id: true,
    result: true,
    gaps_found: true,
    gaps_closed: true,
    calls: true,
    resent: true,
    refused: true,
  }),
) {}

const replay = z
  .object({
    key: z.string().min(1).max(128).optional().describe('of a request, a proposal or an operation'),
    day: z
      .string()
      .refine((text) => parseCalendarDate(text) !== undefined)
      .optional(),
    from: instant.optional(),
    before: instant.optional(),
    apply: z.boolean().default(false).describe('false: only say which'),
    reason: plainText(1_000),
  })
  .refine(({ key, day, from, before }) => [key, day, from, before].some((part) => part !== undefined), {
    message: 'name a key, a day or a span',
  });
class ReplayDto extends createZodDto(replay) {}
class ReplayedDto extends createZodDto(
  z.object({
    applied: z.boolean(),
    types: z.array(
      z.object({ webhook_type: z.string().nullable(), status: z.enum(['done', 'parked']), events: z.int() }),
    ),
  }),
) {}

interface RunRow {
  readonly id: string;
  readonly started_by: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly result: (typeof RESULTS)[number] | null;
  readonly scanned_until: Date | null;
  readonly gaps_found: number;
  readonly gaps_closed: number;
  readonly calls: number;
  readonly resent: number;
  readonly refused: number;
}

interface GapRow {
  readonly id: string;
  readonly kind: GapKind;
  readonly key: string;
  readonly found_at: Date;
  readonly asked: number;
  readonly next_ask_at: Date;
  readonly closed_at: Date | null;
  readonly closed_as: 'arrived' | 'given_up' | null;
}

/** What never reached us, and what was done about it. */
@ApiTags('reconciliation')
@Controller('reconciliation')
export class ReconciliationController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reconciliation: Reconciliation,
    private readonly audit: AuditTrail,
  ) {}

  @Get('runs')
  @Needs('health.read')
  @ApiOperation({ summary: 'Runs of the reconciliation with their figures, newest first' })
  @ZodResponse({ status: 200, type: RunPage })
  async listRuns(@Query() { limit, cursor }: RunQuery) {
    const rows = await this.dataSource.query<RunRow[]>(
      `SELECT id, started_by, started_at, ended_at, result, scanned_until, gaps_found, gaps_closed, calls, resent,
         refused
       FROM reconciliation_run WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
      [before(cursor), limit + 1],
    );
    return pageOf(rows, limit, viewRun, byId);
  }

  @Get('gaps')
  @Needs('health.read')
  @ApiOperation({
    summary: 'What should have been heard: still missing, arrived, or left to people; newest first',
  })
  @ZodResponse({ status: 200, type: GapPage })
  async listGaps(@Query() { limit, cursor, status }: GapQuery) {
    const rows = await this.dataSource.query<GapRow[]>(
      `SELECT id, kind, key, found_at, asked, next_ask_at, closed_at, closed_as FROM reconciliation_gap
       WHERE coalesce(closed_as, 'open') = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [status, before(cursor), limit + 1],
    );
    return pageOf(rows, limit, viewGap, byId);
  }

  @Post('runs')
  @Needs('events.replay')
  @HttpCode(200)
  @ApiOperation({ summary: 'Look now, without waiting for the next run' })
  @ApiConflictResponse({ description: 'A run is under way' })
  @ZodResponse({ status: 200, type: RunResultDto })
  async runNow(@CurrentActor() actor: Actor) {
    const ended = await this.reconciliation.run(actor.id);
    if (ended === undefined)
      throw new ProblemException(409, { type: 'run_under_way', title: 'Uma conciliação já está em curso' });
    const { id: runId, result, gapsFound, gapsClosed, calls, resent, refused } = ended;
    return { id: runId, result, gaps_found: gapsFound, gaps_closed: gapsClosed, calls, resent, refused };
  }

  @Post('replays')
  @Needs('events.replay')
  @HttpCode(200)
  @ApiOperation({ summary: 'Handle archived webhooks again: those of a key, a day or a span; dry run first' })
  @ZodResponse({ status: 200, type: ReplayedDto })
  async replay(
    @Body() { key, day, from, before: until, apply, reason }: ReplayDto,
    @CurrentActor() actor: Actor,
  ) {
    const selection = {
      key,
      day: day === undefined ? undefined : parseCalendarDate(day),
      from: from === undefined ? undefined : new Date(from),
      before: until === undefined ? undefined : new Date(until),
    };
    const types = apply
      ? await replayWebhooks(this.dataSource, this.audit, selection, { actor: actor.id, reason })
      : await previewReplay(this.dataSource.manager, selection);
    const shown = types.map(({ webhookType, status, events }) => ({
      webhook_type: webhookType,
      status,
      events,
    }));
    return { applied: apply, types: shown };
  }
}

function before(cursor: string | undefined): string | null {
  return cursor === undefined ? null : decodeCursor(cursor, z.tuple([id]))[0];
}

const byId = (last: { readonly id: string }): readonly string[] => [last.id];

function viewRun({ started_at, ended_at, scanned_until, ...row }: RunRow): z.output<typeof run> {
  return {
    ...row,
    started_at: started_at.toISOString(),
    ended_at: ended_at?.toISOString() ?? null,
    scanned_until: scanned_until?.toISOString() ?? null,
  };
}

function viewGap({ found_at, next_ask_at, closed_at, ...row }: GapRow): z.output<typeof gap> {
  return {
    ...row,
    found_at: found_at.toISOString(),
    next_ask_at: next_ask_at.toISOString(),
    closed_at: closed_at?.toISOString() ?? null,
  };
}
