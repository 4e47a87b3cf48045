import { CsvReader } from '../domain/csv';
import { SheetError } from '../domain/sheet';
import { MAX_FILE_BYTES, MAX_LIST_BYTES } from './limits';
import { ListReader } from './list-reader';
import { openXlsx } from './read-xlsx';
import { SheetCollector } from './sheet-collector';
import type { SheetAnswer, SheetJob, SheetSource } from './sheet-job';
import type { RowSink } from './worksheet';

/** Reads one file as it arrives, and says what is in it. A workbook is read when it is whole. */
export class SheetReading {
  readonly #pieces: Uint8Array[] = [];
  readonly #csv: CsvReader | undefined;
  #source: SheetSource = { tab: null, tabs: [], hidden: { rows: 0, columns: [] } };
  #target: ListReader | SheetCollector | undefined;
  #rows = 0;
  #bytes = 0;

  constructor(private readonly job: SheetJob) {
    this.#csv = job.format === 'csv' ? new CsvReader() : undefined;
  }

  /** @returns the answer if it is known already, for no more has to be read */
  take(bytes: Uint8Array): SheetAnswer | undefined {
    return this.#orRefusal(() => {
      this.#bytes += bytes.length;
      const isLong = this.#csv !== undefined && this.job.list !== undefined;
      if (this.#bytes > (isLong ? MAX_LIST_BYTES : MAX_FILE_BYTES))
        throw new SheetError('', 'a planilha é grande demais');
      if (this.#csv === undefined) this.#pieces.push(bytes);
      else this.#takeRows(this.#csv.take(bytes));
      return undefined;
    });
  }

  end(): SheetAnswer {
    return this.#orRefusal(() => {
      if (this.#csv === undefined) this.#readWorkbook();
      else this.#takeRows(this.#csv.end());
      return this.#answer();
    });
  }

  #takeRows(rows: readonly (readonly string[])[]): void {
    if (this.job.tab !== undefined) throw new SheetError('', 'um CSV não tem abas');
    for (const cells of rows) {
      this.#sink(cells, this.#rows);
      this.#rows += 1;
    }
  }

  #readWorkbook(): void {
    const { tab, tabs, rows } = openXlsx(Buffer.concat(this.#pieces), this.job.tab);
    const named = { tab: tab.name, tabs: tabs.map(({ name, hidden }) => ({ name, hidden })) };
    this.#source = { ...this.#source, ...named };
    this.#source = { ...this.#source, hidden: rows(this.#sink) };
  }

  readonly #sink: RowSink = (cells, row) => {
    this.#into.take(cells, row);
  };

  get #into(): ListReader | SheetCollector {
    const { list } = this.job;
    const tab = this.#source.tab ?? undefined;
    return (this.#target ??=
      list === undefined
        ? new SheetCollector(tab)
        : new ListReader(list.field, list.column, list.stopOnError, tab));
  }

  #answer(): SheetAnswer {
    const source = this.#source;
    const read = this.#into;
    if (read instanceof SheetCollector) return { kind: 'sheet', source, sheet: read.sheet };
    const { list, ...reading } = read.end();
    return { kind: 'list', source, head: read.head, ...reading, list: list?.shared };
  }

  #orRefusal<T>(work: () => T): T | SheetAnswer {
    try {
      return work();
    } catch (error) {
      if (error instanceof SheetError) return { kind: 'refused', place: error.place, reason: error.reason };
      throw error;
    }
  }
}
