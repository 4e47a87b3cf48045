import { calendarDate, Cpf, Decimal, isJsonObject, parseJson, type JsonObject, type JsonValue } from '../../../src/kernel';
import type { PayrollIssueOrder, PayrollSimulationOrder } from '../../../src/origination';
import { readEnvelope, readMarginNews, WEBHOOK_TYPES } from '../../../src/qi';
import { PRINTED_SERVANT } from '../../support/printed-servant';
import { ourSide, startServer, within, type LoopbackServer } from './other-side';
import { payload, payloadText } from './payloads';

/** What the manual of federal payroll prints, over real HTTP, up to the debt. */
let server: LoopbackServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const desk = (changes = {}) => ourSide({ baseUrl: server.baseUrl }).federalPayroll(changes);
const permit = within(2_000);

const CPF = cpf('25256363506');
function cpf(digits: string): Cpf {
  const read = Cpf.parse(digits);
  if (read === undefined) throw new Error('not a CPF');
  return read;
}

/** What came over the wire, call by call. */
function received(): readonly { readonly call: string; readonly body: JsonObject }[] {
  return server.requests.map((request) => {
    const text = String(request.body);
    return {
      call: `${request.method} ${request.url}`,
      body: text === '' ? {} : (parseJson(text) as JsonObject),
    };
  });
}

/** A printed request with its placeholders filled in: `<CPF DO DEVEDOR>` and the like. */
function filled(name: string, values: Readonly<Record<string, string>>): JsonObject {
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return value.startsWith('<') ? (values[value] ?? value) : value;
    if (Array.isArray(value)) return value.map(fill);
    return isJsonObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each ?? null)]))
      : value;
  };
  return fill(payload(name)) as JsonObject;
}

const SIMULATION: PayrollSimulationOrder = {
  cpf: CPF,
  firstDueDate: calendarDate('2023-04-07'),
  installmentFaceValue: new Decimal(100),
  disbursementDate: calendarDate('2023-03-14'),
  limitDays: 3,
  numberOfInstallments: 2,
  monthlyInterestRate: new Decimal('0.0205'),
  rebates: [],
  refinanced: [],
};

const ORDER: PayrollIssueOrder = {
  controlKey: '3ed0744d-1f35-4688-aa65-739b8a3f9e89',
  cpf: CPF,
  person: {
    name: 'KAUAN RIBEIRO PEREIRA',
    mother_name: 'ANA RIBEIRO',
    birth_date: '1980-02-01',
    gender: 'male',
    nationality: 'brasileira',
    marital_status: 'married',
    is_pep: false,
    document_identification_number: '123456777',
    document_identification_type: 'rg',
    document_identification_date: '2022-08-01',
    email: 'kauan@example.com',
    phone: { country_code: '055', area_code: '61', number: '989073010' },
    address: {
      street: 'SQN 210',
      number: '10',
      complement: 'Bloco A',
      neighborhood: 'Asa Norte',
      city: 'Brasília',
      state: 'DF',
      postal_code: '70862010',
    },
  },
  account: {
    name: 'KAUAN RIBEIRO PEREIRA',
    document_number: '25256363506',
    bank_code: '104',
    account_type: 'checking_account',
    branch_number: '3880',
    account_number: '000736703806',
    account_digit: '1',
  },
  employment: { authorityCode: '17000', registrationCode: '12345678' },
  authority: 'teste',
  authorityDocumentNumber: '1234',
  reservationMethod: 'creation',
  firstDueDate: calendarDate('2022-12-07'),
  installmentFaceValue: new Decimal(100),
  disbursementDate: calendarDate('2022-11-03'),
  numberOfInstallments: 24,
  monthlyInterestRate: new Decimal('0.0205'),
  rebates: [],
  refinanced: [],
};
const OWN = {
  kind: 'own',
  operationKey: 'd2fd3f63-3d11-42a8-ab5c-9a84b5c58b6c',
  installment: new Decimal(100),
  dueBalance: new Decimal(900),
  dueNow: new Decimal(890),
} as const;
const INCOMING = {
  kind: 'incoming',
  contractNumber: '526985/WU',
  institutionDocumentNumber: '00000000000191',
  dueBalance: new Decimal('1200.50'),
  deadline: 60,
  installment: new Decimal(100),
} as const;

