import { isSealed } from '../platform';
/** One table in which a class is erased. `$1` is the instant before which it is. */
export interface ErasedTable {
  readonly table: string;
  /** Rows that are old enough and still hold something: an erased row is not found again. */
  readonly old: string;
  /** What is taken out; undefined: the whole row. */
  readonly emptied: string | undefined;
  /** What the same statement writes elsewhere: a statement on `batch`, the rows as they were. */
  readonly along?: string;
  /** Of a row, the bytes that go. */
  readonly bytes: string;
}

/** No loan came of it and none can any more. */
export const UNSUCCESSFUL = `status IN ('declined', 'rejected', 'missed', 'lost', 'expired', 'parked')`;
/** Of a paid loan: the last day of which QI told us, else what its term comes to; of an unknown term the payment. */
const LAST_DUE = `coalesce(
  (SELECT max(installment ->> 'due_date')::date
   FROM operation_event, jsonb_array_elements(summary -> 'installments') AS installment
   WHERE operation_event.credit_operation_key = operation.credit_operation_key AND kind = 'disbursed'),
  ended_at + coalesce(number_of_installments, 0) * CASE product WHEN 'fgts' THEN interval '1 year' ELSE interval '1 month' END)`;
/** For us a loan ends when it is paid out; for its borrower with the last instalment. */
const OVER = `ended_at < $1 AND (status <> 'disbursed' OR ${LAST_DUE} < $1)`;
const loansOver = `(SELECT credit_operation_key FROM operation WHERE ${OVER})`;
const endedBefore = `(SELECT credit_operation_key FROM operation WHERE ended_at < $1)`;
/** A debt may have come of one whose order is on its way: people find out first. */
const UNISSUED = `status NOT IN ('issuing', 'issued') AND status_since < $1`;
const oldUnissued = `(SELECT id FROM proposal WHERE ${UNISSUED})`;
const proposalsOf = (loans: string): string =>
  `(SELECT id FROM proposal WHERE credit_operation_key IN ${loans})`;
const hasBodies = `(body_ciphertext IS NOT NULL OR answer_ciphertext IS NOT NULL) AND settled_at IS NOT NULL`;
const NO_BODIES =
  'body_ciphertext = NULL, body_key_id = NULL, answer_ciphertext = NULL, answer_key_id = NULL';
const BODY_BYTES =
  'coalesce(octet_length(body_ciphertext), 0) + coalesce(octet_length(answer_ciphertext), 0)';
const auctionsOver = `(SELECT auction_key FROM operation WHERE ${OVER} AND auction_key IS NOT NULL)`;

/** In which the number of a loan at another bank stands as the servant's statement has it: it names the person at that bank. */
const WITH_CONTRACTS = ['wishes', 'simulations', 'offer'];
const namesContract = WITH_CONTRACTS.map(
  (column) => String.raw`coalesce(${column}::text ~ '"original_contract_number": "(?!\*")', false)`,
).join(' OR ');
const NO_CONTRACTS = WITH_CONTRACTS.map(
  (column) => String.raw`${column} =
    regexp_replace(${column}::text, '("original_contract_number": )"(\\.|[^"\\])*"', '\1"*"', 'g')::jsonb`,
).join(', ');
/** A release before this one left the numbers. */
const namesBorrower = `(${isSealed('borrower_ciphertext')} OR ${namesContract})`;

const auctions = (which: string): ErasedTable => ({
  table: 'auction',
  old: `${isSealed('personal_ciphertext')} AND ${which}`,
  emptied: `personal_ciphertext = '', borrower_index = NULL, admission_date = NULL,
    employer_index = CASE WHEN employer_document_type = 'cnpj' THEN employer_index END`,
  bytes: 'octet_length(personal_ciphertext)',
});
/** Also one that still waits, or that nobody has handled: without its original it never will be. */
const webhooks = (which: string): ErasedTable => ({
  table: 'webhook_event',
  old: `${isSealed('raw_ciphertext')} AND ${which}`,
  emptied: `raw_ciphertext = '', authorization_header = NULL,
    status = CASE status WHEN 'done' THEN 'done' ELSE 'parked' END,
    reason = CASE WHEN status IN ('new', 'waiting') THEN 'waited_too_long' ELSE reason END, lease_owner = NULL`,
  bytes: 'octet_length(raw_ciphertext)',
});
const requests = (ofAuctions: string): ErasedTable =>
  webhooks(`id IN (SELECT webhook_event_id FROM auction WHERE ${ofAuctions})`);

