import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { CurrentActor, Needs, wholeNumber, type Actor } from '../../platform';
import { EXPORT_FORMATS } from '../exports/export-writer';
import { Schedules, type Schedule } from './schedules.service';

const hour = wholeNumber(0, 23).describe('in São Paulo');
const recurrence = z.discriminatedUnion('every', [
  z.object({ every: z.literal('day'), hour }),
  z.object({
    every: z.literal('week'),
    weekday: wholeNumber(1, 7).describe('1 is Monday'),
    hour,
  }),
  z.object({
    every: z.literal('month'),
    month_day: wholeNumber(1, 31).describe('in a month without such a day, its last'),
    hour,
  }),
]);
class ScheduleRequest extends createZodDto(
  z.object({
    view_id: z.uuid().describe('a saved view of figures of yours'),
    format: z.enum(EXPORT_FORMATS),
    recurrence,
  }),
) {}
const schedule = z.object({
  id: z.uuid(),
  owner: z.string(),
  view_id: z.uuid(),
  view_name: z.string(),
  format: z.enum(EXPORT_FORMATS),
  every: z.enum(['day', 'week', 'month']),
  weekday: z.int().nullable(),
  month_day: z.int().nullable(),
  hour: z.int(),
  next_at: z.iso.datetime(),
  last_status: z.enum(['waiting', 'running', 'done', 'failed']).nullable().describe('of its last file'),
  is_paused: z
    .boolean()
    .describe('nothing is made: the account or token of its owner is closed, or may export no more'),
});
class ScheduleDto extends createZodDto(schedule) {}
class HandOverRequest extends createZodDto(
  z.object({
    to: z
      .string()
      .max(200)
      .optional()
      .describe('the username of somebody who may export; left out: yourself'),
  }),
) {}
class ScheduleList extends createZodDto(z.object({ items: z.array(schedule) })) {}

@ApiTags('exports')
@Needs('exports.create')
@Controller('export-schedules')
export class SchedulesController {
  constructor(private readonly schedules: Schedules) {}

  @Get()
  @Needs('exports.hand_over')
  @ApiOperation({ summary: 'Everything that is exported again and again, what comes first first' })
  @ZodResponse({ status: 200, type: ScheduleList })
  async list() {
    return { items: (await this.schedules.list()).map(view) };
  }

  @Post()
  @ApiOperation({
    summary: 'Export a view of mine again and again',
    description:
      'Whoever may export may open its files. Endpoints that listen to `export.ready` and `export.failed` are told, people among them.',
  })
  @ApiConflictResponse({ description: 'There are too many' })
  @ApiUnprocessableEntityResponse({ description: 'The view is not yours, or not of figures' })
  @ZodResponse({ status: 201, type: ScheduleDto })
  async create(
    @Body() { view_id: viewId, format, recurrence: told }: ScheduleRequest,
    @CurrentActor() actor: Actor,
  ) {
    const when = told.every === 'month' ? { ...told, monthDay: told.month_day } : told;
    return view(await this.schedules.create(viewId, format, when, actor));
  }

  @Post(':id/hand-over')
  @Needs('exports.hand_over')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiOperation({ summary: 'Have a paused one go on in the name of somebody who may export' })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'Its owner may export, or the other has too many' })
  @ApiUnprocessableEntityResponse({ description: 'The other may not export' })
  async handOver(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { to }: HandOverRequest,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.schedules.handOver(id, to === undefined ? actor.id : `user:${to}`, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Export it no more; what is gone is gone' })
  async remove(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.schedules.remove(id, actor);
  }
}

const view = ({ next_at: next, isPaused, ...row }: Schedule): z.output<typeof schedule> => ({
  ...row,
  is_paused: isPaused,
  next_at: next.toISOString(),
});
