import { calendarDate, Cpf, isJsonObject, parseJson, stringifyJson, type JsonObject } from '../../../src/kernel';
import { createHash } from 'node:crypto';
import type { CommandAnswer } from '../../../src/commands';
import type { CanceledLoan } from '../../../src/operation';
import { loanProduct, readResubmission } from '../../../src/operation/domain';
import {
  keyPair,
  openJwt,
  ourSide,
  startServer,
  within,
  type Answer,
  type LoopbackServer,
} from './other-side';
import { payload, payloadText } from './payloads';

const KEY = '9e06ca79-3610-4794-8312-9663e0343f6b';
const LOAN: CanceledLoan = {
  creditOperationKey: KEY,
  auctionProposalKey: 'proposal/1',
  issuerProposalRequestKey: 'request-1',
  origin: 'auction',
  isBeforeReservation: true,
};
const OF_AUCTION = { creditOperationKey: KEY, product: 'private_payroll' };
const RESERVATION = `/private_payroll/reservation/external_key/${KEY}`;
const AUTHORIZED = payloadText('private-payroll-operation/04-response-authorize-reservation-202');
const RESUBMIT = payload('private-payroll-reservation/08-request-change-disbursement-date');
const QUERY = 'private-payroll-reservation/11-response-reservation-query-200';

let server: LoopbackServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const desk = () => ourSide({ baseUrl: server.baseUrl }).reservations;

const commands: [string, () => Promise<CommandAnswer>, { method: string; url: string; body: string }][] = [
  [
    'authorize',
    () => desk().authorize(KEY, within(2_000)),
    { method: 'PATCH', url: `${RESERVATION}/authorize`, body: '{}' },
  ],
  [
    'resubmitDisbursement',
    () => desk().resubmitDisbursement(OF_AUCTION, RESUBMIT, within(2_000)),
    { method: 'POST', url: `/debt/${KEY}/change_disbursement_date`, body: stringifyJson(RESUBMIT) },
  ],
  [
    'cancelPermanently',
    () => desk().cancelPermanently(LOAN, within(2_000)),
    { method: 'POST', url: `/debt/${KEY}/cancel_permanently`, body: '{}' },
  ],
  [
    'requestReversal',
    () => desk().requestReversal(KEY, within(2_000)),
    { method: 'POST', url: '/debt/reversal', body: `{"debt_key":"${KEY}"}` },
  ],
  [
    'findReservations',
    () => desk().findReservations(KEY, 2_000),
    { method: 'GET', url: RESERVATION, body: '' },
  ],
];

const HOLDER = { name: 'Maria da Silva', document_number: '52998224725', percentage_receivable: 100 };
const NUMBERS = { branch_number: '0001', account_number: '12345', account_digit: '6' };
/** What QI's page of the route prints; the type of an account, manual 002 alone. */
const BY_PIX = { ...HOLDER, ...NUMBERS, pix_transfer_type: 'manual', bank_code: '001' };
const TYPE = { account_type: 'payment_account' };

describe.each([
  ['fgts', {}],
  ['federal_payroll', TYPE],
])('a debt of %s', (product, type) => {
  it.each([
    ['a key', { pix_key: '52998224725' }, { ...HOLDER, pix_transfer_type: 'key', pix_key: '52998224725' }],
    ['an account', { ...NUMBERS, ...type, bank_code: 1 }, { ...BY_PIX, ...type }],
  ])(
    'is paid again by its account first, here %s, and then its date, each on a route of its own',
    async (_, named, printed) => {
      const disbursement_date = '2026-11-23';
      const asked = { disbursement_date, disbursement_bank_accounts: [{ ...HOLDER, ...named }] };
      const reading = readResubmission(parseJson(JSON.stringify(asked)), {
        today: calendarDate('2026-11-20'),
        calendar: { firstYear: 2026, lastYear: 2026, holidays: new Set() },
        borrowerCpf: Cpf.parse(HOLDER.document_number),
        newAccount: loanProduct(product).newAccount,
        refused: undefined, accountIndexOf: String,
      });
      if (reading.kind !== 'valid') throw new Error(JSON.stringify(reading.problems));
      const loan = { creditOperationKey: KEY, product };
      await desk().resubmitDisbursement(loan, reading.body, within(2_000));
      const sent = server.requests.map(({ method, url, body }) => [
        `${method} ${url}`,
        JSON.parse(String(body)) as unknown,
      ]);
      expect(sent).toEqual([
        [`PUT /debt/${KEY}/disbursement_bank_accounts`, { disbursement_bank_accounts: [printed] }],
        [`PATCH /debt/${KEY}/disbursement_option`, { disbursement_date, status: 'active' }],
      ]);
    },
  );

  it('is signed with the evidence that we collected', async () => {
    const evidence = payload('fgts/13-request-signed-pdf-signature');
    await desk().submitSignature(KEY, evidence, within(2_000));
    const [request] = server.requests;
    expect([request?.method, request?.url, parseJson(String(request?.body))]).toEqual([
      'POST',
      `/debt/${KEY}/signed`,
      evidence,
    ]);
  });
});

