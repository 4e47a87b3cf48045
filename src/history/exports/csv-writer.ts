import { DateTime } from 'luxon';
import { punctuatedCnpj, SAO_PAULO } from '../../kernel';
import { quotedCell } from '../../policy';
import type { ColumnKind, ExportColumn } from './export-columns';
import type { ExportWriter } from './export-writer';

const BYTE_ORDER_MARK = '\uFEFF';

/** CSV as Excel in Brazil opens it with a double click: UTF-8 with its mark, semicolons, decimal commas, local times. */
export class CsvWriter<Row> implements ExportWriter<Row> {
  #begun = false;

  constructor(private readonly columns: readonly ExportColumn<Row>[]) {}

  write(rows: readonly Row[]): Uint8Array {
    const lines = rows.map((row) => this.columns.map(({ value, kind }) => cell(value(row), kind)).join(';'));
    return Buffer.from([...this.#head(), ...lines.map((line) => `${line}\r\n`)].join(''));
  }

  end(): Uint8Array {
    return Buffer.from(this.#head().join(''));
  }

  #head(): string[] {
    if (this.#begun) return [];
    this.#begun = true;
    return [BYTE_ORDER_MARK, `${this.columns.map(({ title }) => cell(title, 'text')).join(';')}\r\n`];
  }
}

function cell(value: string | number | null, kind: ColumnKind): string {
  if (value === null) return '';
  const text = String(value);
  switch (kind) {
    case 'amount':
    case 'rate':
      return text.replace('.', ',');
    case 'count':
      return text;
    case 'instant':
      return DateTime.fromISO(text, { zone: SAO_PAULO }).toFormat('dd/MM/yyyy HH:mm:ss');
    case 'cnpj':
      return quoted(punctuatedCnpj(text));
    case 'text':
      return quoted(text);
  }
}

/** A text that Excel would take for a formula is made a plain text: it may come from outside. */
function quoted(text: string): string {
  return quotedCell(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
}
