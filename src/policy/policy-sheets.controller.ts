import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, ProblemException, SHEETS, type Actor } from '../platform';
import {
  CsvError,
  findTable,
  importListSheet,
  importSheet,
  isFieldName,
  readCsvBytes,
  sheetOf,
  sheetOfList,
  writeCsv,
  type Sheet,
  type SheetImport,
} from './domain';
import { hashIn, MAX_DOCUMENT_BYTES, tagged } from './policies.controller';
import {
  ImportedList,
  InlineListParam,
  ListExportBody,
  ListImportQuery,
  ListPage,
  ListParam,
  SavedPolicy,
  SheetQuery,
  TableParam,
  TableQuery,
  TableSheetQuery,
} from './policies.dto';
import { PoliciesReader } from './policies-reader.service';
import { viewExamination } from './policies.views';
import { PolicyDrafts } from './policy-drafts.service';
import { readStored } from './policy-library.service';
import { PolicyLists, type StoredList } from './policy-lists.service';
import { valueOf } from './policy-refusal';
import { isListable, readList } from './read-list';
import { readXlsx, writeXlsx, XlsxError } from './xlsx';

const [CSV, XLSX] = SHEETS;
const A_SHEET = {
  content: Object.fromEntries(SHEETS.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
};
const IF_MATCH = { name: 'If-Match', required: true, description: 'the ETag of the draft as you read it' };

/** Tables and lists as the credit team's own tools write them. */
@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies')
export class PolicySheetsController {
  constructor(
    private readonly reader: PoliciesReader,
    private readonly drafts: PolicyDrafts,
    private readonly lists: PolicyLists,
  ) {}

  @Get('lists')
  @Needs('policies.read')
  @ApiOperation({ summary: 'Lists kept outside the policies, newest first; never their entries' })
  @ZodResponse({ status: 200, type: ListPage })
  async all() {
    return { items: (await this.lists.all()).map(viewList) };
  }

  @Post('lists')
  @Needs('policies.write_values')
  @ApiConsumes(...SHEETS)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOperation({ summary: 'A list of any length: one entry a line, the first cell counts' })
  @ApiUnprocessableEntityResponse({
    description: 'No such list can be kept, or a line is bad and it was to stop',
  })
  @ZodResponse({ status: 201, type: ImportedList })
  async importList(
    @Query() { field, source, stop_on_error: stop }: ListImportQuery,
    @Headers('content-type') contentType: string | undefined,
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
  ) {
    if (!isFieldName(field) || !isListable(field)) throw unreadable('field', 'não há listas deste campo');
    if (!(body instanceof Readable)) throw unreadable('', `esperado um corpo ${SHEETS.join(' ou ')}`);
    const lines = isWorkbook(contentType) ? firstCells(readSheet(await bytesOf(body), true)) : body;
    const { list, badLines, problems } = await readList(lines, field, { stopOnError: stop === 'true' });
    if (list === undefined)
      throw new ProblemException(422, {
        type: 'invalid',
        title: 'A lista tem linhas que não se leem; nada foi gravado',
        errors: problems.map(({ line, message }) => ({ path: `linha ${String(line)}`, message })),
      });
    const stored = await this.lists.store(list, { field, source, actor: actor.id });
    return { ...viewList(stored), bad_lines: badLines, problems: [...problems] };
  }

  @Post('lists/:sha256/export')
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
    const content = isXlsx
      ? writeXlsx(
          name,
          Array.from(await this.lists.load(sha256), (entry) => [entry]),
        )
      : Readable.from(this.lists.lines(sha256));
    return new StreamableFile(content as Readable, {
      type: isXlsx ? XLSX : `${CSV}; charset=utf-8`,
      disposition: `attachment; filename="${name}.${format}"`,
    });
  }

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
  @Needs('policies.write_values')
  @ApiConsumes(...SHEETS)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiHeader(IF_MATCH)
  @ApiOperation({ summary: "Replace the rows of a draft's table by those of a sheet" })
  @ApiUnprocessableEntityResponse({ description: 'Every wrong cell by its name (C7); nothing was saved' })
  @ZodResponse({ status: 200, type: SavedPolicy })
  importTable(
    @Param() { number, table }: TableParam,
    @Query() { product }: TableQuery,
    @Headers() headers: SheetHeaders,
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const put = (document: unknown, sheet: Sheet) => importSheet(document, { product, table }, sheet);
    return this.#save(number, headers, body, actor, reply, put);
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
    return fileOf(name, sheetOfList(list.entries), format);
  }

  @Put(':number/lists/:list')
  @Needs('policies.write_values')
  @ApiConsumes(...SHEETS)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiHeader(IF_MATCH)
  @ApiOperation({
    summary: "Replace the entries of a list in a draft's document by the first column of a sheet",
  })
  @ApiUnprocessableEntityResponse({ description: 'Every wrong cell by its name (A7); nothing was saved' })
  @ZodResponse({ status: 200, type: SavedPolicy })
  importInlineList(
    @Param() { number, list }: InlineListParam,
    @Headers() headers: SheetHeaders,
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const put = (document: unknown, sheet: Sheet) => importListSheet(document, list, sheet);
    return this.#save(number, headers, body, actor, reply, put);
  }

  /** Puts a sheet into the draft that was read, and saves the draft. */
  async #save(
    number: number,
    headers: SheetHeaders,
    body: unknown,
    actor: Actor,
    reply: FastifyReply,
    put: (document: unknown, sheet: Sheet) => SheetImport,
  ) {
    const hash = hashIn(headers['if-match']);
    const before = valueOf(await this.reader.find(number));
    const sheet = readSheet(await bytesOf(body), isWorkbook(headers['content-type']));
    const imported = put(JSON.parse(before.document), sheet);
    if (imported.kind === 'invalid')
      throw new ProblemException(422, {
        type: 'invalid_sheet',
        title: 'A planilha tem células a corrigir; nada foi gravado',
        errors: imported.problems.map(({ cell, ...problem }) => ({ path: cell, ...problem })),
      });
    const manuscript = { document: imported.document, lists: before.lists };
    const saved = valueOf(await this.drafts.save(number, hash, manuscript, 'values', actor));
    return { ...tagged(reply, saved.row), ...viewExamination(saved) };
  }
}

