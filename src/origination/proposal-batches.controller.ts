import { Body, Controller, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import type { StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, ProblemException, SHEETS, type Actor } from '../platform';
import { A_SHEET_BODY, BUSY, fileOf, uploadOf, viewHidden } from '../policy';
import {
  BatchDetailDto,
  BatchPageDto,
  BatchPageQuery,
  BatchPreviewDto,
  BatchSheetQuery,
  BatchStartedDto,
} from './proposal-batches.dto';
import { ProposalBatchesReader, resultSheet } from './proposal-batches.reader';
import { ProposalBatches } from './proposal-batches.service';

interface SheetHeaders {
  readonly 'content-type'?: string;
}
const UNREADABLE = {
  description: 'The file cannot be read exactly, or has too many lines; nothing was started',
};

/** Many proposals at once, from a file of clients. */
@ApiTags('proposals')
@Controller('proposal-batches')
export class ProposalBatchesController {
  constructor(
    private readonly batches: ProposalBatches,
    private readonly reader: ProposalBatchesReader,
  ) {}

  @Post('preview')
  @Needs('proposals.act')
  @HttpCode(200)
  @ApiConsumes(...SHEETS)
  @ApiBody(A_SHEET_BODY)
  @ApiOperation({ summary: 'What a file would start, and every line that it would not; nothing is started' })
  @ApiServiceUnavailableResponse(BUSY)
  @ApiUnprocessableEntityResponse(UNREADABLE)
  @ZodResponse({ status: 200, type: BatchPreviewDto })
  async preview(@Query() query: BatchSheetQuery, @Headers() headers: SheetHeaders, @Body() body: unknown) {
    const upload = uploadOf(body, headers, query);
    const { known, started, refused, source } = await this.batches.preview(upload);
    return {
      known_batch: known ?? null,
      starting: known === undefined ? started.length : 0,
      hidden: viewHidden(source),
      refused: refused.map(({ row, problems }) => ({ row, problems: [...problems] })),
    };
  }

  @Post()
  @Needs('proposals.act')
  @HttpCode(200)
  @ApiConsumes(...SHEETS)
  @ApiBody(A_SHEET_BODY)
  @ApiOperation({
    summary: 'Start one proposal for each line that can be read; the same file again starts nothing',
  })
  @ApiServiceUnavailableResponse(BUSY)
  @ApiUnprocessableEntityResponse(UNREADABLE)
  @ZodResponse({ status: 200, type: BatchStartedDto })
  async start(
    @Query() query: BatchSheetQuery,
    @Headers() headers: SheetHeaders,
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
  ) {
    const { id, isNew } = await this.batches.start(uploadOf(body, headers, query), actor);
    return { batch_id: id, is_new: isNew };
  }

  @Get()
  @Needs('proposals.read')
  @ApiOperation({ summary: 'Files that started proposals, newest first' })
  @ZodResponse({ status: 200, type: BatchPageDto })
  list(@Query() query: BatchPageQuery) {
    return this.reader.list(query);
  }

  @Get(':id')
  @Needs('proposals.read')
  @ApiOperation({ summary: 'One file: what each of its lines has started, and where that stands' })
  @ApiNotFoundResponse({ description: 'There is no such file' })
  @ZodResponse({ status: 200, type: BatchDetailDto })
  async read(@Param('id', ParseUUIDPipe) id: string) {
    return this.#found(id);
  }

  @Get(':id/result')
  @Needs('proposals.read')
  @ApiOperation({ summary: 'The same as a CSV; the CPF is masked' })
  @ApiOkResponse({ content: { 'text/csv': A_SHEET_BODY } })
  @ApiNotFoundResponse({ description: 'There is no such file' })
  async result(@Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    return fileOf(`propostas-${id.slice(0, 8)}`, resultSheet(await this.#found(id)), 'csv');
  }

  async #found(id: string) {
    const batch = await this.reader.read(id);
    if (batch !== undefined) return batch;
    throw new ProblemException(404, { type: 'not_found', title: 'Não encontrado: arquivo de propostas' });
  }
}