describe('what is sent', () => {
  it('asks for the margin of all links as the manual prints it', async () => {
    await desk().queryBalance(cpf('3137300088'), undefined, permit);
    expect(received()).toEqual([
      {
        call: 'POST /federal_payroll/balance',
        body: filled('federal-payroll/01-request-balance-query', { '<CPF SERVIDOR>': '03137300088' }),
      },
    ]);
  });

  it('asks for the margin of one link as the newer page has it', async () => {
    await desk().queryBalance(CPF, ORDER.employment, permit);
    expect(received()[0]?.body).toEqual({
      document_number: '25256363506',
      authority_code: '17000',
      registration_code: '12345678',
    });
  });

  it('simulates as the manual prints it', async () => {
    await desk().simulate(SIMULATION, permit);
    expect(received()).toEqual([
      { call: 'POST /debt_simulation', body: payload('federal-payroll/06-request-debt-simulation') },
    ]);
  });

  it('asks for a new credit as the manual prints it', async () => {
    await desk().issue(ORDER, permit);
    expect(received()).toEqual([
      { call: 'POST /debt', body: filled('federal-payroll/08-request-debt-issue-new-credit', PRINTED_SERVANT) },
    ]);
  });

  it('asks for a refinancing of a contract of our own as the manual prints it', async () => {
    await desk().issue({ ...ORDER, reservationMethod: 'issuing', refinanced: [OWN] }, permit);
    expect(received()).toEqual([
      { call: 'POST /debt', body: filled('federal-payroll/09-request-debt-issue-refinancing', PRINTED_SERVANT) },
    ]);
  });

  it('names a contract of another institution by what its statement says', async () => {
    await desk().issue({ ...ORDER, reservationMethod: 'issuing', refinanced: [INCOMING] }, permit);
    expect(received()[0]?.body).toMatchObject({
      modality: { code: '0202' },
      refinanced_credit_operations: [
        {
          original_contract_number: '526985/WU',
          original_financial_institution_document_number: '00000000000191',
          due_balance: new Decimal('1200.50'),
          original_deadline: new Decimal(60),
        },
      ],
    });
  });

  it('pays a refinancing to an account at QI where that is set, and signs a portability in an envelope', async () => {
    const answers: Readonly<Record<string, object>> = {
      '/account': { account_branch: '0001', account_number: '7654321', account_digit: '9' },
      '/document/document_batch': { document_batch_key: 'b-1' },
    };
    server.behave(({ url }) => ({ body: JSON.stringify(answers[url] ?? {}) }));
    const both = { refinancing_account: 'internal', batch_signature: true };
    await desk(both).issue({ ...ORDER, refinanced: [INCOMING] }, permit);
    const [account, batch, debt] = received();
    expect(account).toEqual({
      call: 'POST /account',
      body: { owner_document_number: '25256363506', owner_name: 'KAUAN RIBEIRO PEREIRA' },
    });
    expect(batch).toMatchObject({
      call: 'POST /document/document_batch',
      body: { type: 'federal_payroll_external_batch', request_control_key: ORDER.controlKey },
    });
    expect(debt?.body).toMatchObject({
      document_batch_key: 'b-1',
      disbursement_bank_account: { bank_code: '329', branch_number: '0001', account_number: '7654321' },
    });
  });

  it('makes no debt when what goes before it is refused, or cannot be read', async () => {
    const internal = desk({ refinancing_account: 'internal' });
    server.behave(() => ({ status: 400, body: '{"code":"QIT000001"}' }));
    expect(await internal.issue({ ...ORDER, refinanced: [OWN] }, permit)).toMatchObject({ kind: 'rejected' });
    server.behave(() => ({ body: '{}' }));
    // Nor is a yes to what goes before it one to the debt.
    const open = { kind: 'unknown', httpStatus: undefined };
    expect(await internal.issue({ ...ORDER, refinanced: [OWN] }, permit)).toMatchObject(open);
    server.behave((_request, socket) => {
      socket.end('HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{"ac');
      return undefined;
    });
    expect(await internal.issue({ ...ORDER, refinanced: [OWN] }, permit)).toMatchObject(open);
    expect(received().map(({ call }) => call)).toEqual(['POST /account', 'POST /account', 'POST /account']);
    server.behave(() => ({ body: '{}' }));
    const enveloped = desk({ batch_signature: true }).issue({ ...ORDER, refinanced: [INCOMING] }, permit);
    expect(await enveloped).toMatchObject(open);
  });

  it('names the rebates of the fee table in the simulation and in the debt, as a proposal of the auction does', async () => {
    const rebates = [{ feeType: 'spread', amountType: 'percentage', amount: new Decimal('4.17') }] as const;
    await desk().simulate({ ...SIMULATION, rebates }, permit);
    await desk().issue({ ...ORDER, rebates }, permit);
    const named = { rebates: [{ fee_type: 'spread', amount_type: 'percentage', amount: new Decimal('4.17') }] };
    const bodies = server.requests.map(({ body }) => parseJson(String(body)));
    expect(bodies).toMatchObject([{ financial: named }, { financial: named }]);
  });

  it('pays by PIX key where there is one', async () => {
    const { name, document_number } = ORDER.account;
    await desk().issue({ ...ORDER, account: { name, document_number, pix_key: document_number } }, permit);
    expect(received()[0]?.body['disbursement_bank_account']).toEqual({
      pix_transfer_type: 'key',
      pix_key: '25256363506',
      name,
      document_number,
    });
  });

  it('looks for a debt under our own key', async () => {
    await desk().findIssued(ORDER.controlKey, 2_000);
    expect(received()[0]?.call).toBe(`GET /debt?requester_identifier_key=${ORDER.controlKey}`);
  });
});

