/** Bytes of the nonce and the tag: what is sealed of nothing. */
const NOTHING_SEALED = 28;

/** SQL: whether something is still sealed in this column; retention leaves nothing sealed in it. */
export const isSealed = (column: string): string => `octet_length(${column}) > ${String(NOTHING_SEALED)}`;
export const isEmptied = (column: string): string => `octet_length(${column}) <= ${String(NOTHING_SEALED)}`;
