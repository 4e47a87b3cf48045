/** Kinds of files that QI takes: images of documents and faces, signed papers, proofs of signatures. */
export const DOCUMENT_KINDS = ['jpeg', 'png', 'pdf', 'zip'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** How each begins, whatever it calls itself. */
const BEGINNINGS: Readonly<Record<DocumentKind, readonly number[]>> = {
  jpeg: [0xff, 0xd8, 0xff],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  pdf: [0x25, 0x50, 0x44, 0x46, 0x2d],
  zip: [0x50, 0x4b, 0x03, 0x04],
};

export const DOCUMENT_TYPES: Readonly<Record<DocumentKind, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  pdf: 'application/pdf',
  zip: 'application/zip',
};

/** What a file is by its first bytes; undefined when it is none of them. */
export function documentKindOf(bytes: Uint8Array): DocumentKind | undefined {
  return DOCUMENT_KINDS.find((kind) => BEGINNINGS[kind].every((byte, at) => bytes[at] === byte));
}
