import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { Proposal, SubmissionAnswer } from '../../../src/auction';
import { Decimal } from '../../../src/kernel';
import { waitFor } from '../../support/wait-for';
import {
  API_CLIENT_KEY,
  clock,
  encodedMessage,
  keyPair,
  NOW,
  openJwt,
  ourSide,
  startServer,
  within,
  type Answer,
  type LoopbackServer,
  type OurSide,
} from './other-side';
import { payload, payloadText } from './payloads';

const ours = keyPair();
const qis = keyPair();
const stranger = keyPair();

const REQUEST_KEY = '88b0203d-31ad-48c6-a795-b6d45ab4898a';
const PATH = `/private_payroll_auction/issuer_proposal_request/${REQUEST_KEY}/auction_proposal`;
const ACCEPTED = payloadText('private-payroll-auction/04-response-auction-proposal-200');
const REFUSED = payloadText('private-payroll-auction/05-response-auction-proposal-400');

/** The offer of the manual's first sample. */
const proposal: Proposal = {
  issuerProposalRequestKey: REQUEST_KEY,
  requestControlKey: '111e7ed3-4080-4cae-a853-8e12812817ea',
  amount: { kind: 'disbursed_issue_amount', value: new Decimal('15000') },
  monthlyInterestRate: new Decimal('0.02'),
  numberOfInstallments: 48,
  purchaserDocumentNumber: '01272247000120',
  daysToExpiration: 10,
  rebates: [{ feeType: 'spread', amountType: 'percentage', amount: new Decimal('4.17') }],
};

let server: LoopbackServer;
beforeEach(async () => {
  server = await startServer(() => ({ body: ACCEPTED }));
});
afterEach(() => server.close());

function submit(over: Partial<Proposal> = {}, timeoutMs = 2_000): Promise<SubmissionAnswer> {
  return ourSide({ baseUrl: server.baseUrl }).proposals.submit({ ...proposal, ...over }, within(timeoutMs));
}

describe('the request', () => {
  it('is the first printed sample, to its path', async () => {
    await submit();
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', url: PATH });
    expect(request?.headers).toMatchObject({
      'api-client-key': API_CLIENT_KEY,
      'content-type': 'application/json',
    });
    expect(JSON.parse(String(request?.body))).toEqual(
      JSON.parse(payloadText('private-payroll-auction/02-request-auction-proposal-disbursed-amount')),
    );
  });

  it('is the second printed sample when the instalment is offered', async () => {
    await submit({ amount: { kind: 'installment_face_value', value: new Decimal(1000) } });
    expect(JSON.parse(String(server.requests[0]?.body))).toEqual(
      JSON.parse(payloadText('private-payroll-auction/03-request-auction-proposal-installment-value')),
    );
  });

  it('carries every digit of an amount and a rate as a number', async () => {
    await submit({
      amount: { kind: 'disbursed_issue_amount', value: new Decimal('12345678901234567.89') },
      monthlyInterestRate: new Decimal('0.017999999999999999999'),
      rebates: [],
    });
    const text = String(server.requests[0]?.body);
    expect(text).toContain('"disbursed_issue_amount":12345678901234567.89,');
    expect(text).toContain('"monthly_interest_rate":0.017999999999999999999,');
    expect(text).not.toContain('rebates');
  });

  it('keeps a key of any shape inside its own segment of the path', async () => {
    await submit({ issuerProposalRequestKey: 'a/../b?c#d e' });
    expect(server.requests[0]?.url).toBe(
      '/private_payroll_auction/issuer_proposal_request/a%2F..%2Fb%3Fc%23d%20e/auction_proposal',
    );
  });

  it.each(['.', '..', ''])('is not sent for the key "%s", which would name another path', async (key) => {
    expect(await submit({ issuerProposalRequestKey: key })).toMatchObject({ kind: 'not_taken' });
    expect(server.requests).toHaveLength(0);
  });

  it('is sent below the path of the base address', async () => {
    await ourSide({ baseUrl: `${server.baseUrl}/qi/` }).proposals.submit(proposal, within(2_000));
    expect(server.requests[0]?.url).toBe(`/qi${PATH}`);
  });
});

