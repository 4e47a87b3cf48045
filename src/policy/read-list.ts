import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { encodingOf, fieldDefinition, type FieldName } from './domain';
import { listEntry } from './list-entry';
import { PackedEntries, PackedList } from './packed-list';

export interface ListReading {
  /** Undefined when nothing of it may be kept: no line of it is an entry, it is no text, or it was to stop and had to. */
  readonly list: PackedList | undefined;
  readonly badLines: number;
  /** The first hundred. What stood there may be personal and is not repeated. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

const MAX_PROBLEMS = 100;
const MAX_ENTRIES = 5_000_000;
/** A longer line is bad, and no more of it is kept. */
const MAX_LINE = 1_000;
/** CR CR LF is the end of a line of a file that was written twice as text. A CR at the very end waits for what follows. */
const LINE_END = /\r\r?\n|\n|\r(?=[^\r\n]|\r[^\n])/;
/** Of Node's decoder. */
const NO_TEXT = 'ERR_ENCODING_INVALID_ENCODED_DATA';
const SEPARATORS = [';', ',', '\t'] as const;

/** Fields whose values a list outside a policy may hold. */
export function isListable(field: FieldName): boolean {
  const { type } = fieldDefinition(field);
  return type === 'text' || type === 'code_list';
}

/**
 * Reads one entry a line: the first cell of a CSV in UTF-8 or, with its mark, UTF-16. A first line without any digit is the
 * head of the columns; blank lines are nothing. Memory grows by 14 bytes an entry.
 */
export async function readList(
  stream: Readable,
  field: FieldName,
  { stopOnError = false }: { readonly stopOnError?: boolean } = {},
): Promise<ListReading> {
  const reader = new ListReader(field, stopOnError);
  let rest = '';
  try {
    for await (const piece of textOf(stream)) {
      const lines = `${rest}${piece}`.split(LINE_END);
      rest = (lines.pop() ?? '').slice(0, MAX_LINE + 1);
      if (!lines.every((line) => reader.take(line))) {
        stream.destroy();
        return reader.reading(false);
      }
    }
  } catch (error) {
    if ((Object(error) as { code?: unknown }).code !== NO_TEXT) throw error;
    reader.refuse('não está em UTF-8 nem em UTF-16');
    return reader.reading(false);
  }
  return reader.reading(reader.take(rest));
}

/** @throws Error with the code NO_TEXT where the bytes are no text */
async function* textOf(stream: Readable): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const piece of stream as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(piece as string);
    decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder?.decode() ?? '';
}

class ListReader {
  readonly #entries = new PackedEntries();
  readonly #problems: { line: number; message: string }[] = [];
  #line = 0;
  #badLines = 0;
  #separator: string | undefined;

  constructor(
    private readonly field: FieldName,
    private readonly stopOnError: boolean,
  ) {}

  /** @returns whether to go on */
  take(raw: string): boolean {
    this.#line += 1;
    if (raw === '') return true;
    const isFirst = this.#separator === undefined;
    this.#separator ??= separatorOf(raw);
    if (isFirst && !/\d/.test(raw)) return true;
    const end = raw.indexOf(this.#separator);
    const read = listEntry(unquoted(end < 0 ? raw : raw.slice(0, end)), this.field);
    if (read.kind === 'nothing') return true;
    if (this.#entries.count >= MAX_ENTRIES) {
      this.refuse('a lista passa de cinco milhões');
      return false;
    }
    if (read.kind === 'entry' && raw.length <= MAX_LINE) {
      this.#entries.add(read.value);
      return true;
    }
    const message =
      read.kind === 'bad' ? read.message : `não é um valor de ${fieldDefinition(this.field).label}`;
    const cells = raw.slice(0, MAX_LINE).split(this.#separator).map(unquoted);
    const better = cells.findIndex((cell, at) => at > 0 && listEntry(cell, this.field).kind === 'entry');
    this.refuse(
      better < 0 ? message : `${message}; a coluna ${String(better + 1)} é que parece ter os valores`,
    );
    return !this.stopOnError;
  }

  refuse(message: string): void {
    this.#badLines += 1;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ line: Math.max(this.#line, 1), message });
  }

  reading(isWhole: boolean): ListReading {
    const isEmpty = this.#entries.count === 0;
    if (isWhole && isEmpty && this.#badLines === 0) {
      this.#line = 1;
      this.refuse('nenhuma linha tem um valor');
    }
    const [badLines, problems] = [this.#badLines, this.#problems];
    return { list: isWhole && !isEmpty ? PackedList.of(this.#entries) : undefined, badLines, problems };
  }
}

function separatorOf(line: string): string {
  const count = (separator: string): number => line.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

function unquoted(cell: string): string {
  const bare = cell.trim(); // a byte order mark is white space too
  return /^"[^"]*"$/.test(bare) ? bare.slice(1, -1) : bare;
}
