import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Put } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { CurrentActor, Needs, ProblemException, type Actor } from '../../platform';
import { Dashboards, MAX_VIEWS_ON_DASHBOARD, type DashboardRow } from './dashboards.service';
import { viewName } from './saved-views.controller';

const written = z.object({
  name: viewName,
  is_shared: z.boolean().describe('read by everybody who may read auctions; changed by its owner alone'),
  view_ids: z
    .array(z.uuid())
    .max(MAX_VIEWS_ON_DASHBOARD)
    .refine((ids) => new Set(ids).size === ids.length, 'must be different views')
    .describe('saved views of figures of yours, in the order in which they stand'),
});
class DashboardRequest extends createZodDto(written) {}
class DashboardChange extends createZodDto(
  written.extend({
    seen: written
      .partial()
      .optional()
      .describe('what stood there when another was chosen: 409 where it does no longer'),
  }),
) {}
const dashboard = z.object({
  id: z.uuid(),
  name: z.string(),
  owner: z.string(),
  is_shared: z.boolean(),
  is_mine: z.boolean(),
});
class DashboardList extends createZodDto(z.object({ items: z.array(dashboard) })) {}
class DashboardDto extends createZodDto(
  dashboard.extend({
    views: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        query: z.string().describe('of GET /history/pivot, which says so where it names what is gone'),
      }),
    ),
  }),
) {}

@ApiTags('history')
@Needs('auctions.read')
@Controller('dashboards')
export class DashboardsController {
  constructor(private readonly dashboards: Dashboards) {}

  @Get()
  @ApiOperation({ summary: 'Dashboards of mine and shared ones, by name' })
  @ZodResponse({ status: 200, type: DashboardList })
  async list(@CurrentActor() actor: Actor) {
    return { items: (await this.dashboards.list(actor)).map((row) => view(row, actor)) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One dashboard and its views' })
  @ApiNotFoundResponse()
  @ZodResponse({ status: 200, type: DashboardDto })
  async read(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    const found = await this.dashboards.find(id, actor);
    if (found === undefined) throw gone();
    const { views, ...row } = found;
    return { ...view(row, actor), views };
  }

  @Post()
  @ApiOperation({ summary: 'Put saved views side by side, under a name' })
  @ApiConflictResponse({ description: 'The name is taken, or there are too many' })
  @ApiUnprocessableEntityResponse({ description: 'A view is not yours, or not of figures' })
  @ZodResponse({ status: 201, type: DashboardDto })
  async create(@Body() body: DashboardRequest, @CurrentActor() actor: Actor) {
    return this.read(await this.dashboards.create(body, actor), actor);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a dashboard of mine, whole' })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'The name is taken, or it is not the one seen' })
  @ApiUnprocessableEntityResponse({ description: 'A view is not yours, or not of figures' })
  @ZodResponse({ status: 200, type: DashboardDto })
  async change(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: DashboardChange,
    @CurrentActor() actor: Actor,
  ) {
    if (!(await this.dashboards.change(id, body, actor))) throw gone();
    return this.read(id, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget a dashboard of mine; one that is gone is gone' })
  async remove(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.dashboards.remove(id, actor);
  }
}

const view = (row: DashboardRow, actor: Actor): z.output<typeof dashboard> => ({
  ...row,
  is_mine: row.owner === actor.id,
});

const gone = (): ProblemException =>
  new ProblemException(404, { type: 'not_found', title: 'Esse painel não existe, ou não é para todos' });
