import type { DocumentKind } from './domain';

/** A file on its way to QI. It is held in memory, and nowhere else. */
export interface Document {
  readonly kind: DocumentKind;
  readonly bytes: Buffer;
}

export type DocumentAnswer =
  | { readonly kind: 'kept'; readonly key: string; readonly md5: string }
  | { readonly kind: 'refused'; readonly words: string | undefined }
  /** Not taken, or it is not known: sent again it is another document, which does no harm. */
  | { readonly kind: 'failed'; readonly why: string };

/** Keeps documents at QI, which gives each a key. Never throws for what the network or QI does. */
export interface DocumentShelf {
  keep(document: Document, timeoutMs: number): Promise<DocumentAnswer>;
}

export const DOCUMENT_SHELF = Symbol('DocumentShelf');
