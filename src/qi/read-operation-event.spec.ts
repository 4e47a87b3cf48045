import fc from 'fast-check';
import { Decimal, isJsonObject, parseJson, Personal, type JsonObject, type JsonValue } from '../kernel';
import type { OperationEvent } from '../operation/domain';
import { readAuctionEnd } from './read-auction-end';
import { readEnvelope } from './read-envelope';
import { readOperationEvent, type OperationEventReading } from './read-operation-event';
import { readProposalRequest } from './read-proposal-request';
import { OPERATION_WEBHOOK_TYPES, WEBHOOK_TYPES } from './webhook-types';

function read(text: string): OperationEventReading {
  const document = parseJson(text);
  if (!isJsonObject(document)) throw new TypeError('not an object');
  return readOperationEvent(document);
}

function webhook(type: string, rest: string): OperationEventReading {
  return read(`{"webhook_type":"${type}","key":"o-1",${rest}}`);
}

const event = (reading: OperationEventReading): unknown =>
  reading.kind === 'read' ? reading.event : reading;
const unreadable = (code: string) => ({ kind: 'unreadable', code });

describe('laas.credit_operation.status_change', () => {
  const statusChange = (rest: string) => event(webhook(WEBHOOK_TYPES.creditOperation, rest));

  test.each([
    [
      'signed without anything else',
      '"status":"signed"',
      { kind: 'signed', evidence: { signers: [], hasSignedContract: false } },
    ],
    [
      'canceled with code and prose',
      '"status":"canceled","data":{"cancel_reason":"Prosa","cancel_reason_enumerator":"liveness"}',
      { kind: 'signature_failed', failure: { code: 'liveness', reason: 'Prosa' } },
    ],
    [
      'canceled with prose only',
      '"status":"canceled","data":{"cancel_reason":"Prosa livre"}',
      { kind: 'signature_failed', failure: { code: 'unspecified', reason: 'Prosa livre' } },
    ],
    [
      'canceled with one word of prose',
      '"status":"canceled","data":{"cancel_reason":"expirado"}',
      { kind: 'signature_failed', failure: { code: 'unspecified', reason: 'expirado' } },
    ],
    [
      'canceled without a reason',
      '"status":"canceled"',
      { kind: 'signature_failed', failure: { code: 'unspecified' } },
    ],
    ['another status', '"status":"draft"', unreadable('status_unknown')],
    ['no status', '"data":{}', unreadable('status_unknown')],
  ])('%s', (_, rest, expected) => {
    expect(statusChange(rest)).toEqual(expected);
  });

  it('reads signers wherever they stand, whatever they lack', () => {
    const signers = '[{"biometry":{"face_validation":{"score":"79.5"}}},{},7]';
    for (const rest of [
      `"status":"signed","signers":${signers}`,
      `"status":"signed","data":{"signers":${signers}}`,
    ]) {
      expect(statusChange(rest)).toMatchObject({
        evidence: { signers: [{ faceValidationScore: new Decimal('79.5') }, {}, {}] },
      });
    }
  });

  it('does not believe a flag in quotes', () => {
    const reading = webhook(
      WEBHOOK_TYPES.creditOperation,
      '"status":"signed","signers":[{"biometry":{"fraud_base_flag":"false"}}]',
    );
    expect(reading).toMatchObject({
      event: { evidence: { signers: [{ fraudBaseFlag: undefined }] } },
      problems: [{ path: 'signers[0].biometry.fraud_base_flag', problem: 'is not true or false' }],
    });
  });
});

test.each([
  ['pending_requester_authorization', { kind: 'authorization_requested' }],
  ['PENDING_REQUESTER_AUTHORIZATION', { kind: 'authorization_requested' }],
  ['pending_reservation', { kind: 'reservation_waiting', status: 'pending_reservation' }],
  ['authorized', { kind: 'noted', what: 'authorized' }],
  ['reserved', { kind: 'noted', what: 'reserved' }],
  ['canceled', { kind: 'noted', what: 'canceled' }],
  ['transferred', { kind: 'noted', what: 'transferred' }],
  ['terminated', { kind: 'noted', what: 'terminated' }],
  ['suspended', unreadable('status_unknown')],
])('laas.private_payroll.reservation_status_change %s', (status, expected) => {
  for (const rest of [`"status":"${status}"`, `"data":{"reservation_status":"${status}"}`]) {
    expect(event(webhook(WEBHOOK_TYPES.reservation, rest))).toEqual(expected);
  }
});

