/** One table in which a class is erased. `$1` is the instant before which it is. */
export interface ErasedTable {
  readonly table: string;
  /** Rows that are old enough and still hold something: an erased row is not found again. */
  readonly old: string;
  /** What is taken out; undefined: the whole row. */
  readonly emptied: string | undefined;
  /** Of a row, the bytes that go. */
  readonly bytes: string;
}

/** A sealed column is erased by emptying it: nothing, or the sealing of nothing after a rotation of keys, is nothing. */
const sealed = (column: string): string => `octet_length(${column}) > 28`;

/** No loan came of it and none can any more. */
const UNSUCCESSFUL = `status IN ('declined', 'rejected', 'missed', 'lost', 'expired', 'parked')`;
const endedBefore = `(SELECT credit_operation_key FROM operation WHERE ended_at < $1)`;
const auctionsOfEnded = `(SELECT auction_key FROM operation WHERE ended_at < $1 AND auction_key IS NOT NULL)`;

const auctions = (which: string): ErasedTable => ({
  table: 'auction',
  old: `${sealed('personal_ciphertext')} AND ${which}`,
  emptied: `personal_ciphertext = '', borrower_index = NULL, admission_date = NULL,
    employer_index = CASE WHEN employer_document_type = 'cnpj' THEN employer_index END`,
  bytes: 'octet_length(personal_ciphertext)',
});
const requests = (ofAuctions: string): ErasedTable => ({
  table: 'webhook_event',
  old: `${sealed('raw_ciphertext')} AND status IN ('done', 'parked')
    AND id IN (SELECT webhook_event_id FROM auction WHERE ${ofAuctions})`,
  emptied: `raw_ciphertext = '', authorization_header = NULL`,
  bytes: 'octet_length(raw_ciphertext)',
});
const offers = (ofAuctions: string): ErasedTable => ({
  table: 'exposure',
  old: `borrower_index IS NOT NULL
    AND auction_key IN (SELECT issuer_proposal_request_key FROM auction WHERE ${ofAuctions})`,
  emptied: 'borrower_index = NULL',
  bytes: 'octet_length(borrower_index)',
});
const oldUnsuccessful = `${UNSUCCESSFUL} AND received_at < $1`;
const oldWon = `status = 'won' AND issuer_proposal_request_key IN ${auctionsOfEnded}`;

/**
 * What personal data there is, by why it is kept. Figures, reasons and traces stay in all of them: what was asked,
 * decided, offered and paid can be counted for ever, only no longer for somebody.
 */
export const ERASED = {
  unsuccessful_auctions: [
    requests(oldUnsuccessful),
    { ...offers(oldUnsuccessful), old: `${offers(oldUnsuccessful).old} AND status = 'released'` },
    auctions(oldUnsuccessful),
  ],
  won_loans: [
    requests(oldWon),
    offers(oldWon),
    auctions(oldWon),
    {
      table: 'operation',
      old: `borrower_ciphertext IS NOT NULL AND ended_at < $1`,
      emptied: 'borrower_ciphertext = NULL, borrower_key_id = NULL, borrower_index = NULL',
      bytes: 'octet_length(borrower_ciphertext)',
    },
  ],
  signature_evidence: [
    {
      table: 'operation_event',
      old: `personal_ciphertext IS NOT NULL AND credit_operation_key IN ${endedBefore}`,
      emptied: 'personal_ciphertext = NULL, personal_key_id = NULL',
      bytes: 'octet_length(personal_ciphertext)',
    },
  ],
  bank_accounts: [
    {
      table: 'operation_command',
      old: `(body_ciphertext IS NOT NULL OR answer_ciphertext IS NOT NULL) AND settled_at IS NOT NULL
        AND credit_operation_key IN ${endedBefore}`,
      emptied: 'body_ciphertext = NULL, body_key_id = NULL, answer_ciphertext = NULL, answer_key_id = NULL',
      bytes: 'coalesce(octet_length(body_ciphertext), 0) + coalesce(octet_length(answer_ciphertext), 0)',
    },
  ],
  raw_webhooks: [
    {
      table: 'webhook_event',
      old: `${sealed('raw_ciphertext')} AND status IN ('done', 'parked') AND received_at < $1`,
      emptied: `raw_ciphertext = '', authorization_header = NULL`,
      bytes: 'octet_length(raw_ciphertext)',
    },
  ],
  sign_ins: [
    { table: 'session', old: 'expires_at < $1', emptied: undefined, bytes: 'octet_length(session::text)' },
    {
      table: 'invitation',
      old: 'expires_at < $1',
      emptied: undefined,
      bytes: 'octet_length(invitation::text)',
    },
    {
      table: 'sign_in_throttle',
      old: 'until < $1',
      emptied: undefined,
      bytes: 'octet_length(sign_in_throttle::text)',
    },
  ],
  repeated_requests: [
    {
      table: 'idempotent_request',
      old: 'created_at < $1',
      emptied: undefined,
      bytes: 'octet_length(idempotent_request::text)',
    },
  ],
} satisfies Readonly<Record<string, readonly ErasedTable[]>>;

export type RetentionClass = keyof typeof ERASED;
export const RETENTION_CLASSES = Object.keys(ERASED) as RetentionClass[];
