import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { hasCode } from '../../kernel';
import type { Clock } from '../../kernel';
import { CLOCK, CurrentActor, Needs, plainText, ProblemException, type Actor } from '../../platform';
import { readFiguresView } from './figures-view';

/** What people call something they keep. */
export const viewName = plainText(80);
const PAGES = ['history', 'tasks', 'explore'] as const;
const MAX_VIEWS = 200;
const FOREIGN_KEY_VIOLATION = '23503';

class SavedViewRequest extends createZodDto(
  z.object({
    name: viewName,
    page: z.enum(PAGES),
    query: z
      .string()
      .max(2_000)
      .regex(/^[\x20-\x7e]*$/, 'must be the query of an address')
      .describe(
        'the filters as the address has them, naming people by opaque marks only; of `explore`, the query of GET /history/pivot',
      ),
  }),
) {}
const savedView = z.object({
  id: z.uuid(),
  name: z.string(),
  page: z.enum(PAGES),
  query: z.string(),
});
class SavedViewDto extends createZodDto(savedView) {}
class SavedViewList extends createZodDto(z.object({ items: z.array(savedView) })) {}

const COLUMNS = 'id, name, page, query';

/** Searches that people come back to. Each has their own. */
@ApiTags('history')
@Needs('account.own')
@Controller('views')
export class SavedViewsController {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'My saved views, by name' })
  @ZodResponse({ status: 200, type: SavedViewList })
  async list(@CurrentActor() actor: Actor) {
    const items = await this.dataSource.query<z.output<typeof savedView>[]>(
      `SELECT ${COLUMNS} FROM saved_view WHERE owner = $1 ORDER BY name, id LIMIT ${String(MAX_VIEWS)}`,
      [actor.id],
    );
    return { items };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Keep a view; one of the same name is replaced' })
  @ApiConflictResponse({ description: 'There are too many' })
  @ZodResponse({ status: 200, type: SavedViewDto })
  async save(@Body() { name, page, query }: SavedViewRequest, @CurrentActor() actor: Actor) {
    if (page === 'explore') readFiguresView(query);
    const [saved] = await this.dataSource.query<z.output<typeof savedView>[]>(
      `INSERT INTO saved_view (id, owner, name, page, query, created_at) SELECT $1, $2::text, $3::text, $4::text, $5, $6
       WHERE (SELECT count(*) FROM saved_view WHERE owner = $2) < ${String(MAX_VIEWS)}
         OR EXISTS (SELECT FROM saved_view WHERE owner = $2 AND page = $4 AND name = $3)
       ON CONFLICT (owner, page, name) DO UPDATE SET query = excluded.query, created_at = excluded.created_at
       RETURNING ${COLUMNS}`,
      [randomUUID(), actor.id, name, page, query, this.clock.now()],
    );
    if (saved === undefined)
      throw new ProblemException(409, {
        type: 'too_many',
        title: `Cada pessoa guarda até ${String(MAX_VIEWS)} visões: apague uma antes`,
      });
    return saved;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget a view of mine; one that is gone is gone' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: 'It stands on a dashboard, or is exported again and again' })
  async remove(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    try {
      await this.dataSource.query(`DELETE FROM saved_view WHERE id = $1 AND owner = $2`, [id, actor.id]);
    } catch (error) {
      if (!hasCode(error, FOREIGN_KEY_VIOLATION)) throw error;
      throw new ProblemException(409, {
        type: 'in_use',
        title: 'A visão está em um painel ou em uma exportação agendada: tire de lá antes',
      });
    }
  }
}