const ofPerson = `NOT EXISTS (SELECT FROM auction
  WHERE issuer_proposal_request_key = auction_key AND employer_document_type = 'cnpj')`;
/** What such an offer still counts, it counts for nobody in particular: the person's counter is lowered by it. */
const offers = (ofAuctions: string): ErasedTable => ({
  table: 'exposure',
  old: `(borrower_index IS NOT NULL OR employer_index IS NOT NULL AND ${ofPerson})
    AND auction_key IN (SELECT issuer_proposal_request_key FROM auction WHERE ${ofAuctions})`,
  emptied: `borrower_index = NULL, employer_index = CASE WHEN NOT ${ofPerson} THEN employer_index END`,
  along: `
    INSERT INTO limit_use AS present (name, key, used, revision)
    SELECT name, key, -sum(amount), 1 FROM batch CROSS JOIN LATERAL (VALUES
      (1, 'per_borrower', encode(borrower_index, 'hex')),
      (2, 'per_employer', CASE WHEN ${ofPerson} THEN encode(employer_index, 'hex') END)) AS counted (place, name, key)
    WHERE status <> 'released' AND key IS NOT NULL GROUP BY place, name, key ORDER BY place, key
    ON CONFLICT (name, key) DO UPDATE
    SET used = present.used + EXCLUDED.used, revision = present.revision + 1`,
  bytes: 'coalesce(octet_length(borrower_index), 0) + coalesce(octet_length(employer_index), 0)',
});

/** The same of debts that no auction brought. */
const debts = (ofProposals: string): ErasedTable => ({
  table: 'exposure',
  old: `auction_key IS NULL AND borrower_index IS NOT NULL
    AND request_control_key IN (SELECT control_key FROM proposal WHERE ${ofProposals})`,
  emptied: 'borrower_index = NULL',
  along: `
    INSERT INTO limit_use AS present (name, key, used, revision)
    SELECT 'per_borrower', encode(borrower_index, 'hex'), -sum(amount), 1 FROM batch
    WHERE status <> 'released' GROUP BY borrower_index ORDER BY borrower_index
    ON CONFLICT (name, key) DO UPDATE
    SET used = present.used + EXCLUDED.used, revision = present.revision + 1`,
  bytes: 'octet_length(borrower_index)',
});

/** Only such a key is one in hex: the others are days, and PostgreSQL may look at them first. */
const partyKey = `decode(CASE WHEN name IN ('per_borrower', 'per_employer') THEN key ELSE '' END, 'hex')`;
const noAuctionSince = (index: string): string =>
  `NOT EXISTS (SELECT FROM auction WHERE ${index} = ${partyKey} AND received_at >= $1)`;
const oldUnsuccessful = `${UNSUCCESSFUL} AND received_at < $1`;
/** `won_loans` says when such a request goes; of a won auction without a loan there is no end to count from. */
const ofLoan = `EXISTS (SELECT FROM auction JOIN operation ON auction_key = issuer_proposal_request_key
  WHERE webhook_event_id = webhook_event.id AND auction.status = 'won')`;