test.each(['"status":"pending_requester_authorization"', '"status":"pending_reservation"', '"data":{}'])(
  'laas.private_payroll.renewed_reservation with %s is news, and asks nothing of the loan itself',
  (rest) => {
    expect(event(webhook(WEBHOOK_TYPES.renewedReservation, rest))).toEqual({
      kind: 'noted',
      what: 'renewed_reservation',
    });
  },
);

test('two reservation statuses at once are none', () => {
  const rest = '"status":"pending_requester_authorization","data":{"reservation_status":"reserved"}';
  expect(webhook(WEBHOOK_TYPES.reservation, rest)).toEqual(unreadable('statuses_disagree'));
});

test.each([
  [
    'its reasons',
    '[{"enumerator":"margin_exceeded","description":"Margem"},{"enumerator":"employment_relationship_blocked"}]',
    {
      kind: 'reservation_refused',
      failures: [{ code: 'margin_exceeded', reason: 'Margem' }, { code: 'employment_relationship_blocked' }],
    },
  ],
  [
    'a reason without a code',
    '[{"description":"Sem código"}]',
    { kind: 'reservation_refused', failures: [{ code: 'unspecified', reason: 'Sem código' }] },
  ],
  ['no reasons', '[]', { kind: 'reservation_refused', failures: [] }],
  ['reasons that are no list', '"margin_exceeded"', { kind: 'reservation_refused', failures: [] }],
])('laas.private_payroll.reservation_failure with %s', (_, reasons, expected) => {
  const rest = `"status":"pending_reservation","data":{"reservation_key":"x","reasons":${reasons}}`;
  expect(event(webhook(WEBHOOK_TYPES.reservationFailure, rest))).toEqual(expected);
});

describe('credit_operation.collateral', () => {
  const refused = (code: string) => ({ kind: 'reservation_refused', failures: [{ code }] });
  test.each([
    ['true alone', '{"collateral_constituted":true}', { kind: 'reservation_confirmed' }],
    [
      'true with errors of an earlier attempt',
      '{"collateral_constituted":true,"collateral_data":{"last_response":{"errors":[{"enumerator":"margin_exceeded"}]}}}',
      { kind: 'reservation_confirmed' },
    ],
    [
      'false with errors',
      '{"collateral_constituted":false,"collateral_data":{"status":"pending_reservation","last_response":{"errors":[{"enumerator":"margin_exceeded"}]}}}',
      refused('margin_exceeded'),
    ],
    [
      'false with a code we do not know',
      '{"collateral_constituted":false,"collateral_data":{"last_response":{"errors":[{"enumerator":"brand_new"}]}}}',
      refused('brand_new'),
    ],
    [
      'false with prose for a code',
      '{"collateral_constituted":false,"collateral_data":{"last_response":{"errors":[{"enumerator":"Margem excedida!"}]}}}',
      refused('unspecified'),
    ],
    [
      'false with an error that is text',
      '{"collateral_constituted":false,"collateral_data":{"last_response":{"errors":["margin_exceeded"]}}}',
      refused('unspecified'),
    ],
    [
      'false and pending',
      '{"collateral_constituted":false,"collateral_data":{"status":"pending_reservation","last_response":{"errors":[]}}}',
      { kind: 'reservation_waiting', status: 'pending_reservation' },
    ],
    [
      'false and waiting for consent',
      '{"collateral_constituted":false,"collateral_data":{"reservation_status":"pending_consent"}}',
      { kind: 'reservation_waiting', status: 'pending_consent' },
    ],
    [
      'false and waiting with deletion',
      '{"collateral_constituted":false,"collateral_data":{"reservation_status":"pending_consent_with_deletion"}}',
      { kind: 'reservation_waiting', status: 'pending_consent_with_deletion' },
    ],
    [
      'FGTS, false and pending',
      '{"collateral_type":"fgts_balance","collateral_constituted":false,"collateral_data":{"reservation_request_status":"pending","error_message":"None"}}',
      { kind: 'reservation_waiting', status: 'pending' },
    ],
    [
      'false with an error in words',
      '{"collateral_constituted":false,"collateral_data":{"reservation_request_status":"pending","error_message":"Erro"}}',
      unreadable('content_unclear'),
    ],
    [
      'false and failed, the reason beside the status',
      '{"collateral_constituted":false,"collateral_data":{"reservation_status":"failure","enumerator":"consent_refused","description":"Recusada"}}',
      { kind: 'reservation_refused', failures: [{ code: 'consent_refused', reason: 'Recusada' }] },
    ],
    [
      'false and failed without a reason',
      '{"collateral_constituted":false,"collateral_data":{"reservation_status":"failure"}}',
      { kind: 'reservation_refused', failures: [] },
    ],
    [
      'false and deleted',
      '{"collateral_constituted":false,"collateral_data":{"reservation_status":"deleted"}}',
      { kind: 'margin_released' },
    ],
    [
      'false and deleted, which is said like a failure',
      '{"collateral_constituted":false,"collateral_data":{"reservation_status":"failure","enumerator":"successfully_deleted"}}',
      { kind: 'margin_released' },
    ],
    ['false and nothing else', '{"collateral_constituted":false}', unreadable('content_unclear')],
    [
      'false and reserved',
      '{"collateral_constituted":false,"collateral_data":{"status":"reserved"}}',
      unreadable('content_unclear'),
    ],
    ['"true" in quotes', '{"collateral_constituted":"true"}', unreadable('content_unclear')],
    ['no flag', '{"collateral_type":"private_payroll"}', unreadable('content_unclear')],
  ])('%s', (_, data, expected) => {
    expect(event(webhook(WEBHOOK_TYPES.collateral, `"data":${data}`))).toEqual(expected);
  });

  test.each([
    ['private_payroll', 'private_payroll'],
    ['federal_payroll', 'federal_payroll'],
    ['fgts', 'fgts'],
    ['fgts_balance', 'fgts'],
    ['house', undefined],
  ])('a collateral of type %s is of the product %s', (type, product) => {
    expect(
      webhook(WEBHOOK_TYPES.collateral, `"data":{"collateral_type":"${type}","collateral_constituted":true}`),
    ).toMatchObject({ product });
  });
});