describe('what a new day of payment brings', () => {
  const issued = payload('fgts/12-response-debt-create-waiting-signature');
  const data = issued['data'] as JsonObject;
  const options = data['disbursement_options'] as JsonObject[];
  const { disbursement_options: _, ...rest } = data;
  const [one, other] = [options[1] ?? {}, options[2] ?? {}];

  it.each<[string, JsonObject, string | undefined]>([
    ['in a list, as of one that was issued', { ...rest, disbursement_options: [other] }, '1627.68'],
    ['beside the rest', { ...rest, ...one }, '1625.50'],
    ['of several days, of which nobody says which', { ...rest, disbursement_options: options }, undefined],
    ['nowhere', rest, undefined],
  ])('stands %s', (_place, printed, amount) => {
    const body = stringifyJson({ ...issued, data: printed });
    expect(desk().recalculatedIn(body)?.toFixed(2)).toBe(amount);
  });

  it('is read out of an answer of any length', async () => {
    const body = stringifyJson({ ...issued, data: { ...rest, ...one, note: 'x'.repeat(20_000) } });
    server.behave(() => ({ body }));
    const loan = { creditOperationKey: KEY, product: 'fgts' };
    const { disbursement_date = '' } = RESUBMIT;
    const answer = await desk().resubmitDisbursement(loan, { disbursement_date }, within(2_000));
    expect(answer.kind === 'accepted' && desk().recalculatedIn(answer.body)?.toFixed(2)).toBe('1625.50');
  });
});

describe.each(commands)('%s', (_, run, { method, url, body }) => {
  it('is one request to its path', async () => {
    await run();
    expect(server.requests.map((request) => ({ ...request, body: String(request.body) }))).toMatchObject([
      { method, url, body },
    ]);
  });

  test.each<[name: string, answer: Answer, expected: CommandAnswer]>([
    ['200', { body: AUTHORIZED }, { kind: 'accepted', httpStatus: 200, body: AUTHORIZED }],
    ['202', { status: 202, body: AUTHORIZED }, { kind: 'accepted', httpStatus: 202, body: AUTHORIZED }],
    ['204', { status: 204 }, { kind: 'accepted', httpStatus: 204, body: '' }],
    [
      '400 in QI words',
      { status: 400, body: '{"code":"QIT000001","description":"Reservation not found"}' },
      {
        kind: 'rejected',
        httpStatus: 400,
        code: 'QIT000001',
        description: 'Reservation not found',
        body: '{"code":"QIT000001","description":"Reservation not found"}',
      },
    ],
    [
      '404 in no words',
      { status: 404, body: '<html>' },
      { kind: 'rejected', httpStatus: 404, code: undefined, description: undefined, body: '<html>' },
    ],
    ['409', { status: 409 }, { kind: 'unknown', why: 'HTTP 409', httpStatus: 409 }],
    ['429', { status: 429 }, { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 }],
    ['500', { status: 500 }, { kind: 'unknown', why: 'HTTP 500', httpStatus: 500 }],
  ])('%s', async (_name, answer, expected) => {
    server.behave(() => answer);
    expect(await run()).toEqual(expected);
  });

  it('is unknown after a cut connection', async () => {
    server.behave((_request, socket) => {
      socket.resetAndDestroy();
      return undefined;
    });
    expect(await run()).toEqual({ kind: 'unknown', why: 'ECONNRESET', httpStatus: undefined });
  });

  it('was not taken when nobody listens', async () => {
    await server.close();
    expect(await run()).toEqual({ kind: 'not_taken', why: 'ECONNREFUSED', httpStatus: undefined });
  });
});

