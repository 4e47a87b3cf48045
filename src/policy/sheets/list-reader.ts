import { fieldDefinition, type FieldName } from '../domain/fields';
import { listEntry } from '../domain/list-entry';
import { cellName, columnName, placeIn } from '../domain/sheet';
import { PackedEntries, PackedList } from '../packed-list';

export interface ListReading {
  /** Undefined when nothing of it may be kept: no line of it is an entry, or it was to stop and had to. */
  readonly list: PackedList | undefined;
  /** Lines that say something, without the head. */
  readonly lines: number;
  readonly badLines: number;
  /** The first hundred. What stood there may be personal and is not repeated. */
  readonly problems: readonly ListProblem[];
}

export interface ListProblem {
  readonly line: number;
  /** As in `Vigente!B7`. */
  readonly place: string;
  readonly message: string;
}

const MAX_PROBLEMS = 100;
const MAX_ENTRIES = 5_000_000;
const TITLE_OR_VALUE =
  'título ou valor? Se é um valor, ponha acima uma linha com o título, como “CNPJ raiz”; se é o título, troque-o por esse';

/** Fields whose values a list outside a policy may hold. */
export function isListable(field: FieldName): boolean {
  const { type } = fieldDefinition(field);
  return type === 'text' || type === 'code_list';
}

/**
 * Takes one column of a sheet, row by row, for a list of values of a field. A first line without any digit is the head of
 * the columns, unless it could as well be an entry (roots of CNPJ may be letters alone): then it is a bad line, for either
 * guess may lose an employer or make one up. Blank cells are nothing. Memory grows by 14 bytes an entry.
 */
export class ListReader {
  readonly #entries = new PackedEntries();
  readonly #problems: ListProblem[] = [];
  #lines = 0;
  #badLines = 0;
  #isBegun = false;
  #isOver = false;
  #head: string | undefined;

  constructor(
    private readonly field: FieldName,
    private readonly column: number,
    private readonly stopOnError: boolean,
    private readonly tab: string | undefined,
  ) {}

  /** The title of the column, where the sheet has one. */
  get head(): string | undefined {
    return this.#head;
  }

  /** @param row from 0 */
  take(cells: readonly string[], row: number): void {
    if (this.#isOver || cells.every((cell) => cell === '')) return;
    const isFirst = !this.#isBegun;
    this.#isBegun = true;
    const mayBeHead = isFirst && !cells.some((cell) => /\d/.test(cell));
    const read = listEntry(cells[this.column] ?? '', this.field);
    if (mayBeHead && read.kind !== 'entry') {
      this.#head = cells[this.column] ?? '';
      return;
    }
    if (read.kind === 'nothing') return;
    this.#lines += 1;
    if (this.#entries.count >= MAX_ENTRIES) {
      this.#refuse('a lista passa de cinco milhões', row);
      this.#isOver = true;
    } else if (read.kind === 'entry' && !mayBeHead) {
      this.#entries.add(read.value);
    } else {
      this.#refuse(read.kind === 'entry' ? TITLE_OR_VALUE : this.#hinted(read.message, cells), row);
      this.#isOver = this.stopOnError;
    }
  }

  end(): ListReading {
    const isEmpty = this.#entries.count === 0;
    if (isEmpty && this.#badLines === 0) this.#refuse('nenhuma linha tem um valor', 0);
    return {
      list: this.#isOver || isEmpty ? undefined : PackedList.of(this.#entries),
      lines: this.#lines,
      badLines: this.#badLines,
      problems: this.#problems,
    };
  }

  #hinted(message: string, cells: readonly string[]): string {
    const better = cells.findIndex((cell) => listEntry(cell, this.field).kind === 'entry');
    const hint = `a coluna ${String(better + 1)} (${columnName(better)}) é que parece ter os valores`;
    return better < 0 ? message : `${message}; ${hint}`;
  }

  #refuse(message: string, row: number): void {
    this.#badLines += 1;
    const place = placeIn(this.tab, cellName(this.column, row));
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ line: row + 1, place, message });
  }
}
