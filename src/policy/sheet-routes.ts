import { StreamableFile } from '@nestjs/common';
import { SHEETS } from '../platform';
import { writeCsv, type Sheet } from './domain';
import { writeXlsx } from './sheets/write-xlsx';

/* What the routes that take and give sheets have in common. */

const [CSV, XLSX] = SHEETS;
const FILE = { type: 'string', format: 'binary' } as const;

export const A_SHEET = { content: Object.fromEntries(SHEETS.map((type) => [type, { schema: FILE }])) };
export const A_SHEET_BODY = { schema: FILE };
export const BUSY = { description: 'Too many files are being read; Retry-After says when to come again' };

export function typeOf(format: 'csv' | 'xlsx'): string {
  return format === 'xlsx' ? XLSX : `${CSV}; charset=utf-8`;
}

export function fileOf(name: string, sheet: Sheet, format: 'csv' | 'xlsx'): StreamableFile {
  const content = format === 'xlsx' ? writeXlsx(name, sheet) : Buffer.from(`\uFEFF${writeCsv(sheet)}`);
  return new StreamableFile(content, {
    type: typeOf(format),
    disposition: `attachment; filename="${name}.${format}"`,
  });
}
