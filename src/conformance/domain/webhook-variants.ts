import { isJsonObject, type JsonObject } from '../../kernel';

const ENVELOPE = ['webhook_type', 'key', 'status', 'event_datetime'];
const below = (base: string, members: readonly string[]) => members.map((member) => `${base}.${member}`);

/** The members of the two webhooks of an auction, as QI manual 003 (internal auction) prints them. */
export const PRINTED_MEMBERS = {
  proposalRequest: [
    ...ENVELOPE,
    ...below('data', [
      'issuer_proposal_request_key',
      'status',
      'expiration_datetime',
      'inclusion_limit_datetime',
    ]),
    ...below('data.issuer_proposal_request_data', [
      'name',
      'document_number',
      'birth_date',
      'disbursed_issue_amount',
      'number_of_installments',
      'consigned_credit_balance',
      'admission_date',
      'issuer_registration_number',
      'employer_document_number',
      'employer_document_type',
      'eligible',
      'political_exposition',
      'alerts',
    ]),
  ],
  auctionEnd: [
    ...ENVELOPE,
    ...below('data', [
      'auction_proposal_key',
      'status',
      'type',
      'rank_position',
      'signature_url',
      'credit_operation_key',
      'issuer_proposal_request_key',
    ]),
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * Where a webhook is not as printed: `wrapped` for one inside `{"webhook": ...}`, `+path` for a member more, `-path` for
 * one less. Values are not looked at; lists count as one member.
 */
export function variantsOf(received: JsonObject, printed: readonly string[]): string[] {
  const inner = received['webhook'];
  const isWrapped = isJsonObject(inner);
  const members = membersOf(isWrapped ? inner : received);
  return [
    ...(isWrapped ? ['wrapped'] : []),
    ...members.filter((path) => !printed.includes(path)).map((path) => `+${path}`),
    ...printed.filter((path) => !members.includes(path)).map((path) => `-${path}`),
  ];
}

function membersOf(object: JsonObject, base = ''): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const path = base === '' ? name : `${base}.${name}`;
    return isJsonObject(value) ? membersOf(value, path) : [path];
  });
}