const oldWon = `status = 'won' AND issuer_proposal_request_key IN ${auctionsOver}`;

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
    debts(`credit_operation_key IN ${loansOver}`),
    auctions(oldWon),
    {
      table: 'proposal',
      old: `${namesBorrower} AND credit_operation_key IN ${loansOver}`,
      emptied: `borrower_ciphertext = '', borrower_index = NULL, ${NO_CONTRACTS}`,
      bytes: 'octet_length(borrower_ciphertext)',
    },
    {
      table: 'operation',
      old: `(borrower_ciphertext IS NOT NULL OR borrower_index IS NOT NULL) AND ${OVER}`,
      emptied: 'borrower_ciphertext = NULL, borrower_key_id = NULL, borrower_index = NULL',
      bytes: 'coalesce(octet_length(borrower_ciphertext), 0) + coalesce(octet_length(borrower_index), 0)',
    },
  ],
  unissued_proposals: [
    debts(UNISSUED),
    {
      // Of a file with one line it is as good as its borrower's index.
      table: 'proposal_batch',
      old: 'file_index IS NOT NULL AND created_at < $1',
      emptied: 'file_index = NULL',
      bytes: 'octet_length(file_index)',
    },
    {
      table: 'proposal_event',
      old: `personal_ciphertext IS NOT NULL AND proposal_id IN ${oldUnissued}`,
      emptied: 'personal_ciphertext = NULL, personal_key_id = NULL',
      bytes: 'octet_length(personal_ciphertext)',
    },
    {
      table: 'proposal_command',
      old: `${hasBodies} AND proposal_id IN ${oldUnissued}`,
      emptied: NO_BODIES,
      bytes: BODY_BYTES,
    },
    {
      // Nobody can carry on what is nobody's any more.
      table: 'proposal',
      old: `${namesBorrower} AND ${UNISSUED}`,
      emptied: `borrower_ciphertext = '', borrower_index = NULL, ${NO_CONTRACTS}, retry_at = NULL, holds_claim = false,
        status = 'withdrawn', ended_at = coalesce(ended_at, now())`,
      bytes: 'octet_length(borrower_ciphertext)',
    },
  ],
  signature_evidence: [
    {
      table: 'proposal_event',
      old: `personal_ciphertext IS NOT NULL AND proposal_id IN ${proposalsOf(loansOver)}`,
      emptied: 'personal_ciphertext = NULL, personal_key_id = NULL',
      bytes: 'octet_length(personal_ciphertext)',
    },
    {
      table: 'operation_event',
      // Scores, liveness and the sign of fraud stand readable beside who signed.
      old: `(personal_ciphertext IS NOT NULL OR kind = 'signed' AND summary ? 'signers')
        AND credit_operation_key IN ${loansOver}`,
      emptied: `personal_ciphertext = NULL, personal_key_id = NULL,
        summary = CASE kind WHEN 'signed' THEN summary - 'signers' ELSE summary END`,
      bytes: `coalesce(octet_length(personal_ciphertext), 0) + coalesce(octet_length(summary ->> 'signers'), 0)`,
    },
  ],
  bank_accounts: [
    {
      table: 'operation_command',
      old: `${hasBodies} AND credit_operation_key IN ${endedBefore}`,
      emptied: NO_BODIES,
      bytes: BODY_BYTES,
    },
    {
      table: 'proposal_command',
      old: `${hasBodies} AND proposal_id IN ${proposalsOf(endedBefore)}`,
      emptied: NO_BODIES,
      bytes: BODY_BYTES,
    },
    {
      table: 'operation_event',
      old: `refused_account_index IS NOT NULL AND credit_operation_key IN ${endedBefore}`,
      emptied: 'refused_account_index = NULL',
      bytes: 'octet_length(refused_account_index)',
    },
  ],
  raw_webhooks: [webhooks(`received_at < $1 AND NOT ${ofLoan}`)],
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
  saved_views: [
    {
      table: 'saved_view',
      old: `query ~ '(^|[?&])(borrower|employer)=' AND created_at < $1`,
      emptied: undefined,
      bytes: 'octet_length(query)',
    },
  ],
  // Last: what a loan's erasure has brought to nothing goes in the same run. A counter that counts nothing says what none says.
  exposure_counters: [
    {
      table: 'limit_use',
      old: `name IN ('per_borrower', 'per_employer') AND used = 0
        AND ${noAuctionSince('borrower_index')} AND ${noAuctionSince('employer_index')}`,
      emptied: undefined,
      bytes: 'octet_length(key)',
    },
  ],
} satisfies Readonly<Record<string, readonly ErasedTable[]>>;

export type RetentionClass = keyof typeof ERASED;
export const RETENTION_CLASSES = Object.keys(ERASED) as RetentionClass[];