describe('what an answer means', () => {
  it('reads the printed acceptance', async () => {
    const answer = await submit();
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      kind: 'accepted',
      httpStatus: 200,
      auctionProposalKey: '814e7ed3-4080-4cae-a853-8e12812817ea',
      simulation: {
        issueAmount: '1015.46',
        disbursedIssueAmount: '1000',
        installmentFaceValue: '102.25',
        numberOfInstallments: 48,
        totalIof: '15.46',
        monthlyInterestRate: '0.00149',
        monthlyCet: '0.0049',
        annualCet: '0.0603',
      },
      body: ACCEPTED,
    });
  });

  const margin = payload('private-payroll-auction/05-response-auction-proposal-400');
  const variant = (over: object): string => JSON.stringify({ ...margin, ...over });
  const shouted = variant({
    code: 'qit000001',
    description: 'CALCULATED  INSTALLMENT FACE VALUE IS GREATER THAN CONSIGNED CREDIT BALANCE.',
  });

  test.each<[name: string, answer: Answer, expected: object]>([
    ['202', { status: 202, body: ACCEPTED }, { kind: 'accepted', httpStatus: 202 }],
    [
      '204 without a body',
      { status: 204 },
      { kind: 'accepted', auctionProposalKey: undefined, simulation: undefined },
    ],
    [
      '200 with garbage',
      { body: '<html>\0' },
      { kind: 'accepted', auctionProposalKey: undefined, body: '<html>\uFFFD' },
    ],
    ['200 with a list', { body: '[]' }, { kind: 'accepted', auctionProposalKey: undefined }],
    [
      '200 with a key that is no text',
      { body: '{"auction_proposal_key":{}}' },
      { kind: 'accepted', auctionProposalKey: undefined },
    ],
    [
      'the printed refusal on the margin',
      { status: 400, body: REFUSED },
      { kind: 'rejected', why: 'margin', httpStatus: 400, code: 'QIT000001', body: REFUSED },
    ],
    ['the margin in capitals', { status: 400, body: shouted }, { kind: 'rejected', why: 'margin' }],
    [
      '400 with the code and other words',
      { status: 400, body: variant({ description: 'Schema error' }) },
      { kind: 'rejected', why: 'other', description: 'Schema error' },
    ],
    [
      '400 with the words and another code',
      { status: 400, body: variant({ code: 'QIT000099' }) },
      { kind: 'rejected', why: 'other', code: 'QIT000099' },
    ],
    ['422 with the words of the margin', { status: 422, body: REFUSED }, { kind: 'rejected', why: 'other' }],
    [
      '400 without a body',
      { status: 400 },
      { kind: 'rejected', why: 'other', code: undefined, description: undefined },
    ],
    [
      '401 of its door, with a time to wait',
      {
        status: 401,
        headers: { 'retry-after': '2' },
        body: '{"code":"GDF000014","description":"no public key is registered"}',
      },
      {
        kind: 'not_taken',
        why: 'GDF000014: no public key is registered',
        httpStatus: 401,
        retryAfterMs: 2_000,
        body: '{"code":"GDF000014","description":"no public key is registered"}',
      },
    ],
    ['403 without a body', { status: 403 }, { kind: 'not_taken', why: 'HTTP 403', httpStatus: 403 }],
    [
      '403 of a right that we have not',
      { status: 403, body: '{"code":"QIT000004"}' },
      { kind: 'not_taken', why: 'QIT000004', httpStatus: 403 },
    ],
    [
      '403 of what was asked for',
      { status: 403, body: '{"code":"QIT000099"}' },
      { kind: 'rejected', why: 'other', httpStatus: 403, code: 'QIT000099' },
    ],
    [
      '400 of its door',
      { status: 400, body: variant({ code: 'GDF000003', description: 'No API Client Key received' }) },
      { kind: 'not_taken', why: 'GDF000003: No API Client Key received', httpStatus: 400 },
    ],
    [
      '404 of its door',
      { status: 404, body: '{"code":"gdf000018"}' },
      { kind: 'not_taken', why: 'gdf000018', httpStatus: 404 },
    ],
    ['409 in words of its door', { status: 409, body: '{"code":"GDF000014"}' }, { kind: 'no_answer' }],
    ['503 in words of its door', { status: 503, body: '{"code":"GDF000014"}' }, { kind: 'server_error' }],
    [
      '404',
      { status: 404, body: 'not found' },
      { kind: 'rejected', why: 'other', httpStatus: 404, body: 'not found' },
    ],
    [
      'a redirect',
      { status: 307, headers: { location: '/elsewhere' } },
      { kind: 'rejected', why: 'other', httpStatus: 307 },
    ],
    ['408', { status: 408 }, { kind: 'no_answer', why: 'HTTP 408' }],
    ['409, a number seen before', { status: 409 }, { kind: 'no_answer', why: 'HTTP 409' }],
    [
      '429',
      { status: 429, headers: { 'retry-after': '2' } },
      { kind: 'not_taken', httpStatus: 429, retryAfterMs: 2_000 },
    ],
    [
      '429 until a date',
      { status: 429, headers: { 'retry-after': 'Thu, 20 Mar 2025 14:47:46 GMT' } },
      { kind: 'not_taken', retryAfterMs: 1_877 },
    ],
    [
      '429 with nonsense',
      { status: 429, headers: { 'retry-after': 'soon' } },
      { kind: 'not_taken', retryAfterMs: undefined },
    ],
    ['500', { status: 500, body: 'oops' }, { kind: 'server_error', httpStatus: 500, body: 'oops' }],
    ['503', { status: 503 }, { kind: 'server_error', httpStatus: 503 }],
    ['200 longer than allowed', { body: 'x'.repeat(200_000) }, { kind: 'no_answer' }],
  ])('%s', async (_, given, expected) => {
    server.behave(() => given);
    expect(await submit()).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it('keeps the first 16 KiB of an error', async () => {
    server.behave(() => ({ status: 500, body: 'é'.repeat(40_000) }));
    const answer = await submit();
    expect(answer.kind === 'server_error' && answer.body).toBe('é'.repeat(16_384));
  });
});

