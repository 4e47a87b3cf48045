import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DOCUMENTS, ProblemException, SETTINGS, type Settings } from '../platform';
import { documentKindOf, type DocumentKind } from './domain';
import { DOCUMENT_SHELF, type DocumentShelf } from './ports';

const RETRY_AFTER_SECONDS = 5;

/** What QI calls a document that it keeps for us. */
export interface KeptDocument {
  readonly document_key: string;
  readonly document_md5: string;
  readonly kind: DocumentKind;
}

/**
 * Sends files of people on to QI. Of each only the key and the hash stay here; its bytes are in memory while it is sent, so
 * many at once and each so long at most.
 */
@Injectable()
export class Documents {
  readonly #limits: Settings['engine']['documents'];
  readonly #timeoutMs: number;
  #sending = 0;

  constructor(
    @Inject(DOCUMENT_SHELF) private readonly shelf: DocumentShelf,
    @Inject(SETTINGS) { engine, QI_TIMEOUT_MS }: Settings,
  ) {
    this.#limits = engine.documents;
    this.#timeoutMs = QI_TIMEOUT_MS;
  }

  /**
   * @param body of the request, not read yet
   * @throws ProblemException 413 when it is too long, 422 when it is none of `allowed`, 503 when too many are on their way,
   *   502 when QI has not taken it
   */
  async keep(body: unknown, allowed: readonly DocumentKind[]): Promise<KeptDocument> {
    if (!(body instanceof Readable)) throw notAllowed(allowed);
    if (this.#sending >= this.#limits.at_once) {
      body.resume();
      throw busy();
    }
    this.#sending += 1;
    try {
      const bytes = await wholeOf(body, this.#limits.max_bytes);
      const kind = documentKindOf(bytes);
      if (kind === undefined || !allowed.includes(kind)) throw notAllowed(allowed);
      return await this.#send(kind, bytes);
    } finally {
      this.#sending -= 1;
    }
  }

  async #send(kind: DocumentKind, bytes: Buffer): Promise<KeptDocument> {
    const answer = await this.shelf.keep({ kind, bytes }, this.#timeoutMs);
    switch (answer.kind) {
      case 'kept':
        return { document_key: answer.key, document_md5: answer.md5, kind };
      case 'refused':
        throw new ProblemException(422, {
          type: 'document_refused',
          title: 'A QI recusou o documento',
          ...(answer.words !== undefined && { detail: answer.words }),
        });
      case 'failed':
        throw new ProblemException(502, {
          type: 'document_not_sent',
          title: 'O documento não chegou à QI; enviar de novo',
        });
    }
  }
}

/** What comes after the limit is read and thrown away: who sends it is to hear the answer. */
async function wholeOf(body: Readable, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length <= most) pieces.push(piece);
    else pieces.length = 0;
  }
  if (length > most) throw tooLong(most);
  return Buffer.concat(pieces);
}

function tooLong(most: number): ProblemException {
  return new ProblemException(413, {
    type: 'too_large',
    title: `O documento passa de ${String(Math.floor(most / 1_048_576))} MB`,
  });
}

function notAllowed(allowed: readonly DocumentKind[]): ProblemException {
  const names = allowed.map((kind) => kind.toUpperCase()).join(' ou ');
  return new ProblemException(422, {
    type: 'invalid',
    title: 'O arquivo não é de um tipo aceito',
    errors: [
      { path: 'body', message: `envie ${names}, com o tipo no Content-Type (${DOCUMENTS.join(', ')})` },
    ],
  });
}

function busy(): ProblemException {
  const title = 'Há documentos demais sendo enviados agora; tente de novo em alguns segundos';
  return new ProblemException(503, { type: 'busy', title }, { 'retry-after': String(RETRY_AFTER_SECONDS) });
}
