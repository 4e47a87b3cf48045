import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Clock } from '../kernel';
import { CLOCK, CurrentActor, Needs, pageByInstant, type Actor } from '../platform';
import { viewTask } from './operation-view';
import {
  BulkDto,
  BulkResultDto,
  bulkSchema,
  ResolveDto,
  SnoozeDto,
  TakeBackDto,
  TaskDetailDto,
  TaskDto,
  TaskPageDto,
  TaskQuery,
} from './operation.dto';
import { readBody } from './persons-request';
import { problemOf } from './refusal';
import { TaskActions, type BulkAction, type TaskOutcome } from './task-actions.service';
import { TaskEntity } from './task.entity';

@ApiTags('tasks')
@ApiConflictResponse({ description: "It is another person's, or settled already" })
@Controller('tasks')
export class TaskController {
  constructor(
    private readonly actions: TaskActions,
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('operations.read')
  @ApiOperation({ summary: 'What waits for people, most urgent first; snoozed tasks only when asked for' })
  @ZodResponse({ status: 200, type: TaskPageDto })
  async list(@Query() query: TaskQuery) {
    const found = this.dataSource.createQueryBuilder(TaskEntity, 'task');
    if (query.status) found.andWhere('task.status = :status', { status: query.status });
    else found.andWhere(`task.status <> 'resolved'`);
    if (query.kind) found.andWhere('task.kind = :kind', { kind: query.kind });
    if (query.owner) found.andWhere('task.owner = :owner', { owner: query.owner });
    if (query.credit_operation_key)
      found.andWhere('task.operationKey = :key', { key: query.credit_operation_key });
    if (query.proposal_id) found.andWhere('task.proposalId = :proposal', { proposal: query.proposal_id });
    if (query.snoozed === 'exclude')
      found.andWhere('(task.snoozedUntil IS NULL OR task.snoozedUntil <= :now)', { now: this.clock.now() });
    const page = await pageByInstant(
      found,
      { instant: 'task.dueAt', key: 'task.id', direction: 'ASC' },
      query,
    );
    return { ...page, items: page.items.map(viewTask) };
  }

  @Get(':id')
  @Needs('operations.read')
  @ApiOperation({ summary: 'One task with its history' })
  @ZodResponse({ status: 200, type: TaskDetailDto })
  async read(@Param('id', ParseUUIDPipe) id: string) {
    const task = await this.dataSource.manager.findOneBy(TaskEntity, { id });
    if (task === null) throw problemOf({ kind: 'not_found', what: 'task' });
    const history = await this.dataSource.query<
      { action: string; actor: string; note: string | null; at: Date }[]
    >(`SELECT action, actor, note, at FROM task_history WHERE task_id = $1 ORDER BY id`, [id]);
    return { ...viewTask(task), history: history.map((entry) => ({ ...entry, at: entry.at.toISOString() })) };
  }

  @Post('bulk')
  @Needs('tasks.work')
  @HttpCode(200)
  @ApiOperation({ summary: 'The same for many tasks; says of each what became of it' })
  @ApiBody({ type: BulkDto })
  @ZodResponse({ status: 200, type: BulkResultDto })
  async bulk(@CurrentActor() actor: Actor, @Body() body: unknown) {
    const request = readBody(bulkSchema, body);
    const results = await this.actions.inBulk(
      request.task_ids,
      bulkActionOf(request),
      actor,
      request.preview,
    );
    const views = results.map(({ taskId, outcome }) => {
      if (outcome.kind === 'done')
        return { task_id: taskId, outcome: 'done' as const, reason: null, message: null };
      const { type, title } = problemOf(outcome).problem;
      return { task_id: taskId, outcome: 'refused' as const, reason: type, message: title };
    });
    const done = views.filter(({ outcome }) => outcome === 'done').length;
    return { preview: request.preview, done, refused: views.length - done, results: views };
  }

  @Post(':id/claim')
  @Needs('tasks.work')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make it mine: nobody else can act on it' })
  @ZodResponse({ status: 200, type: TaskDto })
  async claim(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    return taskOf(await this.actions.claim(id, actor));
  }

  @Post(':id/release')
  @Needs('tasks.work')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put it back into the queue' })
  @ZodResponse({ status: 200, type: TaskDto })
  async release(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    return taskOf(await this.actions.release(id, actor));
  }

  @Post(':id/take_back')
  @Needs('tasks.take_back')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put a task of somebody who is away back into the queue' })
  @ApiBody({ type: TakeBackDto })
  @ZodResponse({ status: 200, type: TaskDto })
  async takeBack(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Body() body: TakeBackDto,
  ) {
    return taskOf(await this.actions.takeBack(id, body.owner, actor));
  }

  @Post(':id/snooze')
  @Needs('tasks.work')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hide it from the queue until a given instant' })
  @ApiBody({ type: SnoozeDto })
  @ZodResponse({ status: 200, type: TaskDto })
  async snooze(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Body() body: SnoozeDto,
  ) {
    return taskOf(await this.actions.snooze(id, new Date(body.until), actor));
  }

  @Post(':id/resolve')
  @Needs('tasks.work')
  @HttpCode(200)
  @ApiOperation({ summary: 'Done. Of a command whose answer is not known, say whether it took effect' })
  @ApiBody({ type: ResolveDto, required: false })
  @ZodResponse({ status: 200, type: TaskDto })
  async resolve(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor, @Body() body: unknown) {
    const { outcome, note, version } = readBody(ResolveDto.schema, body);
    const versions = version === undefined ? {} : byTask({ [id]: version });
    return taskOf(await this.actions.resolve(id, { outcome, note, versions }, actor));
  }
}

function taskOf(outcome: TaskOutcome) {
  if (outcome.kind !== 'done') throw problemOf(outcome);
  return viewTask(outcome.task);
}

/** By the key as the database spells it. */
function byTask(versions: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(versions).map(([id, version]) => [id.toLowerCase(), version]));
}

function bulkActionOf(request: z.output<typeof bulkSchema>): BulkAction {
  switch (request.action) {
    case 'snooze':
      return { action: 'snooze', until: new Date(request.until) };
    case 'resolve': {
      const { outcome, note, versions = {} } = request;
      return { action: 'resolve', resolution: { outcome, note, versions: byTask(versions) } };
    }
    default:
      return { action: request.action };
  }
}
