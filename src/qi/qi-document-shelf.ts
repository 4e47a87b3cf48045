import { Injectable } from '@nestjs/common';
import { DOCUMENT_TYPES, type DocumentKind } from '../documents/domain';
import type { Document, DocumentAnswer, DocumentShelf } from '../documents';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';
import { commandAnswerOf } from './qi-answer';
import { QiClient } from './qi-client';

/** `POST /upload`: one file as a form, answered by its key and hash. */
@Injectable()
export class QiDocumentShelf implements DocumentShelf {
  constructor(private readonly client: QiClient) {}

  async keep({ kind, bytes }: Document, timeoutMs: number): Promise<DocumentAnswer> {
    const file = { name: nameOf(kind), type: DOCUMENT_TYPES[kind], bytes };
    const answer = commandAnswerOf(
      await this.client.exchange({ method: 'POST', path: ['upload'], file, timeoutMs }),
    );
    switch (answer.kind) {
      case 'accepted':
        return readKept(answer.body);
      case 'rejected':
        return { kind: 'refused', words: answer.description };
      case 'not_taken':
      case 'unknown':
        return { kind: 'failed', why: answer.why };
    }
  }
}

/** Nothing of whoever it is of: names of files are written into logs everywhere. */
const nameOf = (kind: DocumentKind): string => `document.${kind === 'jpeg' ? 'jpg' : kind}`;

function readKept(body: string): DocumentAnswer {
  const fields = new Fields(readJsonObject(Buffer.from(body)) ?? {});
  const [key, md5] = [fields.key('document_key'), fields.text('document_md5')];
  if (key === undefined || md5 === undefined) return { kind: 'failed', why: 'an answer without key or md5' };
  return { kind: 'kept', key, md5 };
}
