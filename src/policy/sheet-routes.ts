import { applyDecorators, HttpCode, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiPreconditionFailedResponse,
  ApiServiceUnavailableResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { Needs, SHEETS } from '../platform';
import { writeCsv, type Sheet } from './domain';
import { ImportedPolicy, SheetPreview } from './policies.dto';
import { writeXlsx } from './sheets/write-xlsx';

/* What the routes that take and give sheets have in common. */

const [CSV, XLSX] = SHEETS;
const FILE = { type: 'string', format: 'binary' } as const;

/** For the API's description of routes elsewhere that take or give one. */
export const A_SHEET_BODY = { schema: FILE };
export const BUSY = {
  description: 'Too many files are being read; Retry-After says when to come again',
};
export const A_SHEET = { content: Object.fromEntries(SHEETS.map((type) => [type, { schema: FILE }])) };

/** A route whose body is a sheet, for whoever may set values. */
export const TakesSheet = () =>
  applyDecorators(
    Needs('policies.write_values'),
    ApiConsumes(...SHEETS),
    ApiBody(A_SHEET_BODY),
    ApiServiceUnavailableResponse(BUSY),
  );

/** One that only looks at the sheet. */
export const PreviewsSheet = (summary: string) =>
  applyDecorators(
    TakesSheet(),
    HttpCode(200),
    ApiOperation({ summary }),
    ApiUnprocessableEntityResponse({ description: 'The file cannot be read exactly' }),
    ZodResponse({ status: 200, type: SheetPreview }),
  );

/** One that puts what the sheet holds in the place of what stands in a draft's document. */
export const ReplacesBySheet = (summary: string) =>
  applyDecorators(
    TakesSheet(),
    ApiHeader({ name: 'If-Match', required: true, description: 'the ETag of the draft as you read it' }),
    ApiOperation({ summary }),
    ApiPreconditionFailedResponse({ description: 'Somebody saved it meanwhile' }),
    ApiUnprocessableEntityResponse({
      description: 'Every wrong cell by its place (Vigente!C7); nothing was saved',
    }),
    ZodResponse({ status: 200, type: ImportedPolicy }),
  );

export function typeOf(format: 'csv' | 'xlsx'): string {
  return format === 'xlsx' ? XLSX : `${CSV}; charset=utf-8`;
}

export function fileOf(name: string, sheet: Sheet, format: 'csv' | 'xlsx'): StreamableFile {
  const content = format === 'xlsx' ? writeXlsx(name, sheet) : Buffer.from(`\uFEFF${writeCsv(sheet)}`);
  return download(name, content, format);
}

export function download(name: string, content: Uint8Array, format: 'csv' | 'xlsx'): StreamableFile {
  return new StreamableFile(content, {
    type: typeOf(format),
    disposition: `attachment; filename="${name}.${format}"`,
  });
}
