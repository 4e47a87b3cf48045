import { calendarDate, Cpf, Decimal, parseJson, stringifyJson, type JsonObject } from '../../../src/kernel';
import type { FgtsIssueOrder, FgtsSimulationOrder } from '../../../src/origination';
import { readBalanceNews } from '../../../src/qi';
import { keyPair, ourSide, startServer, within, type LoopbackServer } from './other-side';
import { payload, payloadText } from './payloads';

const CPF = cpf('46338864879');
const KEY = '7521981f-0b06-43d2-9a75-d3a1f215fbbf';

let server: LoopbackServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const desk = () => ourSide({ baseUrl: server.baseUrl }).fgts;
const permit = within(2_000);

function cpf(digits: string): Cpf {
  const read = Cpf.parse(digits);
  if (read === undefined) throw new Error('not a CPF');
  return read;
}

/** What came over the wire, one request. */
function received(): { readonly call: string; readonly body: JsonObject } {
  const [request] = server.requests;
  if (request === undefined || server.requests.length > 1) throw new Error('not one request');
  const text = String(request.body);
  return {
    call: `${request.method} ${request.url}`,
    body: text === '' ? {} : (parseJson(text) as JsonObject),
  };
}

const period = (day: string, amount: string) => ({ dueDate: calendarDate(day), amount: new Decimal(amount) });

const SIMULATION: FgtsSimulationOrder = {
  cpf: CPF,
  periods: [period('2023-10-01', '5448.42'), period('2024-10-01', '2811.86')],
  target: undefined,
  annualInterestRate: new Decimal('0.274223'),
  rebates: [],
  disbursementDate: calendarDate('2023-06-30'),
};

const ORDER: FgtsIssueOrder = {
  controlKey: 'b3c5b9a2-63a7-4a7d-8a52-0d9b9a5b1c11',
  cpf: CPF,
  person: {
    name: 'PATRICIA APARECIDA DO NASCIMENTO PEREIRA DA SILVA',
    mother_name: 'HELENA DO NASCIMENTO PEREIRA DA SILVA',
    birth_date: '1997-10-28',
    profession: 'Outros',
    nationality: 'brasileira',
    marital_status: 'married',
    is_pep: false,
    document_identification_number: '46338864879',
    document_identification_type: 'rg',
    document_identification_date: '2023-12-29',
    document_identification: '494598fd-c226-4332-a500-591ae3884673',
    document_identification_back: '494598fd-c226-4332-a500-591ae3884673',
    email: 'naotem@gmail.com',
    phone: { country_code: '055', area_code: '11', number: '989073010' },
    address: {
      street: 'Rua José Castrioto',
      state: 'SP',
      city: 'São José dos Campos',
      neighborhood: 'Parque Nova Esperança',
      number: '147',
      postal_code: '12226160',
      complement: 'CASA',
    },
  },
  account: {
    ispb_number: '18236120',
    branch_number: '1',
    account_number: '87823171',
    account_digit: '0',
    document_number: '46338864879',
    name: 'PATRICIA APARECIDA DO NASCIMENTO PEREIRA DA SILVA',
  },
  periods: [period('2024-05-02', '1758.2')],
  monthlyInterestRate: new Decimal('0.018'),
  rebates: [],
  issueDate: calendarDate('2024-01-17'),
  disbursementFrom: calendarDate('2024-01-17'),
  disbursementUntil: calendarDate('2024-01-22'),
};

describe('what is sent', () => {
  it('asks for a balance as the manual prints it', async () => {
    await desk().queryBalance(cpf('06568225037'), permit);
    expect(received()).toEqual({
      call: 'POST /baas/v2/fgts/available_balance',
      body: payload('fgts/01-request-balance-query'),
    });
  });

  it('simulates the maximum as the manual prints it', async () => {
    await desk().simulate(SIMULATION, permit);
    expect(received()).toEqual({
      call: 'POST /baas/fgts_simulation',
      body: payload('fgts/07-request-simulation-maximum-amount'),
    });
  });

  it('simulates a target as the manual prints it', async () => {
    const target = {
      ...SIMULATION,
      periods: SIMULATION.periods.slice(0, 1),
      target: new Decimal(4000),
      annualInterestRate: new Decimal('0.27422288066567435'),
    };
    await desk().simulate(target, permit);
    expect(received()).toEqual({
      call: 'POST /baas/fgts_simulation_guess',
      body: payload('fgts/09-request-simulation-target-amount'),
    });
  });

  it('asks for a debt as the manual prints it, and under our own key', async () => {
    await desk().issue(ORDER, permit);
    const printed = payload('fgts/11-request-debt-create');
    expect(received()).toEqual({
      call: 'POST /debt',
      body: {
        ...printed,
        requester_identifier_key: ORDER.controlKey,
        // The manual prints 11 beside one instalment (T-58); as many as there are is sent.
        financial: { ...(printed['financial'] as JsonObject), number_of_installments: new Decimal(1) },
      },
    });
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
    expect(received().body['disbursement_bank_account']).toEqual({
      pix_transfer_type: 'key',
      pix_key: '46338864879',
      name,
      document_number,
      percentage_receivable: new Decimal(1),
    });
  });

  it('names an account with the code of its bank as one to be paid by PIX all the same', async () => {
    const { name, document_number } = ORDER.account;
    const bank = { bank_code: '104', branch_number: '1', account_number: '87823171', account_digit: '0' };
    await desk().issue({ ...ORDER, account: { name, document_number, ...bank } }, permit);
    expect(received().body['disbursement_bank_account']).toEqual({
      pix_transfer_type: 'manual',
      name,
      document_number,
      ...bank,
      percentage_receivable: new Decimal(1),
    });
  });

  it.each([
    ['reads', 'GET', () => desk().readBalance(KEY, permit)],
    ['gives up', 'DELETE', () => desk().cancelQuery(KEY, permit)],
  ])('%s a query by its key', async (_, method, call) => {
    await call();
    expect(received()).toEqual({ call: `${method} /baas/v2/fgts/available_balance/${KEY}`, body: {} });
  });

  it('looks for a debt under our own key', async () => {
    await desk().findIssued(ORDER.controlKey, 2_000);
    expect(received().call).toBe(`GET /debt?requester_identifier_key=${ORDER.controlKey}`);
  });
});

