import { cellName, placeIn, SheetError, type Sheet } from '../domain/sheet';
import { MAX_COLUMNS, MAX_SHEET_CELLS, MAX_SHEET_ROWS, MAX_SHEET_TEXT } from './limits';

/** Takes a sheet whole: what a table or a list of a document can hold, and no more. */
export class SheetCollector {
  readonly #rows: (readonly string[])[] = [];
  #cells = 0;
  #letters = 0;

  constructor(private readonly tab: string | undefined) {}

  /** @param row from 0 @throws SheetError where it becomes too large */
  take(cells: readonly string[], row: number): void {
    const filled = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
    if (filled.length === 0) return;
    const refuse = (what: string, column = 0): never => {
      throw new SheetError(placeIn(this.tab, cellName(column, row)), `a planilha tem ${what} demais`);
    };
    if (row >= MAX_SHEET_ROWS) refuse('linhas');
    if (filled.length > MAX_COLUMNS) refuse('colunas', MAX_COLUMNS);
    this.#cells += filled.length;
    this.#letters += filled.reduce((sum, cell) => sum + cell.length, 0);
    if (this.#cells > MAX_SHEET_CELLS) refuse('células');
    if (this.#letters > MAX_SHEET_TEXT) refuse('letras');
    while (this.#rows.length < row) this.#rows.push([]);
    this.#rows.push(filled);
  }

  /** Rows that say nothing are empty, so that every other one keeps its number. */
  get sheet(): Sheet {
    return this.#rows;
  }
}
