import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { isPlainText } from '../kernel';
import type { Clock } from '../kernel';
import { CLOCK, CurrentActor, Needs, type Actor } from '../platform';

const plain = (max: number) => z.string().trim().min(1).max(max).refine(isPlainText, 'must be plain text');

class SavedViewRequest extends createZodDto(
  z.object({
    name: plain(80),
    page: z.enum(['history', 'tasks']),
    query: z
      .string()
      .max(2_000)
      .regex(/^[\x20-\x7e]*$/, 'must be the query of an address')
      .describe('the filters as the address has them; it names people by opaque marks only'),
  }),
) {}
const savedView = z.object({
  id: z.uuid(),
  name: z.string(),
  page: z.enum(['history', 'tasks']),
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
      `SELECT ${COLUMNS} FROM saved_view WHERE owner = $1 ORDER BY name, id LIMIT 200`,
      [actor.id],
    );
    return { items };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Keep a view; one of the same name is replaced' })
  @ZodResponse({ status: 200, type: SavedViewDto })
  async save(@Body() { name, page, query }: SavedViewRequest, @CurrentActor() actor: Actor) {
    const [saved] = await this.dataSource.query<z.output<typeof savedView>[]>(
      `INSERT INTO saved_view (id, owner, name, page, query, created_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (owner, page, name) DO UPDATE SET query = excluded.query, created_at = excluded.created_at
       RETURNING ${COLUMNS}`,
      [randomUUID(), actor.id, name, page, query, this.clock.now()],
    );
    if (saved === undefined) throw new Error('a view was not stored');
    return saved;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget a view of mine; one that is gone is gone' })
  async remove(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.dataSource.query(`DELETE FROM saved_view WHERE id = $1 AND owner = $2`, [id, actor.id]);
  }
}