describe('what is read', () => {
  const read = desk;

  it('the key of a query', () => {
    expect(read().balanceKeyIn(payloadText('fgts/02-response-balance-query-pending'))).toBe(KEY);
    expect(read().balanceKeyIn('{}')).toBeUndefined();
  });

  it('the result of a query, with what the webhook leaves out', () => {
    expect(read().snapshotIn(payloadText('fgts/06-response-balance-result'))).toEqual({
      product: 'fgts',
      referenceDate: '2022-07-28',
      periods: [period('2022-08-01', '500.1'), period('2023-08-01', '400.2')],
      activeContracts: 0,
      hasUnavailableBalance: false,
    });
  });

  it.each([
    ['without periods', '{}'],
    ['with a period that has no amount', '{"periods":[{"due_date":"2027-01-01"}]}'],
    ['with a date that does not exist', '{"periods":[{"due_date":"2027-02-30","amount":1}]}'],
    ['that is no JSON', '<html>'],
  ])('no part of a balance %s', (_, body) => {
    expect(read().snapshotIn(body)).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    ['pending', { status: 'pending', has_succeeded: false, periods: [] }],
    ['pending, though it says nothing else of that', { status: 'pending', has_succeeded: true }],
    ['failed', { status: 'failed', has_succeeded: false, periods: [] }],
    ['canceled', { status: 'canceled', has_succeeded: null, periods: [] }],
    ['not succeeded, whatever its status', { has_succeeded: false }],
    ['of no status', { status: null, has_succeeded: null }],
  ])('nothing of a query that is %s: its zeros are no contracts', (_, said) => {
    const result = JSON.parse(payloadText('fgts/06-response-balance-result')) as object;
    expect(read().snapshotIn(JSON.stringify({ ...result, ...said }))).toBeUndefined();
  });

  it('the result of a query that says in one way alone that it succeeded', () => {
    const result = JSON.parse(payloadText('fgts/06-response-balance-result')) as object;
    for (const said of [{ status: null }, { has_succeeded: null, status: 'Succeeded' }])
      expect(read().snapshotIn(JSON.stringify({ ...result, ...said }))).toMatchObject({ activeContracts: 0 });
  });

  it('the figures of a simulation', () => {
    expect(read().figuresIn(payloadText('fgts/08-response-simulation-maximum-amount'))).toMatchObject({
      issueAmount: new Decimal('7195.39'),
      disbursedIssueAmount: new Decimal('7020.82'),
      totalIof: new Decimal('131.4'),
      contractFeeAmount: new Decimal('43.17'),
      monthlyCet: new Decimal('0.0243'),
      annualCet: new Decimal('0.3339086001603759'),
      periods: SIMULATION.periods,
    });
  });

  it.each([
    ['no part of a simulation with an instalment that cannot be read', '[{"due_date":"2027-04-01"}]', undefined],
    ['a simulation that names no instalments', '[]', []],
  ])('%s', (_, installments, periods) => {
    const body = `{"data":{"disbursed_issue_amount":1,"installments":${installments}}}`;
    expect(read().figuresIn(body)?.periods).toEqual(periods);
  });

  it('the debt that QI has made, option by option', () => {
    const debt = read().issuedIn(payloadText('fgts/12-response-debt-create-waiting-signature'));
    expect(debt).toMatchObject({ creditOperationKey: '2fedb18e-207b-4bb5-954a-0e6e19bb6e50' });
    if (debt === undefined || debt === 'none') throw new Error('no debt');
    expect(debt.options[0]).toMatchObject({
      disbursementDate: '2024-01-17',
      disbursedIssueAmount: new Decimal('1623.32'),
      monthlyCet: new Decimal('0.0232'),
    });
  });

  it('that QI knows of no debt, in a list or as a 404', async () => {
    expect(read().issuedIn('{"data":[]}')).toBe('none');
    server.behave(() => ({ status: 404, body: '{"code":"LEG000013"}' }));
    const answer = await desk().findIssued(ORDER.controlKey, 2_000);
    expect(answer.kind === 'accepted' && read().issuedIn(answer.body)).toBe('none');
  });

  describe('a debt found under our own key', () => {
    const printed = payload('fgts/12-response-debt-create-waiting-signature');
    const under = (key: string | null): JsonObject => ({
      ...printed,
      data: { ...(printed['data'] as JsonObject), requester_identifier_key: key },
    });
    const found = (body: JsonObject) => {
      server.behave(() => ({ status: 200, body: stringifyJson(body) }));
      return desk().findIssued(ORDER.controlKey, 2_000);
    };

    it.each<[how: string, body: JsonObject]>([
      ['alone', under(ORDER.controlKey)],
      ['in a list of one', { data: [under(ORDER.controlKey)] }],
      ['in a list of one, without a frame', { data: [{ key: printed['key'] ?? '', requester_identifier_key: ORDER.controlKey }] }],
    ])('is the answer: %s', async (_, body) => {
      const answer = await found(body);
      if (answer.kind !== 'accepted') throw new Error(answer.kind);
      expect(read().issuedIn(answer.body)).toMatchObject({ creditOperationKey: printed['key'] });
    });

    // The parameter of the look-up is not in QI's public text: a QI that ignores it answers with any debt.
    it.each<[how: string, body: JsonObject]>([
      ['under another key', under('e99ed7c8-ecb3-441d-9130-45feb0ad9c36')],
      ['under another key, in a list of one', { data: [under('e99ed7c8-ecb3-441d-9130-45feb0ad9c36')] }],
      ['without a key', under(null)],
    ])('is no answer when it is printed %s', async (_, body) => {
      expect(await found(body)).toMatchObject({ kind: 'unknown' });
    });
  });

  it.each(['<html>404</html>', '{}', '{"code":"GDF000018","title":"No ClientIntegration found"}'])(
    'nothing of a debt from a 404 that is not QI’s word on it: %s',
    async (body) => {
      server.behave(() => ({ status: 404, body }));
      expect(await desk().findIssued(ORDER.controlKey, 2_000)).toMatchObject({ kind: 'rejected' });
    },
  );

  it.each(['{"data":[{"key":"a"},{"key":"b"}]}', '[]', '{}', ''])('nothing out of %s', (body) => {
    expect(read().issuedIn(body)).toBeUndefined();
  });
});