test.each([
  ['"status":"pending_fund","reversal":{"amount":100}', { kind: 'noted', what: 'reversal_pending_fund' }],
  ['"reversal":{"status":"pending_fund"}', { kind: 'noted', what: 'reversal_pending_fund' }],
  ['"reversal":{}', unreadable('status_unknown')],
])('reversal with %s', (rest, expected) => {
  expect(event(webhook(WEBHOOK_TYPES.reversal, rest))).toEqual(expected);
});

describe('debt', () => {
  test.each([
    ['canceled_permanently', '', { kind: 'canceled_permanently' }],
    ['cancel_permanently', '', { kind: 'canceled_permanently' }],
    ['signature_finished', '', { kind: 'signed', evidence: { signers: [], hasSignedContract: false } }],
    ['waiting_signature', '', { kind: 'noted', what: 'waiting_signature' }],
    ['signature_received', '', { kind: 'noted', what: 'signature_received' }],
    ['signed', '', { kind: 'noted', what: 'signed' }],
    ['settled', '', { kind: 'noted', what: 'settled' }],
    ['disbursed', '', { kind: 'disbursed', payments: [], installments: [] }],
    [
      'canceled',
      ',"data":{"cancel_reason":"Disbursed amount was refunded","cancel_reason_enumerator":"disbursed_amount_refunded"}',
      { kind: 'refunded' },
    ],
    [
      'canceled',
      ',"data":{"cancel_reason":"ted_refusal"}',
      { kind: 'disbursement_failed', failure: { code: 'ted_refusal' }, refusal: {} },
    ],
    [
      'canceled',
      ',"data":{"cancel_reason":"pix_refusal","pix_refusal":{"reason":"Motivo"}}',
      { kind: 'disbursement_failed', failure: { code: 'pix_refusal', reason: 'Motivo' }, refusal: {} },
    ],
    // The bank's words without the person they are about.
    [
      'canceled',
      ',"data":{"cancel_reason":"ted_refusal","ted_refusal":{"reason":"conta 0012345 de JOÃO (SÓ) recusada","destination":{"name":"João (Só)","account_number":"0012345","document":""}}}',
      {
        kind: 'disbursement_failed',
        failure: { code: 'ted_refusal', reason: 'conta *** de *** recusada' },
        // Enough to know that it is not the other one.
        refusal: {
          account: { bank: null, branch: null, number: '***345' },
          accountNumber: Personal.text('12345'),
        },
      },
    ],
    [
      'canceled',
      ',"data":{"cancel_reason":"pix_refusal","pix_refusal":"text"}',
      { kind: 'disbursement_failed', failure: { code: 'pix_refusal' }, refusal: {} },
    ],
    ['canceled', '', { kind: 'disbursement_failed', failure: { code: 'unspecified' } }],
    ['exploded', '', unreadable('status_unknown')],
  ])('%s%s', (status, rest, expected) => {
    expect(event(webhook(WEBHOOK_TYPES.debt, `"status":"${status}"${rest}`))).toEqual(expected);
  });

  it('reads of the account that refused a payment its number and digit, without left zeros', () => {
    const destination = '{"branch":"0001","account_number":"0055500","account_digit":"7"}';
    const reading = event(
      webhook(
        WEBHOOK_TYPES.debt,
        `"status":"canceled","data":{"cancel_reason":"ted_refusal","ted_refusal":{"destination":${destination}}}`,
      ),
    ) as Extract<OperationEvent, { kind: 'disbursement_failed' }>;
    expect(reading.refusal?.accountNumber?.reveal()).toBe('555007');
    expect(JSON.stringify(reading)).not.toContain('55500');
  });

  it('reads a payment and an instalment for what can be read of them', () => {
    const data =
      '{"ted_receipt_list":[{"amount":"1,5"},{}],"installments":[{"total_amount":"180.75","due_date":"2026-02-30"}]}';
    const reading = webhook(WEBHOOK_TYPES.debt, `"status":"disbursed","data":${data}`);
    expect(reading).toMatchObject({
      event: {
        payments: [{ amount: undefined }, {}],
        installments: [{ totalAmount: new Decimal('180.75') }],
      },
      problems: [{ path: 'data.ted_receipt_list[0].amount' }, { path: 'data.installments[0].due_date' }],
    });
  });
});