describe('what is read', () => {
  it('the key of a query', () => {
    const printed = payloadText('federal-payroll/02-response-balance-query-pending-search');
    expect(desk().balanceKeyIn(printed)).toBe('<GUID DA CONSULTA DA MARGEM CONSIGNÁVEL>');
    expect(desk().balanceKeyIn('{}')).toBeUndefined();
  });

  it('the figures of each day of a simulation', () => {
    const read = desk().simulationIn(payloadText('federal-payroll/07-response-debt-simulation-finished'));
    expect(read).toMatchObject({
      finalDisbursementAmount: new Decimal('191.49'),
      options: [
        {
          disbursementDate: '2023-03-14',
          issueAmount: new Decimal('194.8'),
          disbursedIssueAmount: new Decimal('191.49'),
          totalIof: new Decimal('1.36'),
          monthlyCet: new Decimal('0.0346'),
          periods: [
            { dueDate: '2023-04-07', amount: new Decimal(100) },
            { dueDate: '2023-05-07', amount: new Decimal(100) },
          ],
        },
      ],
    });
  });

  it.each(['{}', '{"data":{}}', '{"data":{"disbursement_options":[{"disbursement_date":"2026-11-30"}]}}', '<html>'])(
    'no simulation out of %s',
    (body) => {
      expect(desk().simulationIn(body)).toBeUndefined();
    },
  );

  it('the debt that QI has made, on each of its days', () => {
    const debt = desk().issuedIn(payloadText('federal-payroll/10-response-debt-issue-waiting-signature'));
    if (debt === undefined || debt === 'none') throw new Error('no debt');
    expect(debt.creditOperationKey).toBe('<DEBT-KEY>');
    expect(debt.options.map(({ disbursementDate, monthlyCet }) => [disbursementDate, monthlyCet?.toFixed()])).toEqual([
      ['2022-11-03', '0.019544'],
      ['2022-11-04', '0.019544'],
      ['2022-11-05', '0.019544'],
      ['2022-11-06', '0.019544'],
    ]);
  });
});

