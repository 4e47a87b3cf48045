import { cellName, columnName, columnNamed, placeIn, SheetError } from '../domain/sheet';
import { MAX_COLUMNS, MAX_ROWS } from './limits';
import { typedNumber } from './number-cell';
import { isTextOf, richText, withoutEscapes } from './strings';
import type { HiddenCells } from './sheet-job';
import { isOn, readXml, type Attributes, type XmlReader } from './xml';

/** Takes a row of a sheet; rows that say nothing need not come. @param row from 0 */
export type RowSink = (cells: readonly string[], row: number) => void;

/** What cells refer to: the texts they share, and the styles that show a date. */
export interface CellContext {
  readonly tab: string;
  readonly strings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly isUncalculated: boolean;
}

const ROW = 'worksheet/sheetData/row';
const CELL = `${ROW}/c`;
const INLINE = `${CELL}/is`;
const COLUMNS = 'worksheet/cols/col';
const MERGED = 'worksheet/mergeCells/mergeCell';
const SHAPES = {
  'worksheet/sheetData': { attributes: [], children: ['row'] },
  [ROW]: {
    attributes: [
      ...['r', 'spans', 's', 'customFormat', 'ht', 'hidden', 'customHeight', 'outlineLevel', 'collapsed'],
      ...['thickTop', 'thickBot', 'ph'],
    ],
    children: ['c', 'extLst'],
  },
  [CELL]: { attributes: ['r', 's', 't', 'cm', 'vm', 'ph'], children: ['f', 'v', 'is', 'extLst'] },
  [`${CELL}/v`]: { attributes: [], children: [] },
  [MERGED]: { attributes: ['ref'], children: [] },
  ...richText(INLINE),
};
/** What has no place in a text: a file that holds it was not written by a spreadsheet. */
const NO_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: string | undefined;
  hasFormula: boolean;
  value: string | undefined;
  text: string | undefined;
}

/**
 * Gives the rows of a worksheet, every cell as the text that stands in it.
 * @returns what of them is hidden
 * @throws SheetError that names the cell
 */
export function readWorksheet(
  part: string,
  bytes: Uint8Array,
  context: CellContext,
  sink: RowSink,
): HiddenCells {
  const reader = new WorksheetReader(context, sink);
  readXml(part, bytes, reader);
  return reader.hidden;
}

class WorksheetReader implements XmlReader {
  readonly root = 'worksheet';
  readonly shapes = SHAPES;
  #hasSheet = false;
  readonly #namesPlaces: { row?: boolean; cell?: boolean } = {};
  #row = -1;
  #column = -1;
  #cells: string[] = [];
  #cell: Cell | undefined;
  #isRowHidden = false;
  #hiddenRows = 0;
  /** Whether something stands in them. */
  readonly #hiddenColumns = new Map<number, boolean>();

  constructor(
    private readonly context: CellContext,
    private readonly sink: RowSink,
  ) {}

