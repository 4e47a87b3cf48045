import { strToU8, Zip, ZipDeflate } from 'fflate';
import { DateTime } from 'luxon';
import { DAY_MS, punctuatedCnpj, SAO_PAULO } from '../../kernel';
import { partsAround, SHEET_HEAD, SHEET_PART, SHEET_TAIL, xmlText } from '../../platform';
import { columnName } from '../../policy/domain';
import type { ColumnKind, ExportColumn } from './export-columns';
import type { ExportWriter } from './export-writer';

/** Position in `cellXfs` of the styles part. */
const STYLE: Readonly<Record<ColumnKind | 'title', number>> = {
  text: 0,
  cnpj: 0,
  title: 1,
  amount: 2,
  rate: 3,
  count: 4,
  instant: 5,
};

const STYLES = `<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/><xf numFmtId="1" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>`;

/** Rows that one sheet of Excel holds, the titles included. */
export const MAX_SHEET_ROWS = 1_048_576;

/** There are more rows than a sheet can have. */
export class SheetFullError extends Error {}

/**
 * A workbook of one sheet, written as it grows. Amounts and rates are numbers with all their digits, dates are dates
 * in São Paulo time, texts are texts and never formulas.
 */
export class XlsxWriter<Row> implements ExportWriter<Row> {
  #ready: Uint8Array[] = [];
  #rows = 0;
  readonly #zip = new Zip((error, chunk) => {
    if (error) throw error;
    this.#ready.push(chunk);
  });
  readonly #sheet = new ZipDeflate(SHEET_PART, { level: 6 });

  /** @param sheet its name, which says what the rows are */
  constructor(
    private readonly columns: readonly ExportColumn<Row>[],
    sheet: 'Leilões' | 'Visão' | 'Equidade' | 'Empregadores',
  ) {
    for (const [name, text] of Object.entries(partsAround(sheet, STYLES))) {
      const part = new ZipDeflate(name);
      this.#zip.add(part);
      part.push(strToU8(text), true);
    }
    this.#zip.add(this.#sheet);
    const widths = columns.map(
      ({ kind }, i) =>
        `<col min="${i + 1}" max="${i + 1}" width="${kind === 'text' ? 24 : 18}" customWidth="1"/>`,
    );
    this.#push(
      `${SHEET_HEAD}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>`,
    );
    this.#push(this.#row(this.columns.map(({ title }) => textCell(title, STYLE.title))));
  }

  write(rows: readonly Row[]): Uint8Array {
    const lines = rows.map((row) => this.#row(this.columns.map(({ value, kind }) => cell(value(row), kind))));
    this.#push(lines.join(''));
    return this.#take();
  }

  end(): Uint8Array {
    this.#sheet.push(strToU8(`</sheetData>${SHEET_TAIL}`), true);
    this.#zip.end();
    return this.#take();
  }

  /** Some readers want to be told where each cell stands. @param cells each after its tag and place */
  #row(cells: readonly string[]): string {
    this.#rows += 1;
    if (this.#rows > MAX_SHEET_ROWS) throw new SheetFullError('more rows than a sheet of Excel holds');
    const number = String(this.#rows);
    const placed = cells.map((cell, at) => `<c r="${columnName(at)}${number}"${cell}`);
    return `<row r="${number}">${placed.join('')}</row>`;
  }

  #push(text: string): void {
    this.#sheet.push(strToU8(text));
  }

  #take(): Uint8Array {
    const ready = Buffer.concat(this.#ready);
    this.#ready = [];
    return ready;
  }
}

function cell(value: string | number | null, kind: ColumnKind): string {
  if (value === null) return '/>';
  if (kind === 'text') return textCell(String(value), STYLE.text);
  if (kind === 'cnpj') return textCell(punctuatedCnpj(String(value)), STYLE.cnpj);
  return ` s="${STYLE[kind]}"><v>${kind === 'instant' ? serialDate(String(value)) : value}</v></c>`;
}

function textCell(text: string, style: number): string {
  return ` s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/** Days since the last day of 1899, as Excel counts them, of the wall clock in São Paulo. */
function serialDate(instant: string): string {
  const wall = DateTime.fromISO(instant, { zone: SAO_PAULO }).setZone('utc', { keepLocalTime: true });
  return ((wall.toMillis() - Date.UTC(1899, 11, 30)) / DAY_MS).toFixed(8);
}
