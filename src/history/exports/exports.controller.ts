import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import {
  CurrentActor,
  instant,
  Needs,
  pageOfItems,
  pageQuery,
  ProblemException,
  type Actor,
} from '../../platform';
import { auctionFilter } from '../auction-filter';
import { exportFileName } from './export-file-name';
import { EXPORT_FORMATS, MEDIA_TYPES } from './export-writer';
import { Exports } from './exports.service';
import { EXPORT_CONTENTS, type ExportRow } from './export-row';

class ExportRequest extends createZodDto(
  z.object({
    format: z.enum(EXPORT_FORMATS),
    filter: z
      .record(z.string().max(50), z.string().max(500))
      .default({})
      .describe('as in GET /history/auctions'),
  }),
) {}
const exportView = z.object({
  id: z.uuid(),
  requested_at: instant.describe('of a scheduled one, when it was due'),
  content: z.enum(EXPORT_CONTENTS),
  title: z.string().nullable().describe('name of the view whose figures it holds'),
  schedule_id: z.uuid().nullable(),
  format: z.enum(EXPORT_FORMATS),
  filter: z.record(z.string(), z.unknown()),
  status: z.enum(['waiting', 'running', 'done', 'failed']),
  rows_done: z.int(),
  size_bytes: z.string().nullable(),
  failure: z.string().nullable(),
  ended_at: instant.nullable(),
});
class ExportDto extends createZodDto(exportView) {}
class ExportQuery extends createZodDto(z.object(pageQuery)) {}
class ExportPage extends createZodDto(pageOfItems(exportView)) {}

@ApiTags('exports')
@Needs('exports.create')
@Controller('exports')
export class ExportsController {
  constructor(private readonly exports: Exports) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Write a list of auctions into a file, in the background; recorded in the audit trail',
  })
  @ZodResponse({ status: 202, type: ExportDto })
  async create(@Body() { format, filter }: ExportRequest, @CurrentActor() actor: Actor) {
    const read = auctionFilter.strict().safeParse(filter);
    if (!read.success) {
      const errors = read.error.issues.map(({ path, message }) => ({
        path: ['filter', ...path].join('.'),
        message,
      }));
      throw new ProblemException(422, { type: 'invalid', title: 'O filtro não é válido', errors });
    }
    return view(await this.exports.request(format, filter, actor));
  }

  @Get()
  @ApiOperation({ summary: 'My exports of the last days and those of schedules, newest first' })
  @ZodResponse({ status: 200, type: ExportPage })
  async list(@Query() query: ExportQuery, @CurrentActor() actor: Actor) {
    const page = await this.exports.listOf(actor, query);
    return { ...page, items: page.items.map(view) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far an export has come' })
  @ApiNotFoundResponse()
  @ZodResponse({ status: 200, type: ExportDto })
  async read(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    return view(await this.#find(id, actor));
  }

  @Get(':id/file')
  @ApiOperation({ summary: 'The file' })
  @ApiOkResponse({
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'It is not finished' })
  async file(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const { status, format, content, requested_at: at } = await this.#find(id, actor);
    if (status !== 'done')
      throw new ProblemException(409, {
        type: 'not_finished',
        title: 'A exportação não está pronta',
        status_now: status,
      });
    return new StreamableFile(this.exports.fileOf(id), {
      type: MEDIA_TYPES[format],
      disposition: `attachment; filename="${exportFileName(content, format, at)}"`,
    });
  }

  async #find(id: string, actor: Actor): Promise<ExportRow> {
    const found = await this.exports.find(id, actor);
    if (found === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'Essa exportação não existe' });
    return found;
  }
}

function view({ requested_by: _, requested_at, ended_at, ...row }: ExportRow): z.output<typeof exportView> {
  return { ...row, requested_at: requested_at.toISOString(), ended_at: ended_at?.toISOString() ?? null };
}
