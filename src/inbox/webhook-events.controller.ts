import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Clock } from '../kernel';
import {
  AuditTrail,
  CLOCK,
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
import { PARK_REASONS, WEBHOOK_STATUSES } from './domain';

const eventId = z.string().regex(/^\d{1,18}$/);

class WebhookEventQuery extends createZodDto(
  z.object({
    status: z.enum(WEBHOOK_STATUSES).default('parked'),
    settled: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true')
      .describe(
        'of those that are parked: which somebody has settled, instead of those that wait for a person',
      ),
    ...pageQuery,
  }),
) {}
const webhookEvent = z.object({
  id: eventId,
  received_at: instant,
  webhook_type: z.string().nullable(),
  event_key: z.string().nullable(),
  event_status: z.string().nullable(),
  status: z.enum(WEBHOOK_STATUSES),
  reason: z.enum(PARK_REASONS).nullable().describe('why it is parked'),
  correlation_key: z.string().nullable().describe('what it waits for'),
  attempts: z.int(),
  handled_at: instant.nullable(),
  settled_by: z.string().nullable().describe('who said that there is nothing left to do with it'),
  settled_at: instant.nullable(),
});
class WebhookEventPage extends createZodDto(pageOfItems(webhookEvent)) {}
class WebhookEventDto extends createZodDto(webhookEvent) {}
const why = z.object({ reason: plainText(1_000).describe('kept in the audit trail') });
class ReplayRequest extends createZodDto(why) {}
class SettleRequest extends createZodDto(why) {}

interface EventRow extends Omit<z.output<typeof webhookEvent>, 'received_at' | 'handled_at' | 'settled_at'> {
  readonly received_at: Date;
  readonly handled_at: Date | null;
  readonly settled_at: Date | null;
}

const COLUMNS = `id, received_at, webhook_type, event_key, event_status, status, reason, correlation_key, attempts, handled_at,
  settled_by, settled_at`;

/** Webhooks that stopped at the door, for people who can make them go on. */
@ApiTags('webhook events')
@Controller('webhook-events')
export class WebhookEventsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('health.read')
  @ApiOperation({ summary: 'Stored webhooks by what became of them, newest first' })
  @ZodResponse({ status: 200, type: WebhookEventPage })
  async list(@Query() { status, settled, limit, cursor }: WebhookEventQuery) {
    const [before] = cursor === undefined ? [null] : decodeCursor(cursor, z.tuple([eventId]));
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT ${COLUMNS} FROM webhook_event WHERE status = $1 AND ($2::bigint IS NULL OR id < $2)
         AND (status <> 'parked' OR (settled_at IS NOT NULL) = $4)
       ORDER BY id DESC LIMIT $3`,
      [status, before, limit + 1, settled],
    );
    return pageOf(rows, limit, view, ({ id }) => [id]);
  }

  @Post(':id/replay')
  @Needs('events.replay')
  @HttpCode(200)
  @ApiOperation({ summary: 'Handle a parked webhook again, from its stored original' })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'It is not parked' })
  @ZodResponse({ status: 200, type: WebhookEventDto })
  replay(@Param('id') id: string, @Body() { reason }: ReplayRequest, @CurrentActor() actor: Actor) {
    return this.#ofParked(id, async (tx, found) => {
      const [[replayed]] = await tx.query<[EventRow[], number]>(
        `UPDATE webhook_event SET status = 'new', reason = NULL, attempts = 0, not_before = NULL, lease_owner = NULL,
           settled_at = NULL, settled_by = NULL
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [id],
      );
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'webhook_event.replayed',
        subject: `webhook event ${id}`,
        reason,
        details: { was: found.reason },
      });
      return replayed;
    });
  }

  @Post(':id/settle')
  @Needs('events.replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Say that nothing is left to do with a parked webhook: nobody is told of it any more',
  })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'It is not parked' })
  @ZodResponse({ status: 200, type: WebhookEventDto })
  settle(@Param('id') id: string, @Body() { reason }: SettleRequest, @CurrentActor() actor: Actor) {
    return this.#ofParked(id, async (tx, found) => {
      if (found.settled_at !== null) return found;
      const [[settled]] = await tx.query<[EventRow[], number]>(
        `UPDATE webhook_event SET settled_at = $2, settled_by = $3 WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, this.clock.now(), actor.id],
      );
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'webhook_event.settled',
        subject: `webhook event ${id}`,
        reason,
        details: { was: found.reason },
      });
      return settled;
    });
  }

  /** @throws 404 where there is none, 409 where it is not parked */
  async #ofParked(
    id: string,
    change: (tx: EntityManager, found: EventRow) => Promise<EventRow | undefined>,
  ): Promise<z.output<typeof webhookEvent>> {
    if (!eventId.safeParse(id).success) throw unknown();
    return this.dataSource.transaction(async (tx) => {
      const [found] = await tx.query<EventRow[]>(
        `SELECT ${COLUMNS} FROM webhook_event WHERE id = $1 FOR UPDATE`,
        [id],
      );
      if (found === undefined) throw unknown();
      if (found.status !== 'parked')
        throw new ProblemException(409, {
          type: 'not_parked',
          title: 'O evento não está parado',
          status_now: found.status,
        });
      const changed = await change(tx, found);
      if (changed === undefined) throw new Error('a locked row is gone');
      return view(changed);
    });
  }
}

function view({ received_at, handled_at, settled_at, ...row }: EventRow): z.output<typeof webhookEvent> {
  return {
    ...row,
    received_at: received_at.toISOString(),
    handled_at: handled_at?.toISOString() ?? null,
    settled_at: settled_at?.toISOString() ?? null,
  };
}

function unknown(): ProblemException {
  return new ProblemException(404, { type: 'not_found', title: 'Esse evento não existe' });
}