interface SheetHeaders {
  readonly 'if-match'?: string;
  readonly 'content-type'?: string;
}

function fileOf(name: string, sheet: Sheet, format: 'csv' | 'xlsx'): StreamableFile {
  const isXlsx = format === 'xlsx';
  return new StreamableFile(isXlsx ? writeXlsx(name, sheet) : Buffer.from(`\uFEFF${writeCsv(sheet)}`), {
    type: isXlsx ? XLSX : `${CSV}; charset=utf-8`,
    disposition: `attachment; filename="${name}.${format}"`,
  });
}

/** A spreadsheet program shows no more. */
const MAX_SHEET_LINES = 1_000_000;
function viewList({ imported_at, ...list }: StoredList) {
  return { ...list, imported_at: imported_at.toISOString() };
}

function unreadable(path: string, message: string): ProblemException {
  return new ProblemException(422, {
    type: 'invalid',
    title: 'The request is not valid',
    errors: [{ path, message }],
  });
}

const isWorkbook = (contentType: string | undefined): boolean => contentType?.startsWith(XLSX) === true;

function firstCells(sheet: Sheet): Readable {
  return Readable.from(sheet.map(([first = '']) => `${first}\n`));
}

function readSheet(bytes: Buffer, isXlsx: boolean): Sheet {
  try {
    return isXlsx ? readXlsx(bytes) : readCsvBytes(bytes);
  } catch (error) {
    if (error instanceof XlsxError) throw unreadable('', error.message);
    if (error instanceof CsvError) throw unreadable(error.cell, error.message);
    throw error;
  }
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (!(body instanceof Readable)) throw unreadable('', `esperado um corpo ${SHEETS.join(' ou ')}`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > MAX_DOCUMENT_BYTES)
      throw new ProblemException(413, { type: 'too_large', title: 'A planilha é grande demais' });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