describe('when no answer comes', () => {
  it('gives up after its time; what was sent may be in force', async () => {
    server.behave(() => undefined);
    expect(await submit({}, 150)).toEqual({ kind: 'no_answer', why: 'no answer within 150 ms' });
    expect(server.requests).toHaveLength(1);
  });

  it('gives up after its time when an answer only begins', async () => {
    server.behave((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{');
      return undefined;
    });
    expect(await submit({}, 150)).toMatchObject({ kind: 'no_answer' });
  });

  it('never waits longer than the setting allows', async () => {
    server.behave(() => undefined);
    const { proposals } = ourSide({ baseUrl: server.baseUrl, timeoutMs: 100 });
    expect(await proposals.submit(proposal, within(60_000))).toMatchObject({ why: 'no answer within 100 ms' });
  });

  it.each([0, -5, Number.NaN])('sends nothing with %d ms left', async (timeoutMs) => {
    expect(await submit({}, timeoutMs)).toMatchObject({ kind: 'not_taken', why: 'too_late_to_send' });
    expect(server.requests).toHaveLength(0);
  });

  test.each<[string, (socket: Socket) => unknown]>([
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a quiet end', (socket) => socket.end()],
    ['something that is no HTTP', (socket) => socket.end('garbage\r\n\r\n')],
    ['half an answer', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a')],
  ])('%s after the request leaves it open', async (_, cut) => {
    server.behave((_request, socket) => {
      cut(socket);
      return undefined;
    });
    expect(await submit()).toMatchObject({ kind: 'no_answer' });
  });

  it('was not taken when the connection is refused', async () => {
    const { baseUrl } = server;
    await server.close();
    const answer = await ourSide({ baseUrl }).proposals.submit(proposal, within(2_000));
    expect(answer).toMatchObject({ kind: 'not_taken', why: 'ECONNREFUSED' });
  });

  it('was not taken when the name is unknown', async () => {
    const answer = await ourSide({ baseUrl: 'http://qi.invalid' }).proposals.submit(proposal, within(5_000));
    expect(answer).toMatchObject({
      kind: 'not_taken',
      why: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) as string,
    });
  });

  it('was not taken when TLS cannot be agreed on', async () => {
    const plain = createTcpServer((socket) => socket.end('no TLS here\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const baseUrl = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const answer = await ourSide({ baseUrl }).proposals.submit(proposal, within(2_000));
    plain.close();
    expect(answer).toMatchObject({ kind: 'not_taken' });
  });

  it('was not taken when it was still queueing for a connection', async () => {
    server.behave(() => undefined);
    const { proposals } = ourSide({ baseUrl: server.baseUrl, maxSockets: 1 });
    const first = proposals.submit(proposal, within(400));
    const second = proposals.submit(proposal, within(200));
    expect(await second).toMatchObject({ kind: 'not_taken', why: 'ETIMEDOUT' });
    expect(await first).toMatchObject({ kind: 'no_answer' });
    expect(server.requests).toHaveLength(1);
  });

  it('is open, not refused, when a kept connection is cut under the next request', async () => {
    const { proposals } = ourSide({ baseUrl: server.baseUrl });
    expect(await proposals.submit(proposal, within(2_000))).toMatchObject({ kind: 'accepted' });
    server.behave((_, socket) => {
      socket.resetAndDestroy();
      return undefined;
    });
    expect(await proposals.submit(proposal, within(2_000))).toMatchObject({
      kind: 'no_answer',
      why: 'ECONNRESET',
    });
    expect(server.requests).toHaveLength(2);
  });

  it('loses nothing when QI closes an idle connection before the next request', async () => {
    const ports: (number | undefined)[] = [];
    server.behave((_, socket) => {
      ports.push(socket.remotePort);
      setTimeout(() => socket.end(), 20);
      return { body: ACCEPTED };
    });
    const { proposals } = ourSide({ baseUrl: server.baseUrl });
    expect(await proposals.submit(proposal, within(2_000))).toMatchObject({ kind: 'accepted' });
    await pause(60);
    expect(await proposals.submit(proposal, within(2_000))).toMatchObject({ kind: 'accepted' });
    expect(new Set(ports).size).toBe(2);
  });

  it('loses nothing when the end of an idle connection has come and is not read yet', async () => {
    const ended: Socket[] = [];
    server.behave((_, socket) => {
      ended.push(socket);
      return { body: ACCEPTED };
    });
    const { proposals } = ourSide({ baseUrl: server.baseUrl });
    await proposals.submit(proposal, within(2_000));
    ended[0]?.resetAndDestroy();
    // Without a turn of the event loop between: the reset is in the kernel, and nobody has read it.
    const until = performance.now() + 30;
    while (performance.now() < until);
    expect(await proposals.submit(proposal, within(2_000))).toMatchObject({ kind: 'accepted' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('the permit', () => {
  it('is asked when the connection is ready, and its refusal leaves no byte', async () => {
    let bytes = 0;
    let connected = (): void => undefined;
    const isConnected = new Promise<void>((resolve) => (connected = resolve));
    const listener = createTcpServer((socket) => {
      socket.on('error', () => undefined).on('data', (chunk) => (bytes += chunk.length));
      connected();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const asked: string[] = [];
    const { proposals } = ourSide({
      baseUrl: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    });
    const submitting = proposals.submit(proposal, {
      ...within(2_000),
      refusal: () => {
        asked.push('asked');
        return 'mark_too_old';
      },
    });
    expect(asked).toEqual([]);
    expect(await submitting).toEqual({
      kind: 'not_taken',
      why: 'mark_too_old',
      httpStatus: undefined,
      retryAfterMs: undefined,
      body: '',
    });
    await isConnected;
    await pause(50);
    expect([asked, bytes]).toEqual([['asked'], 0]);
    listener.close();
  });

  it('is asked on a kept connection too, and the next proposal is sent', async () => {
    const { proposals } = ourSide({ baseUrl: server.baseUrl });
    await proposals.submit(proposal, within(2_000));
    const refused = await proposals.submit(proposal, { ...within(2_000), refusal: () => 'kill_switch' });
    expect(refused).toMatchObject({ kind: 'not_taken', why: 'kill_switch' });
    expect(await proposals.submit(proposal, within(2_000))).toMatchObject({ kind: 'accepted' });
    expect(server.requests).toHaveLength(2);
  });

  it('counts the time that passed before the connection was ready', async () => {
    server.behave(() => undefined);
    let now = NOW;
    const { proposals } = ourSide({ baseUrl: server.baseUrl }, { ...clock, now: () => now });
    const submitting = proposals.submit(proposal, within(60_000));
    now = new Date(NOW.getTime() + 59_900); // stopped for a minute, and woken
    expect(await submitting).toEqual({ kind: 'no_answer', why: 'no answer within 100 ms' });
  });

  it('is over when its end has passed before the connection was ready', async () => {
    let now = NOW;
    const { proposals } = ourSide({ baseUrl: server.baseUrl }, { ...clock, now: () => now });
    const submitting = proposals.submit(proposal, within(2_000));
    now = new Date(NOW.getTime() + 2_000);
    expect(await submitting).toMatchObject({ kind: 'not_taken', why: 'too_late_to_send' });
    await pause(30);
    expect(server.requests).toHaveLength(0);
  });
});

describe('connections opened beforehand', () => {
  let sockets: Socket[];
  let listening: ReturnType<typeof createTcpServer>;
  let side: OurSide;
  beforeEach(async () => {
    sockets = [];
    listening = createTcpServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.once('data', () =>
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(ACCEPTED)}\r\n\r\n${ACCEPTED}`),
      );
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    side = ourSide({ baseUrl, warmConnections: 3 });
    side.wire.onApplicationBootstrap();
    await waitFor('three connections', () => (sockets.length === 3 ? true : undefined));
  });
  afterEach(async () => {
    await side.wire.onApplicationShutdown();
    for (const socket of sockets) socket.destroy();
    listening.close();
  });

  it('carry the first proposals, and are replaced', async () => {
    const answer = await side.proposals.submit(proposal, within(2_000));
    expect(answer).toMatchObject({ kind: 'accepted' });
    expect(sockets.slice(0, 3).filter(({ bytesRead }) => bytesRead > 0)).toHaveLength(1);
    await waitFor('a fourth', () => (sockets.length === 4 ? true : undefined));
  });

  test.each<[string, (socket: Socket) => unknown]>([
    ['closes', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['says something on and closes', (socket) => socket.end('HTTP/1.1 408 Request Timeout\r\n\r\n')],
  ])('are not used once QI %s them', async (_, end) => {
    for (const socket of sockets) end(socket);
    expect(await side.proposals.submit(proposal, within(2_000))).toMatchObject({ kind: 'accepted' });
    await waitFor('three others', () => (sockets.length >= 6 ? true : undefined));
  });

  it('are closed at the end', async () => {
    await side.wire.onApplicationShutdown();
    await waitFor('the ends', () => (sockets.every(({ readyState }) => readyState !== 'open') ? true : undefined));
    expect(sockets).toHaveLength(3);
  });
});

test('kept connections serve calls that follow each other', async () => {
  const ports = new Set<number | undefined>();
  server.behave((_, socket) => {
    ports.add(socket.remotePort);
    return { body: ACCEPTED };
  });
  const { proposals } = ourSide({ baseUrl: server.baseUrl });
  for (let call = 0; call < 9; call += 1) await proposals.submit(proposal, within(2_000));
  // One is free again a turn of the event loop after its answer: a call that comes at once takes another.
  expect(ports.size).toBeLessThanOrEqual(2);
});

test('the proxy of the environment is not used', async () => {
  process.env['http_proxy'] = 'http://127.0.0.1:1';
  try {
    expect(await submit()).toMatchObject({ kind: 'accepted' });
  } finally {
    delete process.env['http_proxy'];
  }
});

describe('signed as jwt-v2', () => {
  it('proves body, method and path to whoever holds our public key', async () => {
    const { proposals } = ourSide({
      baseUrl: server.baseUrl,
      signing: 'jwt-v2',
      privateKeyPem: ours.privatePem,
    });
    expect(await proposals.submit(proposal, within(2_000))).toMatchObject({ kind: 'accepted' });
    const [request] = server.requests;
    const token = request?.headers.authorization ?? '';
    expect(JSON.parse(openJwt(token, ours.publicKey) ?? 'null')).toEqual({
      payload_md5: createHash('md5')
        .update(request?.body ?? '')
        .digest('hex'),
      timestamp: '2025-03-20T14:47:44.123000Z',
      method: 'POST',
      uri: PATH,
    });
    expect(openJwt(token, stranger.publicKey)).toBeUndefined();
    expect(request?.headers['api-client-key']).toBe(API_CLIENT_KEY);
  });
});

describe('signed as encoded-body-v1', () => {
  const signedBy = (key: typeof qis, body: string, over: object = {}): Answer =>
    encodedMessage(body, key.privateKey, { endpoint: PATH, ...over });
  const submitSigned = () =>
    ourSide({
      baseUrl: server.baseUrl,
      signing: 'encoded-body-v1',
      privateKeyPem: ours.privatePem,
      publicKeyPems: [qis.publicPem],
    }).proposals.submit(proposal, within(2_000));

  it('hides the body in a token and signs the five lines', async () => {
    server.behave(() => signedBy(qis, ACCEPTED));
    await submitSigned();
    const [request] = server.requests;
    const { encoded_body: token } = JSON.parse(String(request?.body)) as { encoded_body: string };
    expect(JSON.parse(openJwt(token, ours.publicKey) ?? 'null')).toEqual(
      JSON.parse(payloadText('private-payroll-auction/02-request-auction-proposal-disbursed-amount')),
    );
    const [, key, header = ''] = /^QIT (.+):(.+)$/.exec(request?.headers.authorization ?? '') ?? [];
    expect(key).toBe(API_CLIENT_KEY);
    expect(JSON.parse(openJwt(header, ours.publicKey) ?? 'null')).toEqual({
      sub: API_CLIENT_KEY,
      signature: [
        'POST',
        createHash('md5').update(token).digest('hex'),
        'application/json',
        'Thu, 20 Mar 2025 14:47:44 GMT',
        PATH,
      ].join('\n'),
    });
  });

  test.each<[name: string, answer: () => Answer, expected: object]>([
    [
      'QI signed it',
      () => signedBy(qis, ACCEPTED),
      { kind: 'accepted', auctionProposalKey: '814e7ed3-4080-4cae-a853-8e12812817ea', body: ACCEPTED },
    ],
    [
      'QI signed a refusal',
      () => ({ status: 400, ...signedBy(qis, REFUSED) }),
      { kind: 'rejected', why: 'margin' },
    ],
    [
      'a gateway refused in plain JSON',
      () => ({ status: 401, body: '{"code":"GDF000014"}' }),
      { kind: 'not_taken', why: 'GDF000014', httpStatus: 401 },
    ],
    ['a stranger signed it', () => signedBy(stranger, ACCEPTED), { kind: 'no_answer' }],
    [
      'a stranger signed a refusal',
      () => ({ status: 400, ...signedBy(stranger, REFUSED) }),
      { kind: 'no_answer' },
    ],
    [
      'it was signed for another path',
      () => signedBy(qis, ACCEPTED, { endpoint: '/other' }),
      { kind: 'no_answer' },
    ],
    ['nobody signed it', () => ({ body: ACCEPTED }), { kind: 'no_answer' }],
    ['it is empty', () => ({ status: 204 }), { kind: 'accepted' }],
  ])('an answer counts as what it says only when it can be believed: %s', async (_, answer, expected) => {
    server.behave(answer);
    expect(await submitSigned()).toMatchObject(expected);
  });
});

test('nothing personal and no address goes into the log', async () => {
  server.behave(() => ({ body: 'VALENTINA 00737823780' }));
  const side = ourSide({ baseUrl: server.baseUrl });
  await side.proposals.submit(proposal, within(2_000));
  expect(side.logged).toHaveLength(1);
  expect(side.logged.join()).not.toMatch(/VALENTINA|00737823780|127\.0\.0\.1/);
});
