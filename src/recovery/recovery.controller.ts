import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { CurrentActor, instant, Needs, plainText, ProblemException, type Actor } from '../platform';
import { RECOVERY_SIGNS } from './domain';
import { RecoveryBook, type Recovery } from './recovery-book.service';

const SHOWN = 20;
const recovery = z.object({
  id: z.string(),
  found_at: instant,
  found_by: z.string().describe('host and process'),
  sign: z.enum(RECOVERY_SIGNS),
  known_until: instant.nullable().describe('up to here the copy knows what happened'),
  bids_from: instant.describe('no request made before this is bid for'),
  counts: z.record(z.string(), z.int()).describe('what was made unknown at once, by kind'),
  asked_until: instant.nullable().describe('up to here QI has been asked what it told in the lost time'),
  confirmed_at: instant.nullable(),
  confirmed_by: z.string().nullable(),
  note: z.string().nullable(),
});

class RecoveryDto extends createZodDto(recovery) {}
class RecoveriesDto extends createZodDto(
  z.object({
    items: z.array(recovery).describe('newest first'),
    now: z
      .object({
        bids_unknown: z.int(),
        auctions_unknown: z
          .int()
          .describe('made before a restore: there may be a bid that is forgotten here'),
        commands_unknown: z.int(),
        loans_unlinked: z.int(),
        webhooks_parked: z.int(),
        questions_open: z.int().describe('what QI has been asked for and has not come yet'),
      })
      .describe('what is still not known'),
  }),
) {}
const note = plainText(1_000);
class ConfirmationDto extends createZodDto(z.object({ note: note.describe('what was checked') })) {}

const NOW = `
  SELECT (SELECT count(*)::int FROM bid WHERE status = 'unknown') AS bids_unknown,
    (SELECT count(*)::int FROM auction WHERE status = 'unknown' AND status_reason = 'before_restore') AS auctions_unknown,
    (SELECT count(*)::int FROM operation_command WHERE status = 'unknown')
      + (SELECT count(*)::int FROM proposal_command WHERE status = 'unknown') AS commands_unknown,
    (SELECT count(*)::int FROM operation o WHERE origin IS NULL AND (ended_at IS NULL OR status = 'disbursed'
      AND NOT EXISTS (SELECT FROM task WHERE task.credit_operation_key = o.credit_operation_key
        AND kind = 'unlinked_operation' AND task.status = 'resolved'))) AS loans_unlinked,
    (SELECT count(*)::int FROM webhook_event WHERE status = 'parked' AND settled_at IS NULL) AS webhooks_parked,
    (SELECT count(*)::int FROM reconciliation_gap WHERE closed_at IS NULL) AS questions_open`;

/** Restores of the database that were noticed, and what people must look at before bidding goes on. */
@ApiTags('recovery')
@Controller('recoveries')
export class RecoveryController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly book: RecoveryBook,
  ) {}

  @Get()
  @Needs('health.read')
  @ApiOperation({ summary: 'Restores of the database that were noticed, and what is still not known' })
  @ZodResponse({ status: 200, type: RecoveriesDto })
  async list() {
    const [items, [now]] = await Promise.all([
      this.book.latest(SHOWN),
      this.dataSource.query<z.output<typeof RecoveriesDto.schema>['now'][]>(NOW),
    ]);
    if (now === undefined) throw new Error('a query without a row');
    return { items: items.map(view), now };
  }

  @Post(':id/confirm')
  @Needs('kill_switch.release')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Say that what was found is right; then bidding may be let go on by two people, and commands are sent',
  })
  @ZodResponse({ status: 200, type: RecoveryDto })
  @ApiConflictResponse({ description: 'There is no such restore, or it is confirmed' })
  async confirm(
    @Param('id') id: string,
    @Body() { note: text }: ConfirmationDto,
    @CurrentActor() actor: Actor,
  ) {
    const confirmed = /^\d{1,18}$/.test(id) ? await this.book.confirm(id, text, actor) : undefined;
    if (confirmed !== undefined) return view(confirmed);
    throw new ProblemException(409, {
      type: 'nothing_to_confirm',
      title: 'Não há restauração a confirmar com este número',
    });
  }
}

function view({ found_at, known_until, bids_from, asked_until, confirmed_at, ...rest }: Recovery) {
  const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    ...rest,
    counts: { ...rest.counts },
    found_at: found_at.toISOString(),
    known_until: iso(known_until),
    bids_from: bids_from.toISOString(),
    asked_until: iso(asked_until),
    confirmed_at: iso(confirmed_at),
  };
}
