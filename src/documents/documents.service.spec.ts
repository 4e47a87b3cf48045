import { Readable } from 'node:stream';
import type { Settings } from '../platform';
import { Documents } from './documents.service';
import type { Document, DocumentAnswer, DocumentShelf } from './ports';

const JPEG = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(96, 1)]);
const KEY = '494598fd-c226-4332-a500-591ae3884673';
const KEPT: DocumentAnswer = { kind: 'kept', key: KEY, md5: 'x' };

/** QI's shelf, as it is told to be. */
class Shelf implements DocumentShelf {
  readonly sent: Document[] = [];
  answer: Promise<DocumentAnswer> = Promise.resolve(KEPT);
  keep(document: Document): Promise<DocumentAnswer> {
    this.sent.push(document);
    return this.answer;
  }
}

function service(shelf: Shelf): Documents {
  const documents = { max_bytes: 200, at_once: 1 };
  return new Documents(shelf, { engine: { documents }, QI_TIMEOUT_MS: 1_000 } as unknown as Settings);
}
const body = (...pieces: Buffer[]): Readable => Readable.from(pieces);
const keep = (shelf: Shelf, sent: unknown): Promise<unknown> => service(shelf).keep(sent, ['jpeg', 'png']);
const statusOf = (error: unknown): unknown => (error as { getStatus(): number }).getStatus();
const refusalOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'kept', statusOf);

describe('a document on its way to QI', () => {
  it('is sent as it came, and only its key and hash come back', async () => {
    const shelf = new Shelf();
    const kept = await keep(shelf, body(JPEG.subarray(0, 10), JPEG.subarray(10)));
    expect(kept).toEqual({ document_key: KEY, document_md5: 'x', kind: 'jpeg' });
    expect(shelf.sent).toEqual([{ kind: 'jpeg', bytes: JPEG }]);
  });

  it.each([
    ['longer than allowed', body(JPEG, JPEG, JPEG), 413],
    ['of another kind than allowed', body(Buffer.from('%PDF-1.7')), 422],
    ['empty', body(), 422],
    ['no stream at all', { some: 'json' }, 422],
  ])('that is %s is not sent', async (_, sent, status) => {
    const shelf = new Shelf();
    expect(await refusalOf(keep(shelf, sent))).toBe(status);
    expect(shelf.sent).toEqual([]);
  });

  it('that is too long is read to its end all the same: whoever sends it hears why', async () => {
    const long = body(JPEG, JPEG, JPEG, JPEG);
    await refusalOf(keep(new Shelf(), long));
    expect(long.readableEnded).toBe(true);
  });

  it.each<[DocumentAnswer, number]>([
    [{ kind: 'refused', words: 'not an image' }, 422],
    [{ kind: 'failed', why: 'HTTP 500' }, 502],
  ])('answered %j is %i', async (answer, status) => {
    const shelf = new Shelf();
    shelf.answer = Promise.resolve(answer);
    expect(await refusalOf(keep(shelf, body(JPEG)))).toBe(status);
  });

  it('waits for nobody: one more than allowed at once comes again later', async () => {
    const shelf = new Shelf();
    let answerNow: (answer: DocumentAnswer) => void = () => undefined;
    shelf.answer = new Promise((resolve) => (answerNow = resolve));
    const documents = service(shelf);
    const first = documents.keep(body(JPEG), ['jpeg']);
    expect(await refusalOf(documents.keep(body(JPEG), ['jpeg']))).toBe(503);
    answerNow(KEPT);
    await first;
    expect(await refusalOf(documents.keep(body(JPEG), ['jpeg']))).toBe('kept');
  });
});
