import { Readable } from 'node:stream';
import { ProblemException, SHEETS } from '../platform';
import { placeIn, type CellProblem } from './domain';
import type { ListProblem } from './sheets/list-reader';
import type { SheetAnswer, SheetJob, SheetSource } from './sheets/sheet-job';
import type { SheetThreads } from './sheets/sheet-threads';

/** A file that somebody sends, on its way. */
export interface Upload extends Pick<SheetJob, 'format' | 'tab'> {
  readonly body: Readable;
}

/** The parameter by which somebody says that so much is meant to go. */
export const CONFIRM_REMOVAL = 'confirm_removal';

/** @throws ProblemException 422 when the body is no sheet */
export function uploadOf(
  body: unknown,
  headers: { readonly 'content-type'?: string },
  { tab }: { readonly tab?: string | undefined },
): Upload {
  if (!(body instanceof Readable)) throw unreadable('', `esperado um corpo ${SHEETS.join(' ou ')}`);
  const format = headers['content-type']?.startsWith(SHEETS[1]) === true ? 'xlsx' : 'csv';
  return { format, body, ...(tab !== undefined && { tab }) };
}

/** What a thread read as it was asked to. @throws ProblemException 422 when the file cannot be read exactly */
export function answered<K extends 'sheet' | 'list'>(
  kind: K,
  answer: SheetAnswer,
): Extract<SheetAnswer, { kind: K }> {
  if (answer.kind === 'refused') throw unreadable(answer.place, answer.reason);
  if (answer.kind !== kind) throw new Error(`asked for a ${kind}, got a ${answer.kind}`);
  return answer as Extract<SheetAnswer, { kind: K }>;
}

/**
 * The rows of a file, and where in it they stood.
 * @throws ProblemException 422 when it cannot be read exactly, 503 when too many are being read
 */
export async function answeredSheet(
  threads: SheetThreads,
  { body, ...job }: Upload,
): Promise<Extract<SheetAnswer, { kind: 'sheet' }>> {
  return answered('sheet', await threads.read(job, body));
}

export function unreadable(path: string, message: string): ProblemException {
  return new ProblemException(422, {
    type: 'invalid',
    title: 'O arquivo não foi lido; nada foi gravado',
    errors: [{ path, message }],
  });
}

/** The wrong cells of a file by their places in it. */
export function placed(
  { tab }: SheetSource,
  problems: readonly CellProblem[],
): readonly { path: string; message: string; value: string | null }[] {
  return problems.map(({ cell, message, value }) => ({
    path: placeIn(tab ?? undefined, cell),
    message,
    value,
  }));
}

/** Bad lines of a list in the same form; what stood there may be personal. */
export function badLines(
  problems: readonly ListProblem[],
): readonly { path: string; message: string; value: null }[] {
  return problems.map(({ place, message }) => ({ path: place, message, value: null }));
}

/**
 * @param counts undefined: they are not told
 * @throws ProblemException 409 that names the flag, unless it was given
 */
export function demandSecondWord(
  isAsked: boolean,
  isGiven: boolean,
  counts: { readonly removed: number; readonly size: number } | undefined,
): void {
  if (!isAsked || isGiven) return;
  const much =
    counts === undefined
      ? 'pode tirar mais de um décimo'
      : `tiraria ${String(counts.removed)} de ${String(counts.size)} itens`;
  throw new ProblemException(409, {
    type: 'confirmation_needed',
    title: `A importação ${much} da lista; nada foi gravado`,
    detail: `Se é isso mesmo, repita com ${CONFIRM_REMOVAL}=true.`,
    flag: CONFIRM_REMOVAL,
    ...(counts && { removed: counts.removed, size: counts.size }),
  });
}
