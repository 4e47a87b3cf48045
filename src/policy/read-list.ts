import type { Readable } from 'node:stream';
import { Cpf } from '../kernel';
import { fieldDefinition, type FieldName } from './domain';
import { PackedEntries, PackedList } from './packed-list';

export interface ListReading {
  /** Undefined when it was to stop at the first bad line and there was one. */
  readonly list: PackedList | undefined;
  readonly badLines: number;
  /** The first hundred. What stood there may be personal and is not repeated. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

const MAX_PROBLEMS = 100;
const MAX_ENTRIES = 5_000_000;
/** A longer line is bad, and no more of it is kept. */
const MAX_LINE = 1_000;
/** A CR at the very end may be half of a CRLF: it waits for what comes next. */
const LINE_END = /\r\n|\n|\r(?=[^])/;

/** Fields whose values a list outside a policy may hold. */
export function isListable(field: FieldName): boolean {
  const { type } = fieldDefinition(field);
  return type === 'text' || type === 'code_list';
}

/**
 * Reads one entry a line: the first cell of a CSV. Punctuation of CPFs and CNPJs does not matter, lost left zeros of a
 * CPF come back, blank lines are nothing. Memory grows by 14 bytes an entry.
 */
export async function readList(
  stream: Readable,
  field: FieldName,
  { stopOnError = false }: { readonly stopOnError?: boolean } = {},
): Promise<ListReading> {
  const entries = new PackedEntries();
  const problems: { line: number; message: string }[] = [];
  const { pattern, label } = fieldDefinition(field);
  let [line, badLines] = [0, 0];
  /** @returns whether to go on. */
  const take = (raw: string): boolean => {
    line += 1;
    const entry = normalized(raw, field);
    if (entry === '') return true;
    const hasRoom = entries.count < MAX_ENTRIES;
    if (hasRoom && raw.length <= MAX_LINE && pattern?.test(entry) === true) {
      entries.add(entry);
      return true;
    }
    badLines += 1;
    const message = hasRoom ? `não é um valor de ${label}` : 'a lista passa de cinco milhões';
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message });
    return hasRoom && !stopOnError;
  };
  let rest = '';
  for await (const piece of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = `${rest}${piece}`.split(LINE_END);
    rest = (lines.pop() ?? '').slice(0, MAX_LINE + 1);
    if (!lines.every(take)) {
      stream.destroy();
      return { list: undefined, badLines, problems };
    }
  }
  if (!take(rest)) return { list: undefined, badLines, problems };
  return { list: PackedList.of(entries), badLines, problems };
}

function normalized(raw: string, field: FieldName): string {
  const [cell = ''] = raw.replace(/^\uFEFF/, '').split(/[;,\t]/, 1);
  const bare = cell.replace(/["'.\-/\s]/g, '').toUpperCase();
  return field === 'borrower_cpf' && bare !== '' ? (Cpf.parse(bare)?.reveal() ?? bare) : bare;
}
