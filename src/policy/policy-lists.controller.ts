import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, May, Needs, type Actor } from '../platform';
import { fieldDefinition, isFieldName } from './domain';
import { viewListImport } from './imports.views';
import { ListImports, type ListAsked } from './list-imports.service';
import {
  ImportedList,
  ListExportBody,
  ListImportQuery,
  ListPage,
  ListParam,
  ListPreviewQuery,
} from './policies.dto';
import { PolicyLists, type StoredList } from './policy-lists.service';
import { valueOf } from './policy-refusal';
import { A_SHEET, PreviewsSheet, TakesSheet, typeOf } from './sheet-routes';
import { isListable } from './sheets/list-reader';
import { writeXlsxInPieces } from './sheets/write-xlsx';
import { unreadable, uploadOf } from './uploads';

/** A spreadsheet program shows no more. */
const MAX_SHEET_LINES = 1_000_000;

/** Lists kept outside the policies, as files. */
@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies/lists')
export class PolicyListsController {
  constructor(
    private readonly lists: PolicyLists,
    private readonly imports: ListImports,
  ) {}

  @Get()
  @Needs('policies.read')
  @ApiOperation({ summary: 'Lists kept outside the policies, newest first; never their entries' })
  @ZodResponse({ status: 200, type: ListPage })
  async all() {
    return { items: (await this.lists.all()).map(viewList) };
  }

  @Post()
  @TakesSheet()
  @ApiOperation({ summary: 'A list of any length: one entry a line, in one column' })
  @ApiConflictResponse({
    description: 'More than a tenth of the list it is held against would go; nothing was stored',
  })
  @ApiUnprocessableEntityResponse({
    description: 'No such list can be kept, or a line is bad and it was to stop',
  })
  @ZodResponse({ status: 201, type: ImportedList })
  async importList(
    @Query() query: ListImportQuery,
    @Headers() headers: { 'content-type'?: string },
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
    @May('personal_data.reveal') mayReveal: boolean,
  ) {
    const { source, stop_on_error: stopOnError, confirm_removal: isConfirmed } = query;
    const asked = askedBy(query, { mayReveal, stopOnError });
    const upload = uploadOf(body, headers, query);
    const { stored, read } = await this.imports.store(asked, upload, { source, isConfirmed, actor });
    return {
      ...viewList(stored),
      bad_lines: read.badLines,
      problems: [...read.problems],
      imported: viewListImport(asked, read),
    };
  }

  @Post('preview')
  @PreviewsSheet('What a file would be as a list, and what it would change; nothing is stored')
  async previewList(
    @Query() query: ListPreviewQuery,
    @Headers() headers: { 'content-type'?: string },
    @Body() body: unknown,
    @May('personal_data.reveal') mayReveal: boolean,
  ) {
    const asked = askedBy(query, { mayReveal, stopOnError: false });
    return viewListImport(asked, await this.imports.read(asked, uploadOf(body, headers, query)));
  }

  @Post(':sha256/export')
  @Needs('personal_data.reveal')
  @HttpCode(200)
  @ApiOkResponse(A_SHEET)
  @ApiOperation({ summary: 'The entries of a list as a file, for a reason; recorded in the audit trail' })
  @ApiUnprocessableEntityResponse({ description: 'More entries than a spreadsheet has lines' })
  async exportList(
    @Param() { sha256 }: ListParam,
    @Body() { format, reason }: ListExportBody,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const [list] = await this.lists.find([sha256]);
    if (list === undefined) return valueOf<never>({ kind: 'not_found', what: 'lista' });
    const isXlsx = format === 'xlsx';
    if (isXlsx && list.size > MAX_SHEET_LINES)
      throw unreadable('format', 'a lista não cabe numa planilha: peça csv');
    await this.lists.recordExport(list, reason, actor);
    const name = `${list.field}-${sha256.slice(0, 8)}`;
    const content = isXlsx ? writeXlsxInPieces(name, this.lists.rows(sha256)) : this.lists.lines(sha256);
    return new StreamableFile(Readable.from(content), {
      type: typeOf(format),
      disposition: `attachment; filename="${name}.${format}"`,
    });
  }
}

function askedBy(
  { field, column, against }: ListPreviewQuery,
  { mayReveal, stopOnError }: { readonly mayReveal: boolean; readonly stopOnError: boolean },
): ListAsked {
  if (!isFieldName(field) || !isListable(field)) throw unreadable('field', 'não há listas deste campo');
  const hidesCounts = !mayReveal && fieldDefinition(field).personal === true;
  return { field, column, stopOnError, against, hidesCounts };
}

function viewList({ imported_at, ...list }: StoredList) {
  return { ...list, imported_at: imported_at.toISOString() };
}
