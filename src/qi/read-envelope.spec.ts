import { isJsonObject, parseJson, type JsonObject } from '../kernel';
import { readEnvelope } from './read-envelope';

function object(json: string): JsonObject {
  const value = parseJson(json);
  if (!isJsonObject(value)) throw new TypeError('not an object');
  return value;
}

test.each([
  ['bare', '{"webhook_type":"debt","key":"k"}', '{"webhook_type":"debt","key":"k"}'],
  ['wrapped', '{"webhook":{"webhook_type":"debt","key":"k"}}', '{"webhook_type":"debt","key":"k"}'],
  [
    'with company beside the wrapper',
    '{"webhook":{"key":"k"},"key":"o"}',
    '{"webhook":{"key":"k"},"key":"o"}',
  ],
  ['with a wrapper around no object', '{"webhook":[1]}', '{"webhook":[1]}'],
])('%s', (_, json, document) => {
  expect(readEnvelope(object(json)).document).toEqual(object(document));
});

test.each([
  ['event_datetime', '{"event_datetime":"2025-04-09 20:00:19"}', '2025-04-09 20:00:19'],
  ['event_time', '{"event_time":"2025-07-10 02:15:01"}', '2025-07-10 02:15:01'],
  ['a blank event_datetime beside event_time', '{"event_datetime":"","event_time":"t"}', 't'],
  ['neither', '{}', undefined],
])('the time of the event from %s', (_, json, eventAtText) => {
  expect(readEnvelope(object(json)).eventAtText).toBe(eventAtText);
});

test.each([
  ['the envelope', '{"status":"signed","data":{"status":"other"}}', 'signed'],
  ['data.status', '{"data":{"status":"won"}}', 'won'],
  ['data.reservation_status', '{"data":{"reservation_status":"pending"}}', 'pending'],
  ['nowhere', '{"data":{}}', undefined],
])('the status from %s', (_, json, status) => {
  expect(readEnvelope(object(json)).status).toBe(status);
});

test.each([
  ['balance_query', '{"data":{"balance_query":[]}}', 'federal_payroll_balance'],
  [
    'issuer_proposal_request_data',
    '{"data":{"issuer_proposal_request_data":{}}}',
    'laas.private_payroll_auction.new_issuer_proposal_request',
  ],
  ['collateral_constituted', '{"data":{"collateral_constituted":false}}', 'credit_operation.collateral'],
  ['ted_receipt_list', '{"data":{"ted_receipt_list":[]}}', 'debt'],
  ['nothing to tell by', '{"data":{"status":"won"}}', undefined],
  ['a type that is no text', '{"webhook_type":{},"data":{}}', undefined],
  ['a type of its own', '{"webhook_type":"new.type","data":{"balance_query":[]}}', 'new.type'],
])('the type of a webhook with %s', (_, json, type) => {
  expect(readEnvelope(object(json)).type).toBe(type);
});