test.each([
  ['an unknown type', '{"webhook_type":"brand.new","key":"o-1"}', unreadable('type_unknown')],
  ['no type', '{"key":"o-1","status":"signed"}', unreadable('type_unknown')],
  [
    'a type that every object inherits',
    '{"webhook_type":"constructor","key":"o-1"}',
    unreadable('type_unknown'),
  ],
  ['no key', '{"webhook_type":"debt","status":"disbursed"}', unreadable('key_missing')],
])('%s', (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

/** Any JSON object, the names of QI's fields among its own and whole decimals among its numbers. */
const qiNames = fc.constantFrom(
  ...['webhook', 'webhook_type', 'key', 'status', 'data', 'signers', 'biometry', 'face_validation', 'alerts'],
  ...[
    'issuer_proposal_request_data',
    'issuer_proposal_request_key',
    'document_number',
    'birth_date',
    'alert_type',
  ],
  ...['employer_document_type', 'employer_document_number', 'leave_reason_code', 'disbursed_issue_amount'],
  ...['collateral_constituted', 'collateral_data', 'last_response', 'errors', 'enumerator', 'cancel_reason'],
  ...[
    'ted_receipt_list',
    'installments',
    'amount',
    'due_date',
    'reasons',
    'credit_operation_key',
    '__proto__',
  ],
);
const qiWords = fc.constantFrom(
  ...OPERATION_WEBHOOK_TYPES,
  ...[
    'signed',
    'canceled',
    'disbursed',
    'won',
    'cnpj',
    'cpf',
    'leave',
    'None',
    '',
    '2025-02-30',
    '1,5',
    '\0',
  ],
);
const { document: anyDocument } = fc.letrec<{ document: JsonObject; value: JsonValue }>((tie) => ({
  document: fc.dictionary(fc.oneof(qiNames, fc.string()), tie('value'), {
    maxKeys: 8,
    noNullPrototype: true,
  }),
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.oneof(qiWords, fc.string()),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => new Decimal(number)),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('document'),
  ),
}));

test('no JSON object makes a reader throw', () => {
  fc.assert(
    fc.property(anyDocument, fc.constantFrom(...OPERATION_WEBHOOK_TYPES), (document, type) => {
      readEnvelope(document);
      readProposalRequest(document);
      readAuctionEnd(document);
      readOperationEvent(document);
      readOperationEvent({ ...document, webhook_type: type, key: 'o-1' });
    }),
    { numRuns: 2_000 },
  );
});
