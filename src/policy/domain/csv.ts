/** Rows of text cells, as every spreadsheet program reads and writes them. */
export type Sheet = readonly (readonly string[])[];

/** Reads CSV separated by semicolons or commas, whichever the first line has more of. Quotes as in RFC 4180. */
export function readCsv(text: string): Sheet {
  const body = text.replace(/^\uFEFF/, '');
  const [firstLine = ''] = body.split(/\r?\n/, 1);
  const separator = firstLine.split(';').length >= firstLine.split(',').length ? ';' : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = new RegExp(`("(?:[^"]|"")*"|[^${separator}\\r\\n]*)(${separator}|\\r?\\n|$)`, 'gy');
  for (const [, raw = '', end] of body.matchAll(cells)) {
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw.trim());
    if (end === separator) continue;
    rows.push(row);
    row = [];
  }
  return withoutEmptyEnd(rows);
}

/** Rows that say nothing are empty, so that every other one keeps its number; the last one says something. */
export function withoutEmptyEnd(rows: Sheet): Sheet {
  const filled = rows.map((row) => (row.some((cell) => cell !== '') ? row : []));
  return filled.slice(0, filled.findLastIndex((row) => row.length > 0) + 1);
}

/** Separated by semicolons, which is what a spreadsheet set to Portuguese opens without asking. */
export function writeCsv(sheet: Sheet): string {
  const quoted = (cell: string): string => (/[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return sheet.map((row) => `${row.map(quoted).join(';')}\r\n`).join('');
}
