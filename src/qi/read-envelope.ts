import { isJsonObject, type JsonObject } from '../kernel';
import type { Envelope } from '../inbox';
import { Fields } from './fields';
import { WEBHOOK_TYPES } from './webhook-types';

/** Members of `data` that one type alone has. QI's manual prints one webhook without `webhook_type`. */
const TELL_TALES: readonly (readonly [member: string, type: string])[] = [
  ['balance_query', WEBHOOK_TYPES.federalPayrollBalance],
  ['consigned_credit', WEBHOOK_TYPES.federalPayrollBalance],
  ['issuer_proposal_request_data', WEBHOOK_TYPES.proposalRequest],
  ['collateral_constituted', WEBHOOK_TYPES.collateral],
  ['ted_receipt_list', WEBHOOK_TYPES.debt],
];

/**
 * Takes a webhook out of whichever envelope QI used: bare, or alone inside `{"webhook": {...}}`.
 * Nothing is judged here: what cannot be read is undefined and the document stays complete.
 */
export function readEnvelope(received: JsonObject): Envelope {
  const document = unwrap(received);
  const fields = new Fields(document);
  const data = fields.child('data');
  return {
    type: fields.key('webhook_type') ?? typeByShape(data),
    key: fields.key('key'),
    status: fields.key('status') ?? data.key('status', 'reservation_status'),
    eventAtText: fields.text('event_datetime', 'event_time'),
    document,
  };
}

function unwrap(received: JsonObject): JsonObject {
  const { webhook, ...others } = received;
  return isJsonObject(webhook) && Object.keys(others).length === 0 ? webhook : received;
}

function typeByShape(data: Fields): string | undefined {
  return TELL_TALES.find(([member]) => data.has(member))?.[1];
}