describe('a yes whose words are lost on the way', () => {
  const permit = within(2_000);
  const cut = () => {
    server.behave((_request, socket) => {
      socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{"ke');
      return undefined;
    });
  };
  const again = { ...RESUBMIT, disbursement_bank_accounts: [{ pix_key: '52998224725' }] };
  const OF_FGTS = { creditOperationKey: KEY, product: 'fgts' };

  it.each<[string, () => Promise<CommandAnswer>]>([
    ['an authorization', () => desk().authorize(KEY, permit)],
    ['a signature', () => desk().submitSignature(KEY, {}, permit)],
    ['a cancellation', () => desk().cancelPermanently(LOAN, permit)],
    ['another payment', () => desk().resubmitDisbursement(OF_AUCTION, RESUBMIT, permit)],
    ['another payment, to another account', () => desk().resubmitDisbursement(OF_FGTS, again, permit)],
  ])('is a yes to %s, of which it says all', async (_, run) => {
    cut();
    expect(await run()).toEqual({ kind: 'accepted', httpStatus: 202, body: '' });
  });

  it('to another account is no yes to paying it: that is asked for then', async () => {
    cut();
    await desk().resubmitDisbursement(OF_FGTS, again, permit);
    expect(server.requests.map(({ method }) => method)).toEqual(['PUT', 'PATCH']);
  });

  it.each<[string, () => Promise<CommandAnswer>]>([
    ['a reversal, whose charge is looked up', () => desk().requestReversal(KEY, permit)],
    ['a look-up', () => desk().findReservations(KEY, 2_000)],
  ])('is not enough of %s', async (_, run) => {
    cut();
    expect(await run()).toMatchObject({ kind: 'unknown', httpStatus: 202 });
  });

  it('is none where only what is signed is believed', async () => {
    cut();
    const { privatePem, publicPem } = keyPair();
    const signed = { signing: 'encoded-body-v1', privateKeyPem: privatePem, publicKeyPems: [publicPem] } as const;
    const { reservations } = ourSide({ baseUrl: server.baseUrl, ...signed });
    expect(await reservations.authorize(KEY, permit)).toMatchObject({ kind: 'unknown', httpStatus: undefined });
  });
});

test('a body goes out with its numbers exact', async () => {
  const body = parseJson('{"percentage_receivable":33.333333333333333333,"bank_code":184}');
  await desk().resubmitDisbursement(OF_AUCTION, isJsonObject(body) ? body : {}, within(2_000));
  expect(String(server.requests[0]?.body)).toBe(
    '{"percentage_receivable":33.333333333333333333,"bank_code":184}',
  );
});

test('a request without a body is signed as the empty object', async () => {
  const ours = keyPair();
  const { reservations } = ourSide({
    baseUrl: server.baseUrl,
    signing: 'jwt-v2',
    privateKeyPem: ours.privatePem,
  });
  await reservations.findReservations(KEY, 2_000);
  const claims = openJwt(server.requests[0]?.headers.authorization ?? '', ours.publicKey);
  expect(JSON.parse(claims ?? 'null')).toMatchObject({
    payload_md5: createHash('md5').update('{}').digest('hex'),
    method: 'GET',
    uri: RESERVATION,
  });
});

describe('a cancellation, whose route the manuals dispute', () => {
  const cancelRoutes = {
    auction: 'PATCH proposals/{auction_proposal_key}/of/{issuer_proposal_request_key}/cancel',
    active: 'POST active/{credit_operation_key}',
  };
  const PRINTED = `POST /debt/${KEY}/cancel_permanently`;

  it.each<[string, Partial<CanceledLoan>, string]>([
    ['an auction', {}, 'PATCH /proposals/proposal%2F1/of/request-1/cancel'],
    ['an auction whose proposal is not known', { auctionProposalKey: null }, PRINTED],
    ['an auction, reserved', { isBeforeReservation: false }, PRINTED],
    ['the active flow', { origin: 'active' }, `POST /active/${KEY}`],
    ['nobody knows where', { origin: null }, PRINTED],
  ])('of a loan from %s', async (_, loan, expected) => {
    const { reservations } = ourSide({ baseUrl: server.baseUrl, cancelRoutes });
    await reservations.cancelPermanently({ ...LOAN, ...loan }, within(2_000));
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([expected]);
  });
});

describe('a list of reservations in several pages', () => {
  const page = (current: number, next: number | null, reservations: readonly string[]): Answer => ({
    body: JSON.stringify({
      data: reservations.map((reservation_key) => ({ reservation_key })),
      pagination: { current_page: current, next_page: next, rows_per_page: 1 },
    }),
  });
  const find = async (timeoutMs = 2_000): Promise<JsonObject> => {
    const answer = await desk().findReservations(KEY, timeoutMs);
    const document = answer.kind === 'accepted' ? parseJson(answer.body) : null;
    if (!isJsonObject(document)) throw new Error(answer.kind);
    return document;
  };
  const keys = ({ data }: JsonObject): unknown =>
    Array.isArray(data) ? data.map((entry) => isJsonObject(entry) && entry['reservation_key']) : data;

  it('is put together in order', async () => {
    server.behave(({ url }) => {
      if (url === RESERVATION) return page(1, 2, ['a']);
      return url.endsWith('?page=2') ? page(2, 3, ['b']) : page(3, null, ['c', 'd']);
    });
    const found = await find();
    expect(keys(found)).toEqual(['a', 'b', 'c', 'd']);
    expect(found['pagination']).toMatchObject({ next_page: null });
    expect(server.requests.map(({ url }) => url)).toEqual([
      RESERVATION,
      `${RESERVATION}?page=2`,
      `${RESERVATION}?page=3`,
    ]);
  });

  test.each<[string, Answer | undefined]>([
    ['fails', { status: 500 }],
    ['is the first again', page(1, 2, ['a'])],
    ['is no list', { body: '{}' }],
    ['does not come', undefined],
  ])('says what is missing when the next page %s', async (_, second) => {
    server.behave(({ url }) => (url === RESERVATION ? page(1, 2, ['a']) : second));
    const found = await find(300);
    expect(keys(found)).toEqual(['a']);
    expect(JSON.parse(stringifyJson(found['pagination']))).toMatchObject({ next_page: 2 });
  });

  it('ends, however many pages QI announces', async () => {
    server.behave(({ url }) => {
      const current = Number(new URL(url, server.baseUrl).searchParams.get('page') ?? 1);
      return page(current, current + 1, [`r${current}`]);
    });
    expect(keys(await find())).toHaveLength(20);
  });

  it('keeps the printed page as it is when there is no further one', async () => {
    const text = payloadText(QUERY).replace('"next_page": 2', '"next_page": null');
    server.behave(() => ({ body: text }));
    expect(await desk().findReservations(KEY, 2_000)).toEqual({
      kind: 'accepted',
      httpStatus: 200,
      body: text,
    });
  });
});

describe('a command whose permit is refused when the connection is ready', () => {
  const refused = { kind: 'not_taken', why: 'lease_may_be_lost', httpStatus: undefined };
  const permit = { ...within(2_000), refusal: () => 'lease_may_be_lost' };

  it('is not sent', async () => {
    expect(await desk().resubmitDisbursement(OF_AUCTION, RESUBMIT, permit)).toEqual(refused);
    expect(server.requests).toHaveLength(0);
  });

  it('is not sent over a kept connection either', async () => {
    const { reservations } = ourSide({ baseUrl: server.baseUrl });
    expect(await reservations.authorize(KEY, within(2_000))).toMatchObject({ kind: 'accepted' });
    expect(await reservations.resubmitDisbursement(OF_AUCTION, RESUBMIT, permit)).toEqual(refused);
    expect(await reservations.authorize(KEY, within(2_000))).toMatchObject({ kind: 'accepted' });
    expect(server.requests.map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
  });
});

describe('a reversal', () => {
  it.each([
    [
      { amount: '812.40', expiration_date: '2026-12-11', copy_paste_pix: '000201', cancel_qr_code: { qr_code_url: 'https://qi/qr' } },
      { copyPastePix: '000201', qrCodeUrl: 'https://qi/qr', expiresOn: '2026-12-11' },
    ],
    [
      { cancel_qr_code: { digitable_line: '000201', amount: 812.4, expiration: '2026-12-11' } },
      { copyPastePix: '000201', expiresOn: '2026-12-11' },
    ],
    [{ status: 'waiting_payment' }, undefined],
  ])('is a charge as either of QI’s pages prints it: %j', (body, expected) => {
    const charge = desk().reversalIn(JSON.stringify(body));
    if (expected === undefined) expect(charge).toBeUndefined();
    else {
      expect(charge).toMatchObject(expected);
      expect(charge?.amount?.toFixed(2)).toBe('812.40');
    }
  });

  it('that QI does not know is an answer too', async () => {
    server.behave(() => ({ status: 404, body: '{"code":"COP000205"}' }));
    expect(await desk().findReversal(KEY, 2_000)).toMatchObject({ kind: 'accepted', httpStatus: 404 });
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: `/credit_operation/${KEY}/pix_qrcode` });
  });

  it('of a 404 that is not QI’s word on it is not known', async () => {
    server.behave(() => ({ status: 404, body: '<html>no such host</html>' }));
    expect(await desk().findReversal(KEY, 2_000)).toMatchObject({ kind: 'rejected' });
  });
});