describe('a yes to an order whose words are lost on the way', () => {
  const cut = () => {
    server.behave((_request, socket) => {
      socket.end('HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{"ke');
      return undefined;
    });
  };

  it('is known to be one', async () => {
    cut();
    expect(await desk().issue(ORDER, permit)).toMatchObject({ kind: 'unknown', httpStatus: 201 });
  });

  it('is none where only what is signed is believed', async () => {
    cut();
    const { privatePem, publicPem } = keyPair();
    const signed = { signing: 'encoded-body-v1', privateKeyPem: privatePem, publicKeyPems: [publicPem] } as const;
    const { fgts } = ourSide({ baseUrl: server.baseUrl, ...signed });
    expect(await fgts.issue(ORDER, permit)).toMatchObject({ kind: 'unknown', httpStatus: undefined });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a webhook of a balance query', () => {
  it.each([
    [
      'fgts/03-webhook-available-balance-success',
      { kind: 'received', snapshot: { periods: [period('2022-08-01', '500.1'), period('2023-08-01', '400.2')] } },
    ],
    ['fgts/04-webhook-available-balance-failed', { kind: 'refused', code: 'inexistent_anniversary_membership' }],
    [
      'fgts/05-webhook-available-balance-failed-locked-date-range',
      { kind: 'refused', code: 'on_locked_date_range', permittedFrom: '2023-01-03' },
    ],
  ])('%s', (name, news) => {
    expect(readBalanceNews(payload(name))).toMatchObject({ kind: 'read', key: KEY, news });
  });

  it('of the older pages has other names for the same', () => {
    const older = parseJson(
      `{"webhook_type":"fgts_available_balance","key":"k","status":"failed ","data":{"enumerator":"caixa_error","description":"x"}}`,
    );
    expect(readBalanceNews(older as JsonObject)).toMatchObject({
      kind: 'read',
      news: { kind: 'refused', code: 'caixa_error' },
    });
  });

  it.each([
    ['{"status":"success","data":{"periods":[]}}', 'key_missing'],
    ['{"key":"k","status":"success","data":{}}', 'content_unclear'],
    ['{"key":"k","status":"done"}', 'status_unknown'],
  ])('%s cannot be read', (text, code) => {
    expect(readBalanceNews(parseJson(text) as JsonObject)).toEqual({ kind: 'unreadable', code });
  });
});
