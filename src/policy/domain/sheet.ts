/** Rows of text cells, as every spreadsheet program reads and writes them. */
export type Sheet = readonly (readonly string[])[];

/** A file that cannot be read exactly; what could be is not given, for something would be missing. */
export class SheetError extends Error {
  override readonly name = 'SheetError';

  /**
   * @param place as in `C7`, or `Vigente!C7` in a workbook; empty when it is not the matter of one cell
   * @param reason in Portuguese
   */
  constructor(
    readonly place: string,
    readonly reason: string,
  ) {
    super(place === '' ? reason : `${place}: ${reason}`);
  }
}

/** As a spreadsheet names it: column by letter, row from 1. */
export function cellName(column: number, row: number): string {
  return `${columnName(column)}${String(row + 1)}`;
}

/** A, B ... Z, AA ... */
export function columnName(column: number): string {
  const before = column < 26 ? '' : columnName(Math.floor(column / 26) - 1);
  return `${before}${String.fromCharCode(65 + (column % 26))}`;
}

/** From 0; the letters are capitals. */
export function columnNamed(letters: string): number {
  return Array.from(letters).reduce((at, letter) => at * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** The place of a cell in a workbook; a CSV has no tab to name. */
export function placeIn(tab: string | undefined, cell: string): string {
  if (tab === undefined || cell === '') return cell;
  return /^[\p{L}\p{N}_]+$/u.test(tab) ? `${tab}!${cell}` : `'${tab.replaceAll("'", "''")}'!${cell}`;
}
