/**
 * Every encrypted column, and the SQL of what names its row: known before the ciphertext is made, unique, never changed.
 * A ciphertext is bound to both (docs/adr/bound-ciphertexts.md). The id of its key stands beside it: `x_key_id` for
 * `x_ciphertext`. These are older than that: in a database that was used before, `rotate-keys` binds them.
 */
const ONCE_UNBOUND = {
  'app_user.totp_ciphertext': 'id',
  'auction.personal_ciphertext': 'issuer_proposal_request_key',
  'invitation.totp_ciphertext': `encode(token_hash, 'hex')`,
  'notification_endpoint.former_secret_ciphertext': 'id',
  'notification_endpoint.secret_ciphertext': 'id',
  'operation.borrower_ciphertext': 'credit_operation_key',
  'operation_command.answer_ciphertext': 'id',
  'operation_command.body_ciphertext': 'id',
  'operation_event.personal_ciphertext': 'webhook_event_id',
  'policy_list_chunk.ciphertext': `sha256 || '/' || ordinal`,
  'webhook_event.raw_ciphertext': `encode(content_hash, 'hex')`,
} as const satisfies Readonly<Record<string, string>>;

/** Those that came since, bound from the first: their migration has the CHECK (`<table>_<x>_key_id_bound`). */
const ALWAYS_BOUND = {
  'mail_server.password_ciphertext': 'id',
  'proposal.borrower_ciphertext': 'id',
  'proposal_command.answer_ciphertext': 'id',
  'proposal_command.body_ciphertext': 'id',
  'proposal_event.personal_ciphertext': 'id',
} as const satisfies Readonly<Record<string, string>>;

export type EncryptedColumn = keyof typeof ONCE_UNBOUND | keyof typeof ALWAYS_BOUND;

/** Where a ciphertext lies: a column, or the cookie that a browser keeps while it signs in elsewhere. */
export type Place = EncryptedColumn | 'oidc cookie';

/** Whether a release may still run that knows the place and reads nothing bound. */
export function isReadByOlderReleases(place: Place): boolean {
  return !(place in ALWAYS_BOUND);
}

/** A column as SQL names it. */
export interface ColumnNames {
  readonly column: EncryptedColumn;
  readonly table: string;
  readonly data: string;
  readonly key: string;
  /** As text, what names the row. */
  readonly row: string;
  /** Of the constraint that lets no ciphertext in that is not bound; it stands once all are. */
  readonly constraint: string;
}

export const encryptedColumns: readonly ColumnNames[] = Object.entries({
  ...ONCE_UNBOUND,
  ...ALWAYS_BOUND,
}).map(([name, row]) => {
  const [table = '', data = ''] = name.split('.');
  const key = data.replace(/ciphertext$/, 'key_id');
  return {
    column: name as EncryptedColumn,
    table,
    data,
    key,
    row: `(${row})::text`,
    constraint: `${table}_${key}_bound`,
  };
});