  /** What says something and is hidden: a filter that was left on, a column that was put aside. */
  get hidden(): HiddenCells {
    const filled = [...this.#hiddenColumns].filter(([, isFilled]) => isFilled).map(([column]) => column);
    return { rows: this.#hiddenRows, columns: filled.toSorted((a, b) => a - b).map(columnName) };
  }

  open(path: string, attributes: Attributes): void {
    if (path === ROW) this.#openRow(attributes);
    else if (path === CELL) this.#openCell(attributes);
    else if (path === `${CELL}/v`) this.#openPart('value');
    else if (path === INLINE) this.#openPart('text');
    else if (path === `${CELL}/f` && this.#cell) this.#cell.hasFormula = true;
    else if (path === COLUMNS && isOn(attributes.get('hidden'))) this.#hideColumns(attributes);
    else if (path === MERGED) this.#refuseMerged(attributes.get('ref'));
    else if (path === 'worksheet/sheetData') {
      if (this.#hasSheet) this.#refuse('a aba tem dois conteúdos');
      this.#hasSheet = true;
    }
  }

  text(path: string, text: string): void {
    if (this.#cell === undefined) return;
    if (path === `${CELL}/v`) this.#cell.value = `${this.#cell.value ?? ''}${text}`;
    else if (isTextOf(INLINE, path)) this.#cell.text = `${this.#cell.text ?? ''}${text}`;
  }

  strange(): never {
    return this.#refuse('há na célula algo que não se sabe ler');
  }

  close(path: string): void {
    if (path === CELL && this.#cell !== undefined) {
      const value = this.#valueOf(this.#cell).trim();
      if (NO_TEXT.test(value)) this.#refuse('há na célula um caractere que não é texto');
      if (value !== '') this.#put(this.#cell.column, value);
      this.#cell = undefined;
    }
    if (path === ROW && this.#cells.length > 0) {
      if (this.#isRowHidden) this.#hiddenRows += 1;
      this.sink(this.#cells, this.#row);
    }
    if (path === 'worksheet' && !this.#hasSheet) this.#refuse('a aba não tem conteúdo');
  }

  #openRow(attributes: Attributes): void {
    const said = this.#placeIn('row', attributes, String(this.#row + 2));
    const row = /^[1-9]\d{0,6}$/.test(said) ? Number(said) - 1 : Infinity;
    if (row >= MAX_ROWS) this.#refuse('a planilha tem linhas demais');
    if (row <= this.#row) this.#refuse(`a linha ${said} está duas vezes, ou fora de ordem`);
    this.#row = row;
    this.#isRowHidden = isOn(attributes.get('hidden'));
    this.#column = -1;
    this.#cells = [];
  }

  #hideColumns(attributes: Attributes): void {
    const [first, last] = [Number(attributes.get('min')), Number(attributes.get('max'))];
    for (let column = Math.max(first - 1, 0); column < Math.min(last, MAX_COLUMNS); column += 1)
      this.#hiddenColumns.set(column, false);
  }

  #openCell(attributes: Attributes): void {
    const said = this.#placeIn('cell', attributes, cellName(this.#column + 1, this.#row));
    const [, letters = '', row = ''] = /^([A-Z]{1,3})([1-9]\d{0,6})$/.exec(said) ?? [];
    const column = columnNamed(letters);
    if (letters === '' || Number(row) !== this.#row + 1)
      this.#refuse(`a célula diz que está em ${said.slice(0, 20)}`);
    if (column <= this.#column) this.#refuse(`a célula ${said} está duas vezes, ou fora de ordem`);
    this.#column = column;
    if (!/^\d{1,6}$/.test(attributes.get('s') ?? '0')) this.#refuse(UNKNOWN_STYLE);
    const [type = 'n', style] = [attributes.get('t'), attributes.get('s')];
    this.#cell = { column, type, style, hasFormula: false, value: undefined, text: undefined };
  }

  /** What shows in all of them stands in the first alone: the others would be read as empty. */
  #refuseMerged(cells = ''): never {
    const [first = ''] = cells.slice(0, 20).split(':');
    throw new SheetError(placeIn(this.context.tab, first), 'há células mescladas: desfaça a mescla');
  }

  /** A sheet names the places of all its rows, or cells, or leaves all of them to their order. */
  #placeIn(of: 'row' | 'cell', attributes: Attributes, next: string): string {
    const said = attributes.get('r');
    this.#namesPlaces[of] ??= said !== undefined;
    if (this.#namesPlaces[of] !== (said !== undefined))
      this.#refuse('nem todas as células dizem em que lugar estão');
    return said ?? next;
  }

  #openPart(part: 'value' | 'text'): void {
    if (this.#cell === undefined) return;
    if (this.#cell[part] !== undefined) this.#refuse('a célula tem dois valores');
    this.#cell[part] = '';
  }

  #put(column: number, value: string): void {
    if (column >= MAX_COLUMNS) this.#refuse('a planilha tem colunas demais');
    if (this.#hiddenColumns.has(column)) this.#hiddenColumns.set(column, true);
    while (this.#cells.length < column) this.#cells.push('');
    this.#cells.push(value);
  }

  #valueOf(cell: Cell): string {
    const { type, value, text, hasFormula } = cell;
    if (hasFormula && this.context.isUncalculated)
      this.#refuse('há uma fórmula que ainda não foi calculada: abra a planilha no Excel e salve-a de novo');
    if (type === 'inlineStr' ? value !== undefined : text !== undefined)
      return this.#refuse('a célula tem um valor que não é do tipo que ela diz');
    if (type === 'inlineStr' && text !== undefined) return withoutEscapes(text);
    if (value === undefined || (value === '' && type !== 'str')) {
      if (hasFormula) this.#refuse('há uma fórmula sem valor: abra a planilha no Excel e salve-a de novo');
      return type === 'n' && value === undefined ? '' : this.#refuse('a célula não diz o que tem');
    }
    switch (type) {
      case 'str':
        return withoutEscapes(value);
      case 's':
        return this.#shared(value);
      case 'n':
        return this.#number(cell, value);
      case 'b':
        if (/^[01]$/.test(value)) return value === '1' ? 'true' : 'false';
        return this.#refuse('a célula não diz se é verdadeira ou falsa');
      case 'e':
        return this.#refuse(`há um erro na célula: ${value.slice(0, 20)}`);
      case 'd':
        return this.#refuse(A_DATE);
      default:
        return this.#refuse('a célula é de um tipo que não se sabe ler');
    }
  }

  #shared(index: string): string {
    const text = /^\d{1,7}$/.test(index) ? this.context.strings[Number(index)] : undefined;
    return text ?? this.#refuse('a célula aponta para um texto que não há na planilha');
  }

  #number({ style = '0' }: Cell, value: string): string {
    const { dateStyles } = this.context;
    const isDate = dateStyles[Number(style)];
    if (isDate === undefined && !(style === '0' && dateStyles.length === 0)) this.#refuse(UNKNOWN_STYLE);
    if (isDate === true) this.#refuse(A_DATE);
    return typedNumber(value) ?? this.#refuse('o número não se lê com exatidão: escreva-o como texto');
  }

  #refuse(why: string): never {
    const cell = cellName(Math.max(this.#column, 0), Math.max(this.#row, 0));
    throw new SheetError(placeIn(this.context.tab, cell), why);
  }
}

const UNKNOWN_STYLE = 'a célula tem um formato que não há na planilha';
const A_DATE = 'há uma data na célula: escreva-a como texto (AAAA-MM-DD)';
