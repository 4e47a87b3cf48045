import {
  Body,
  Controller,
  Get,
  Headers,
  Param,
  Post,
  Put,
  Query,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentActor, May, Needs, type Actor } from '../platform';
import { findTable, sheetOf, sheetOfList } from './domain';
import { DraftImports, type ImportTarget } from './draft-imports.service';
import { viewDraftImport } from './imports.views';
import { hashIn, tagged } from './policies.controller';
import {
  InlineListImportQuery,
  InlineListParam,
  InlineListPreviewQuery,
  SheetQuery,
  TableImportQuery,
  TableParam,
  TablePreviewQuery,
  TableSheetQuery,
} from './policies.dto';
import { PoliciesReader } from './policies-reader.service';
import { viewExamination } from './policies.views';
import type { Author } from './policy-drafts.service';
import { readStored } from './policy-library.service';
import { valueOf } from './policy-refusal';
import { A_SHEET, fileOf, PreviewsSheet, ReplacesBySheet } from './sheet-routes';
import { uploadOf, type Upload } from './uploads';

interface SheetHeaders {
  readonly 'if-match'?: string;
  readonly 'content-type'?: string;
}

/** Tables and lists of a document as the credit team's own tools write them. */
@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies')
export class PolicySheetsController {
  constructor(
    private readonly reader: PoliciesReader,
    private readonly imports: DraftImports,
  ) {}

  @Get(':number/tables/:table')
  @Needs('policies.read')
  @ApiOkResponse(A_SHEET)
  @ApiOperation({ summary: 'A table as CSV or XLSX' })
  async exportTable(
    @Param() { number, table: id }: TableParam,
    @Query() { format, product }: TableSheetQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const row = valueOf(await this.reader.find(number));
    const table = findTable(readStored(row), { product, table: id });
    if (table === undefined) return valueOf<never>({ kind: 'not_found', what: `tabela ${id}` });
    void reply.header('etag', `"${row.hash}"`);
    return fileOf(id, sheetOf(table), format);
  }

  @Put(':number/tables/:table')
  @ReplacesBySheet("Replace the rows of a draft's table by those of a sheet")
  importTable(
    @Param() { number, table }: TableParam,
    @Query() { product, ...query }: TableImportQuery,
    @Headers() headers: SheetHeaders,
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
    @May('personal_data.reveal') mayReveal: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const place = {
      number,
      hash: hashIn(headers['if-match']),
      target: { kind: 'table', product, table } as const,
    };
    return this.#apply(place, uploadOf(body, headers, query), false, { actor, mayReveal }, reply);
  }

  @Post(':number/tables/:table/preview')
  @PreviewsSheet('What a sheet would change in a table; nothing is saved')
  async previewTable(
    @Param() { number, table }: TableParam,
    @Query() { product, ...query }: TablePreviewQuery,
    @Headers() headers: SheetHeaders,
    @Body() body: unknown,
  ) {
    const target = { kind: 'table', product, table } as const;
    return viewDraftImport(
      target,
      await this.imports.preview(number, target, uploadOf(body, headers, query)),
    );
  }

  @Get(':number/lists/:list')
  @Needs('policies.read')
  @ApiOkResponse(A_SHEET)
  @ApiOperation({ summary: 'A list that stands in the document, as CSV or XLSX' })
  async exportInlineList(
    @Param() { number, list: name }: InlineListParam,
    @Query() { format }: SheetQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const row = valueOf(await this.reader.find(number));
    const list = readStored(row).lists.find((one) => one.name === name);
    if (list === undefined || !('entries' in list))
      return valueOf<never>({ kind: 'not_found', what: `lista ${name} no documento` });
    void reply.header('etag', `"${row.hash}"`);
    return fileOf(name, sheetOfList(list.entries, format), format);
  }

  @Put(':number/lists/:list')
  @ReplacesBySheet("Replace the entries of a list in a draft's document by a column of a sheet")
  @ApiConflictResponse({
    description: 'The list would become empty, or lose more than a tenth of its entries; nothing was saved',
  })
  importInlineList(
    @Param() { number, list: name }: InlineListParam,
    @Query() query: InlineListImportQuery,
    @Headers() headers: SheetHeaders,
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
    @May('personal_data.reveal') mayReveal: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const target = { kind: 'list', name, column: query.column } as const;
    const place = { number, hash: hashIn(headers['if-match']), target };
    return this.#apply(
      place,
      uploadOf(body, headers, query),
      query.confirm_removal,
      { actor, mayReveal },
      reply,
    );
  }

  @Post(':number/lists/:list/preview')
  @PreviewsSheet('What a sheet would change in a list of the document; nothing is saved')
  async previewInlineList(
    @Param() { number, list: name }: InlineListParam,
    @Query() query: InlineListPreviewQuery,
    @Headers() headers: SheetHeaders,
    @Body() body: unknown,
  ) {
    const target = { kind: 'list', name, column: query.column } as const;
    return viewDraftImport(
      target,
      await this.imports.preview(number, target, uploadOf(body, headers, query)),
    );
  }

  async #apply(
    place: { readonly number: number; readonly hash: string; readonly target: ImportTarget },
    upload: Upload,
    isConfirmed: boolean,
    author: Author,
    reply: FastifyReply,
  ) {
    const { saved, done } = await this.imports.apply(place, upload, isConfirmed, author);
    return {
      ...tagged(reply, saved.row),
      ...viewExamination(saved),
      imported: viewDraftImport(place.target, done),
    };
  }
}