describe('a webhook of a margin query', () => {
  const LOAN_ONLY = {
    authorityCode: '17000',
    registrationCode: '12345678',
    pensionerRegistrationCode: undefined,
    authority: 'MINISTERIO DA ECONOMIA',
    authorityDocumentNumber: '29132934000134',
    isAuthorized: true,
    relationship: 'attendant',
    classification: 'stable',
    situation: 'EST01-PERMANENT ACTIVE',
    pensionType: undefined,
    pensionEndsOn: undefined,
    available: new Decimal('4277.78'),
    consigned: undefined,
    cardAvailable: undefined,
    authorizedUntil: '2023-03-14',
  };
  const parsed = (text: string) => readMarginNews(parseJson(text) as JsonObject);
  const link = (more: string) =>
    parsed(`{"key":"k","status":"succeeded","data":{"balance_query":[
      {"registration_code":"1","authority":{"code":"17000"},${more}}]}}`);

  it.each([
    ['federal-payroll/03-webhook-balance-success-loan-only', LOAN_ONLY],
    ['federal-payroll/04-webhook-balance-success-loan-and-card', { ...LOAN_ONLY, cardAvailable: new Decimal('718.26') }],
  ])('%s says what of each link is free', (name, expected) => {
    expect(readMarginNews(payload(name))).toEqual({
      kind: 'read',
      key: '<BALANCE-KEY>',
      news: {
        kind: 'received',
        snapshot: { product: 'federal_payroll', referenceDate: '2019-10-21', links: [expected] },
      },
    });
    expect(readEnvelope(payload(name)).type).toBe(WEBHOOK_TYPES.federalPayrollBalance);
  });

  it.each([
    ['2026-11-28T01:30:00Z', '2026-11-27'],
    ['2026-11-28 01:30:00', '2026-11-27'],
    ['2026-11-28', '2026-11-28'],
    ['soon', undefined],
  ])('of %s is of the day that it was in São Paulo: %s', (printed, referenceDate) => {
    const text = `{"key":"k","status":"succeeded","data":{"reference_date":"${printed}","balance_query":[
      {"registration_code":"1","authority":{"code":"17000"}}]}}`;
    expect(parsed(text)).toMatchObject({ news: { snapshot: { referenceDate } } });
  });

  it('federal-payroll/05-webhook-balance-failure says why there is none', () => {
    expect(readMarginNews(payload('federal-payroll/05-webhook-balance-failure'))).toMatchObject({
      news: { kind: 'refused', code: 'unauthorized_institution' },
    });
  });

  it('in its flat form says in the same names what is used, and the margin beside it', () => {
    const flat = `"available_balance":812.4,"authority_code":"17000","registration_code":"1354387",
      "employment_relationship":"active","consigned_credit":1250.1,"consigned_card":0`;
    for (const data of [`{"balance_query":[{${flat}}]}`, `{${flat}}`]) {
      const reading = parsed(
        `{"webhook_type":"federal_payroll.balance","key":"k","status":"succeeded","data":${data}}`,
      );
      expect(reading).toMatchObject({
        news: {
          snapshot: {
            links: [
              {
                authorityCode: '17000',
                registrationCode: '1354387',
                isAuthorized: true,
                available: new Decimal('812.4'),
                consigned: new Decimal('1250.1'),
                cardAvailable: undefined,
                authorizedUntil: undefined,
              },
            ],
          },
        },
      });
    }
  });

  it.each([
    ['a number alone', '"consigned_credit":500', undefined],
    ['a number in text', '"consigned_credit":"500","available_balance":300', undefined],
    ['a list', '"consigned_credit":[1],"available_balance":300', undefined],
    ['nothing', '"employment_relationship":"active"', undefined],
    ['two that contradict each other', '"consigned_credit":{"available_balance":500},"available_balance":300', undefined],
    ['two that agree', '"consigned_credit":{"available_balance":300.0},"available_balance":300', '300'],
  ])('that says %s of the loan takes nothing for free that is not', (_, more, free) => {
    const reading = link(more);
    if (reading.kind !== 'read' || reading.news.kind !== 'received') throw new Error('not read');
    const { snapshot } = reading.news;
    if (snapshot.product !== 'federal_payroll') throw new Error('not a margin');
    expect(snapshot.links[0]?.available?.toFixed()).toBe(free);
  });

  it('without any employment is refused in the words for it', () => {
    expect(parsed('{"key":"k","status":"success","data":{"balance_query":[]}}')).toMatchObject({
      news: { kind: 'refused', code: 'inexistent_relationship' },
    });
  });

  it.each([
    ['{"status":"success","data":{"balance_query":[]}}', 'key_missing'],
    ['{"key":"k","status":"success","data":{}}', 'content_unclear'],
    ['{"key":"k","status":"success","data":{"balance_query":[{"registration_code":"1"}]}}', 'content_unclear'],
    ['{"key":"k","status":"pending_search"}', 'status_unknown'],
  ])('%s cannot be read', (text, code) => {
    expect(parsed(text)).toEqual({ kind: 'unreadable', code });
  });
});
