import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../kernel';
import type { ProposalRequest } from '../auction';
import { readProposalRequest } from './read-proposal-request';

function json(text: string): JsonValue {
  return parseJson(text);
}

function request(facts: string, around: { data?: string; envelope?: string } = {}): JsonObject {
  const document = json(
    `{"webhook_type":"t","key":"r-1","status":"ongoing"${around.envelope ?? ''},"data":{"issuer_proposal_request_key":"r-1"${
      around.data ?? ''
    },"issuer_proposal_request_data":${facts}}}`,
  );
  if (!isJsonObject(document)) throw new TypeError('not an object');
  return document;
}

function read(document: JsonObject): ProposalRequest {
  const reading = readProposalRequest(document);
  if (reading.kind !== 'read') throw new Error(reading.code);
  return reading.request;
}

const FACTS = 'data.issuer_proposal_request_data';
const paths = (from: ProposalRequest): readonly string[] => from.problems.map(({ path }) => path);

test('a request without any facts is read, with everything undefined', () => {
  const empty = read(request('{}'));
  expect(empty).toMatchObject({ key: 'r-1', status: 'ongoing', problems: [] });
  expect(empty.borrower).toEqual({
    name: undefined,
    cpf: undefined,
    birthDate: undefined,
    registration: undefined,
    politicalExposition: undefined,
  });
  expect(empty.employer).toEqual({ documentType: undefined, documentNumber: undefined });
  expect([empty.requestedAmount, empty.consignedCreditBalance, empty.alerts, empty.eligible]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each<[name: string, facts: string, pick: (from: ProposalRequest) => unknown, expected: unknown]>([
  ['amount, as printed', '{"disbursed_issue_amount":2100}', (r) => r.requestedAmount?.toFixed(), '2100'],
  ['amount, as in the table', '{"disbursed_amount":2100.5}', (r) => r.requestedAmount?.toFixed(), '2100.5'],
  [
    'amount under both names',
    '{"disbursed_amount":1,"disbursed_issue_amount":2}',
    (r) => r.requestedAmount?.toFixed(),
    '2',
  ],
  ['amount as text', '{"disbursed_issue_amount":"2100.00"}', (r) => r.requestedAmount?.toFixed(), '2100'],
  [
    'registration, as in the table',
    '{"issuer_registration_code":"A-1"}',
    (r) => r.borrower.registration?.reveal(),
    'A-1',
  ],
  [
    'registration as a number',
    '{"issuer_registration_number":12345678}',
    (r) => r.borrower.registration?.reveal(),
    '12345678',
  ],
  ['CPF with points', '{"document_number":"007.378.237-80"}', (r) => r.borrower.cpf?.reveal(), '00737823780'],
  ['CPF as a number', '{"document_number":737823780}', (r) => r.borrower.cpf?.reveal(), '00737823780'],
  ['CPF that fails its check', '{"document_number":"12345678900"}', (r) => r.borrower.cpf?.isValid, false],
  [
    'exposition in capitals',
    '{"political_exposition":"EXPOSED"}',
    (r) => r.borrower.politicalExposition,
    'exposed',
  ],
  ['no alerts', '{"alerts":[]}', (r) => r.alerts, []],
  ['alerts null', '{"alerts":null}', (r) => r.alerts, undefined],
  ['alerts "None"', '{"alerts":"None"}', (r) => r.alerts, undefined],
  ['instalments as text', '{"number_of_installments":"48"}', (r) => r.requestedInstallments, 48],
])('%s', (_, facts, pick, expected) => {
  const result = read(request(facts));
  expect(pick(result)).toEqual(expected);
  expect(result.problems).toEqual([]);
});

test.each([
  ['cnpj', '"29.113.956/0001-81"', '29113956000181'],
  ['CNPJ', '"29113956000181"', '29113956000181'],
  ['cnpj', '"12ABC34501DE35"', '12ABC34501DE35'],
  ['cnpj', '191', '00000000000191'],
  ['cpf', '"504.856.400-66"', '50485640066'],
  ['Cpf', '737823780', '00737823780'],
])('the employer %s %s', (type, number, documentNumber) => {
  const { employer, problems } = read(
    request(`{"employer_document_type":"${type}","employer_document_number":${number}}`),
  );
  expect(employer).toEqual({ documentType: type.toLowerCase(), documentNumber });
  expect(problems).toEqual([]);
});

test.each([
  ['"29113956000181"', '29113956000181'],
  ['"50485640066"', '50485640066'],
])('the employer %s without a type keeps its number and gets no type', (number, documentNumber) => {
  const { employer } = read(request(`{"employer_document_number":${number}}`));
  expect(employer).toEqual({ documentType: undefined, documentNumber });
});

test.each([
  ['cnpj', '"29113956"'],
  ['cnpj', '29113956'],
  ['cnpj', '"291139560001810"'],
  ['cpf', '"29113956000181"'],
  ['cnpj', '1.5'],
  ['cnpj', '{}'],
])('the employer %s %s is no document, and its root is not padded into another company', (type, number) => {
  const { employer, problems } = read(
    request(`{"employer_document_type":"${type}","employer_document_number":${number}}`),
  );
  expect(employer.documentNumber).toBeUndefined();
  expect(problems.map(({ path }) => path)).toEqual([`${FACTS}.employer_document_number`]);
});

test('an employer type that is neither is a problem, not a guess', () => {
  const result = read(request('{"employer_document_type":"caepf","employer_document_number":"123"}'));
  expect(result.employer).toEqual({ documentType: undefined, documentNumber: undefined });
  expect(paths(result)).toEqual([`${FACTS}.employer_document_type`, `${FACTS}.employer_document_number`]);
});

test('what cannot be read is undefined, named by its path and never quoted', () => {
  const result = read(
    request(
      `{"document_number":"secret","birth_date":"1990-02-30","admission_date":"10/03/2020","eligible":"true",
        "disbursed_issue_amount":"2.100,00","consigned_credit_balance":[],"number_of_installments":10.5,
        "name":{"first":"secret"},"alerts":{}}`,
    ),
  );
  expect(result).toMatchObject({
    borrower: { name: undefined, cpf: undefined, birthDate: undefined },
    admissionDate: undefined,
    eligible: undefined,
    requestedAmount: undefined,
    requestedInstallments: undefined,
    consignedCreditBalance: undefined,
    alerts: undefined,
  });
  expect([...paths(result)].sort()).toEqual(
    [
      'admission_date',
      'alerts',
      'birth_date',
      'consigned_credit_balance',
      'disbursed_issue_amount',
      'document_number',
      'eligible',
      'name',
      'number_of_installments',
    ].map((name) => `${FACTS}.${name}`),
  );
  expect(JSON.stringify(result.problems)).not.toMatch(/secret|1990|2\.100/);
});

describe('alerts', () => {
  const alertsOf = (text: string) => read(request(`{"alerts":${text}}`));

  it('normalises codes and keeps unknown types in lower case', () => {
    const { alerts, problems } = alertsOf('[{"alert_type":"Suspension","leave_reason_code":"3"}]');
    expect(alerts).toMatchObject([{ type: 'suspension', leaveReasonCode: '03' }]);
    expect(problems).toEqual([]);
  });

  it('does not lose an entry that cannot be read: it might be the one that forbids the loan', () => {
    const { alerts, problems } = alertsOf('["leave",{"alert_type":"leave","leave_end_date":"2025-02-30"}]');
    expect(alerts).toHaveLength(2);
    expect(alerts?.[0]).toMatchObject({ type: 'unknown' });
    expect(alerts?.[1]).toMatchObject({ type: 'leave', leaveEndDate: undefined });
    expect(problems.map(({ path }) => path)).toEqual([
      `${FACTS}.alerts[0]`,
      `${FACTS}.alerts[1].leave_end_date`,
    ]);
  });
});

describe('keys and statuses', () => {
  test.each([
    ['no key at all', '{"data":{}}', 'key_missing'],
    ['a key that is no identifier', '{"key":{},"data":{}}', 'key_missing'],
    ['two different keys', '{"key":"a","data":{"issuer_proposal_request_key":"b"}}', 'keys_disagree'],
  ])('%s', (_, text, code) => {
    const document = json(text);
    expect(isJsonObject(document) && readProposalRequest(document)).toEqual({ kind: 'unreadable', code });
  });

  it.each([
    ['the envelope alone', '{"key":"a"}'],
    ['data alone', '{"data":{"issuer_proposal_request_key":"a"}}'],
  ])('takes the key from %s', (_, text) => {
    const document = json(text);
    expect(isJsonObject(document) && readProposalRequest(document)).toMatchObject({ request: { key: 'a' } });
  });

  it('has no status when QI prints two', () => {
    const result = read(request('{}', { data: ',"status":"expired"' }));
    expect(result.status).toBeUndefined();
    expect(paths(result)).toEqual(['status']);
  });

  it('keeps the printed times as they are', () => {
    const result = read(
      request('{}', {
        envelope: ',"event_time":"2025-03-20T14:47:43Z"',
        data: ',"inclusion_limit_datetime":"2025-03-20T11:49:43Z","expiration_datetime":"whenever"',
      }),
    );
    expect(result).toMatchObject({
      eventAtText: '2025-03-20T14:47:43Z',
      inclusionLimitText: '2025-03-20T11:49:43Z',
      expirationText: 'whenever',
    });
  });
});
