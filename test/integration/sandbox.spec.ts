import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compactVerify, SignJWT } from 'jose';
import { startSandbox, type Sandbox } from '../../sandbox';

/** The sandbox against a partner of a few lines that knows the documents, not the sandbox's code. */

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly path: string;
}

type Reply = (
  received: Received,
) => { status: number; headers?: Record<string, string>; body?: string } | undefined;

class Receiver {
  readonly received: Received[] = [];
  reply: Reply = () => ({ status: 200 });
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const one = {
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString(),
          path: incoming.url ?? '',
        };
        this.received.push(one);
        const reply = this.reply(one);
        if (reply !== undefined) outgoing.writeHead(reply.status, reply.headers).end(reply.body);
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhooks/qi`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server?.close(resolve);
      this.#server?.closeAllConnections();
    });
  }

  bodies(): Webhook[] {
    return this.received.map(({ text }) => JSON.parse(text) as Webhook);
  }
}

interface Webhook {
  readonly webhook_type: string;
  readonly key: string;
  readonly status: string;
  readonly data: Record<string, unknown>;
  readonly webhook?: Webhook;
  readonly event_datetime: string;
}

async function eventually<T>(find: () => T | undefined, what: string, seconds = 8): Promise<T> {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`did not happen in ${seconds} s: ${what}`);
}

const OFFER = {
  request_control_key: '111e7ed3-4080-4cae-a853-8e12812817ea',
  disbursed_issue_amount: 1000,
  monthly_interest_rate: 0.02,
  number_of_installments: 12,
  purchaser_document_number: '01272247000120',
  days_to_expiration: 10,
  rebates: [{ fee_type: 'spread', amount_type: 'percentage', amount: 4.17 }],
};

const BIDDABLE = { consigned_credit_balance: 5000, disbursed_issue_amount: 1000, number_of_installments: 12 };

describe('sandbox', () => {
  const receiver = new Receiver();
  let sandbox: Sandbox;

  async function begin(options: Parameters<typeof startSandbox>[0] = {}): Promise<void> {
    const { behaviour, ...rest } = options;
    sandbox = await startSandbox({
      ...rest,
      webhookUrl: await receiver.start(),
      behaviour: { ...behaviour, pace: { auctions_per_minute: 0, window_seconds: 0.3, step_seconds: 0.05 } },
    });
  }

  afterEach(async () => {
    await sandbox.close();
    await receiver.stop();
    receiver.received.length = 0;
    receiver.reply = () => ({ status: 200 });
  });

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  };

  const propose = (key: string, change: Record<string, unknown> = {}) =>
    call('POST', `/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`, {
      ...OFFER,
      ...change,
    });

  const webhook = (type: string, status?: string): Promise<Webhook> =>
    eventually(
      () =>
        receiver
          .bodies()
          .map((body) => body.webhook ?? body)
          .find(
            (body) => body.webhook_type.endsWith(type) && (status === undefined || body.status === status),
          ),
      `${type} ${status ?? ''}`,
    );

  const violations = (): string[] => sandbox.control.ledger().violations.map((one) => one.kind);

  it('walks a loan from the auction to a refused payment, a new account and the money', async () => {
    await begin();
    const auction = sandbox.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, document_number: '52998224725' },
      rivals: ['0.021', '0.03'],
      loan: { reservation: ['margin_exceeded', 'reserved'], disbursement: ['ted_refusal', 'disbursed'] },
    });
    const opening = await webhook('new_issuer_proposal_request', 'ongoing');
    expect(opening.key).toBe(auction.key);
    // Sao Paulo's clock with a Z: three hours before the event that opens the window.
    const printed = Date.parse(String(opening.data['inclusion_limit_datetime']));
    expect(printed).toBe(auction.limitAt.getTime() - 3 * 3_600_000);

    const bid = await propose(auction.key);
    expect(bid).toMatchObject({
      status: 200,
      body: {
        status: 'bid',
        request_control_key: OFFER.request_control_key,
        rank_position: null,
        proposal_data: {
          monthly_interest_rate: null,
          simulation: { disbursed_issue_amount: 1000, monthly_interest_rate: 0.02 },
        },
      },
    });

    const won = await webhook('end_of_auction', 'won');
    expect(won.key).toBe(bid.body['auction_proposal_key']);
    const key = String(won.data['credit_operation_key']);
    expect(await webhook('credit_operation.status_change', 'signed')).not.toHaveProperty('data');
    expect((await webhook('reservation_status_change')).key).toBe(key);

    const authorize = `/private_payroll/reservation/external_key/${key}/authorize`;
    expect(await call('PATCH', authorize)).toMatchObject({
      status: 202,
      body: { reservation_status: 'authorized' },
    });
    const refused = await eventually(
      () => receiver.bodies().find((body) => 'data' in body && body.data['collateral_constituted'] === false),
      'a failed reservation',
    );
    expect(refused).toMatchObject({
      data: { collateral_data: { last_response: { errors: [{ enumerator: 'margin_exceeded' }] } } },
      event_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
    });
    const constituted = await eventually(
      () => receiver.bodies().find((body) => body.webhook !== undefined),
      'wrapped',
    );
    expect(constituted.webhook).toMatchObject({ key, data: { collateral_constituted: true } });
    expect(await webhook('debt', 'canceled')).toMatchObject({ data: { cancel_reason: 'ted_refusal' } });

    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'America/Sao_Paulo' });
    const again = await call('POST', `/debt/${key}/change_disbursement_date`, { disbursement_date: today });
    expect(again.status).toBe(200);
    expect(await webhook('debt', 'disbursed')).toMatchObject({ key, data: { installments: { length: 12 } } });

    const pages = await call('GET', `/private_payroll/reservation/external_key/${key}`);
    expect(pages.body).toMatchObject({
      pagination: { next_page: 2 },
      data: [{ reservation_status: 'pending_reservation' }],
    });
    const second = await call('GET', `/private_payroll/reservation/external_key/${key}?page=2`);
    expect(second.body).toMatchObject({
      pagination: { next_page: null },
      data: [{ reservation_status: 'reserved' }],
    });
    expect(violations()).toEqual([]);
    expect(sandbox.control.ledger().counts).toMatchObject({ won: 1, loans_disbursed: 1 });
  });

  it('ranks by rate: a dearer proposal loses, with a null operation key', async () => {
    await begin();
    const auction = sandbox.control.openAuction({ borrower: 'clean', request: BIDDABLE, rivals: ['0.0199'] });
    await propose(auction.key);
    const lost = await webhook('end_of_auction', 'lost');
    expect(lost.data).toMatchObject({ credit_operation_key: null, rank_position: 2 });
  });

  it('lets the first late proposal win where nobody bid, and refuses it where a rival did', async () => {
    await begin();
    const [alone, contested] = [[], ['0.05']].map((rivals) =>
      sandbox.control.openAuction({ borrower: 'clean', request: BIDDABLE, rivals, window_seconds: 0 }),
    );
    await eventually(
      () => (Date.now() > (alone?.limitAt.getTime() ?? 0) + 100 ? true : undefined),
      'the limit',
    );
    expect((await propose(contested?.key ?? '')).status).toBe(400);
    expect((await propose(alone?.key ?? '')).status).toBe(200);
    expect(await webhook('end_of_auction', 'won')).toMatchObject({ data: { rank_position: 1 } });
  });

  it('refuses an instalment above the margin in the printed words, by the cent', async () => {
    await begin();
    const probe = sandbox.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    const accepted = await propose(probe.key);
    const { installment_face_value: installment } = (
      accepted.body['proposal_data'] as { simulation: { installment_face_value: number } }
    ).simulation;
    const fits = sandbox.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, consigned_credit_balance: installment },
    });
    const short = sandbox.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, consigned_credit_balance: Number((installment - 0.01).toFixed(2)) },
    });
    expect((await propose(fits.key)).status).toBe(200);
    expect(await propose(short.key)).toMatchObject({
      status: 400,
      body: {
        title: 'Bad Request',
        description: 'Calculated installment face value is greater than consigned credit balance',
        code: 'QIT000001',
        extra_fields: {},
      },
    });
  });

  it('names every wrong field of a proposal', async () => {
    await begin();
    const { key } = sandbox.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    const answer = await propose(key, {
      monthly_interest_rate: 2,
      number_of_installments: 0,
      installment_face_value: 100,
      purchaser_document_number: 1272247000120,
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body['extra_fields'] as object).sort()).toEqual([
      'disbursed_issue_amount',
      'monthly_interest_rate',
      'number_of_installments',
      'purchaser_document_number',
    ]);
    expect(
      (await call('POST', '/private_payroll_auction/issuer_proposal_request/nobody/auction_proposal', OFFER))
        .status,
    ).toBe(404);
  });

  describe('keeps books of what must not happen', () => {
    it('a second proposal under another control key, even when the first answer was lost', async () => {
      await begin();
      const { key } = sandbox.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
        faults: ['reset_after_effect'],
      });
      await expect(propose(key)).rejects.toThrow();
      expect((await propose(key)).status).toBe(200); // the same key and terms: a repetition
      expect(violations()).toEqual([]);
      expect((await propose(key, { request_control_key: 'another' })).status).toBe(409);
      expect((await propose(key, { number_of_installments: 24 })).status).toBe(409);
      expect(violations()).toEqual(['second_proposal', 'control_key_reused']);
      const [entry] = sandbox.control.ledger().auctions;
      expect(entry?.proposals).toHaveLength(1);
      expect(entry?.attempts.map((attempt) => [attempt.status, attempt.heard])).toEqual([
        [200, false],
        [200, true],
        [409, true],
        [409, true],
      ]);
    });

    it('each reading of a repeated control key', async () => {
      await begin({ behaviour: { contract: { repeated_control_key: 'accept' } } });
      const { key } = sandbox.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
      });
      const [first, second] = [await propose(key), await propose(key)];
      expect(second.body['auction_proposal_key']).not.toBe(first.body['auction_proposal_key']);
      expect(violations()).toEqual(['proposal_doubled']);
      sandbox.control.setBehaviour({ contract: { repeated_control_key: 'reject' } });
      expect((await propose(key)).status).toBe(409);
    });

    it('a command given twice, or out of place', async () => {
      await begin();
      for (const key of ['first', 'second']) {
        await call('POST', '/_control/loans', { credit_operation_key: key, plan: { manual: true } });
      }
      const authorize = '/private_payroll/reservation/external_key/first/authorize';
      expect((await call('PATCH', authorize)).status).toBe(202);
      expect((await call('PATCH', authorize)).status).toBe(409);
      expect((await call('POST', '/debt/second/cancel_permanently')).status).toBe(200);
      expect((await call('POST', '/debt/second/cancel_permanently')).status).toBe(409);
      expect((await call('POST', '/debt/nobody/cancel_permanently')).status).toBe(404);
      expect(violations()).toEqual(['authorized_twice', 'canceled_twice', 'unknown_key']);
      expect(await webhook('debt', 'canceled_permanently')).toMatchObject({ key: 'second', data: {} });
    });
  });

  describe('the news of a loan that fails', () => {
    it.each([
      [
        { signature: 'face_validation_score' },
        'signature_failed',
        'laas.credit_operation.status_change',
        'canceled',
      ],
      [{ disbursement: ['pix_refusal'] }, 'disbursement_refused', 'debt', 'canceled'],
      [
        { reservation: ['employment_relationship_blocked'] },
        'reservation_refused',
        'credit_operation.collateral',
        '',
      ],
    ])('%j ends %s', async (plan, state, type, status) => {
      await begin();
      const key = 'the-loan';
      await call('POST', '/_control/loans', { credit_operation_key: key, plan: { manual: false, ...plan } });
      if (!('signature' in plan)) {
        await webhook('reservation_status_change');
        await call('PATCH', `/private_payroll/reservation/external_key/${key}/authorize`);
      }
      await eventually(() => sandbox.control.ledger().loans.find((loan) => loan.state === state), state);
      const last = sandbox.control.ledger().webhooks.at(-1);
      expect([last?.webhook_type, last?.status]).toEqual([type, status]);
    });

    it('tells a failed reservation by the newer webhook when so configured', async () => {
      await begin({ behaviour: { contract: { reservation_failure_webhook: 'reservation_failure' } } });
      await call('POST', '/_control/loans', {
        credit_operation_key: 'the-loan',
        plan: { manual: false, reservation: ['allowed_number_of_contracts_exceeded'] },
      });
      await webhook('reservation_status_change');
      await call('PATCH', '/private_payroll/reservation/external_key/the-loan/authorize');
      expect(await webhook('reservation_failure', 'pending_reservation')).toMatchObject({
        data: { reasons: [{ enumerator: 'allowed_number_of_contracts_exceeded' }] },
      });
    });
  });

  describe('delivers webhooks', () => {
    it('again after a failure, and no more once acknowledged', async () => {
      await begin({ behaviour: { webhooks: { retry_after_seconds: 0.05 } } });
      let answered = 0;
      receiver.reply = () => ({ status: (answered += 1) < 3 ? 503 : 200 });
      sandbox.control.openAuction({ rivals: [] });
      await eventually(() => (receiver.received.length === 3 ? true : undefined), 'three attempts');
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
      expect(receiver.received).toHaveLength(3);
      expect(sandbox.control.ledger().webhooks).toMatchObject([{ callback_status: 'sent' }]);
    });

    it('not at all when dropped, until the partner finds it in the list and asks for it', async () => {
      await begin({ behaviour: { webhooks: { drop_rate: 1 } } });
      const { key } = sandbox.control.openAuction({ rivals: [] });
      const window = `start_datetime=${new Date(Date.now() - 60_000).toISOString()}&end_datetime=${new Date(Date.now() + 60_000).toISOString()}`;
      const list = await call(
        'GET',
        `/notification/events?${window}&origin_key=${key}&callback_status=failed`,
      );
      const [found] = list.body['data'] as { event_key: string; callbacks: { callback_key: string }[] }[];
      expect(receiver.received).toHaveLength(0);
      const path = `/notification/events/${found?.event_key}/callbacks/${found?.callbacks[0]?.callback_key}`;
      expect((await call('PATCH', path)).status).toBe(200);
      expect((await webhook('new_issuer_proposal_request')).key).toBe(key);
      const tooLong = 'start_datetime=2025-01-01T00:00:00Z&end_datetime=2025-01-16T00:00:00Z';
      expect((await call('GET', `/notification/events?${tooLong}`)).status).toBe(400);
    });

    it('twice, when duplicating', async () => {
      await begin({ behaviour: { webhooks: { duplicate_rate: 1 } } });
      sandbox.control.openAuction({ rivals: [] });
      await eventually(() => (receiver.received.length === 2 ? true : undefined), 'a duplicate');
      expect(receiver.received[0]?.text).toBe(receiver.received[1]?.text);
    });

    it("of the test's own making, digit for digit, as often as asked", async () => {
      await begin();
      const raw =
        '{"body":{"webhook_type":"debt","key":"k","status":"disbursed","data":{"amount":5000.00100000000000000001}},"times":3}';
      const answer = await call('POST', '/_control/webhooks', raw);
      expect(answer.body['attempts']).toHaveLength(3);
      expect(receiver.received.map(({ text }) => text)[0]).toContain('5000.00100000000000000001');
    });
  });

  describe('withholds answers by configuration', () => {
    it.each([
      ['error', 503, 0],
      ['error_after_effect', 500, 1],
      ['too_many', 429, 0],
      ['slow', 200, 1],
    ] as const)('%s answers %i, with %i proposals in effect', async (fault, status, proposals) => {
      await begin({ behaviour: { api: { slow_seconds: 0.05 } } });
      const { key } = sandbox.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        faults: [fault],
        window_seconds: 30,
      });
      expect((await propose(key)).status).toBe(status);
      expect(sandbox.control.ledger().auctions[0]?.proposals).toHaveLength(proposals);
      expect((await propose(key)).status).toBe(200);
    });

    it('never answers after taking the proposal', async () => {
      await begin({ behaviour: { api: { timeout_after_effect_rate: 1 } } });
      const { key } = sandbox.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
      });
      const path = `${sandbox.url}/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`;
      const waiting = fetch(path, {
        method: 'POST',
        body: JSON.stringify(OFFER),
        signal: AbortSignal.timeout(200),
      });
      await expect(waiting).rejects.toThrow();
      expect(sandbox.control.ledger().auctions[0]?.proposals).toHaveLength(1);
    });
  });

  it('sends a partner only what its filter admits', async () => {
    await begin();
    const unused = {
      consigned_credit_balance: null,
      days_since_employment: null,
      age: null,
      alert_preferences: null,
    };
    const custom_data = {
      ...unused,
      disbursed_issue_amount: { min: 500, max: 2000 },
      number_of_installments: null,
      received_daily_proposals: { max: 1 },
    };
    const path = '/private_payroll_auction/requester_configuration/custom_data';
    expect((await call('PATCH', path, { status: 'active', custom_data: unused })).status).toBe(400);
    expect((await call('PATCH', path, { status: 'active', custom_data })).status).toBe(201);
    sandbox.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, disbursed_issue_amount: 2001 },
    });
    const { key } = sandbox.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    sandbox.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    await webhook('new_issuer_proposal_request');
    expect(sandbox.control.ledger().webhooks.map((one) => one.origin_key)).toEqual([key]);
  });

  it('refuses a wrong change of behaviour, naming the field, and changes nothing', async () => {
    await begin();
    const answer = await call('PUT', '/_control/behaviour', { webhooks: { drop_rate: 2, drip_rate: 1 } });
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toEqual([
      expect.stringContaining('webhooks.drop_rate'),
      expect.stringContaining('webhooks: Unrecognized key: "drip_rate"'),
    ]);
    expect((await call('GET', '/_control/behaviour')).body).toMatchObject({ webhooks: { drop_rate: 0 } });
  });

  describe('signing', () => {
    const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-521' });
    const [qi, ours, stranger] = [pair(), pair(), pair()];
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const signed = { apiClientKey: 'our-key', privateKey: qi.privateKey, partnerPublicKey: ours.publicKey };

    const jwt = (claims: Record<string, unknown>, key: KeyObject): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES512', typ: 'JWT' }).sign(key);

    async function claimsOf(token: string): Promise<Record<string, unknown>> {
      const { payload } = await compactVerify(token, qi.publicKey, { algorithms: ['ES512'] });
      return JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>;
    }

    it('jwt-v2: webhooks verify with its public key, and only requests signed by us are answered', async () => {
      await begin({ ...signed, signing: 'jwt-v2' });
      const { key } = sandbox.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
      });
      await webhook('new_issuer_proposal_request');
      const [received] = receiver.received;
      expect(received?.headers['api-client-key']).toBe('our-key');
      expect(await claimsOf(received?.headers.authorization ?? '')).toMatchObject({
        payload_md5: md5(received?.text ?? ''),
        method: 'POST',
        uri: '/webhooks/qi',
      });

      const path = `/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`;
      const body = JSON.stringify(OFFER);
      const claims = {
        payload_md5: md5(body),
        timestamp: new Date().toISOString(),
        method: 'POST',
        uri: path,
      };
      const status = async (change: object, by = ours.privateKey, clientKey = 'our-key'): Promise<number> => {
        const headers = {
          authorization: await jwt({ ...claims, ...change }, by),
          'api-client-key': clientKey,
        };
        return (await call('POST', path, body, headers)).status;
      };
      expect(await status({}, stranger.privateKey)).toBe(401);
      expect(await status({ payload_md5: md5('{}') })).toBe(401);
      expect(await status({ uri: '/test' })).toBe(401);
      expect(await status({ method: 'PATCH' })).toBe(401);
      expect(await status({ timestamp: '2023-06-26T19:48:32.759844Z' })).toBe(401);
      expect(await status({}, ours.privateKey, 'other')).toBe(404);
      expect((await call('POST', path, body)).status).toBe(400);
      expect(await status({})).toBe(200);
    });

    it('encoded-body-v1: both directions, and only a signed acknowledgement stops the retries', async () => {
      await begin({
        ...signed,
        signing: 'encoded-body-v1',
        behaviour: { webhooks: { retry_after_seconds: 0.05, retries: 20 } },
      });
      const { key } = sandbox.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
      });
      await eventually(
        () => (receiver.received.length >= 2 ? true : undefined),
        'a retry after an unsigned answer',
      );
      const { encoded_body: encoded } = JSON.parse(receiver.received[0]?.text ?? '') as {
        encoded_body: string;
      };
      expect(await claimsOf(encoded)).toMatchObject({ key, status: 'ongoing' });
      const authorization = receiver.received[0]?.headers.authorization ?? '';
      expect(authorization).toMatch(/^QIT our-key:/);
      const line = String((await claimsOf(authorization.slice('QIT our-key:'.length)))['signature']).split(
        '\n',
      );
      expect([line[0], line[1], line[2], line[4]]).toEqual([
        'POST',
        md5(encoded),
        'application/json',
        '/webhooks/qi',
      ]);

      const seal = async (method: string, path: string, claims: Record<string, unknown>) => {
        const token = await jwt(claims, ours.privateKey);
        const text = [method, md5(token), 'application/json', new Date().toUTCString(), path].join('\n');
        const proof = await jwt({ sub: 'our-key', signature: text }, ours.privateKey);
        return {
          headers: { authorization: `QIT our-key:${proof}`, 'api-client-key': 'our-key' },
          body: JSON.stringify({ encoded_body: token }),
        };
      };
      const acknowledgement = await seal('POST', '/webhooks/qi', { status: 'received' });
      receiver.reply = () => ({ status: 200, ...acknowledgement });
      await eventually(
        () => sandbox.control.ledger().webhooks.find((one) => one.callback_status === 'sent'),
        'the signed acknowledgement to be accepted',
      );

      const path = `/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`;
      const proposal = await seal('POST', path, OFFER);
      const answer = await call('POST', path, proposal.body, proposal.headers);
      expect(answer.status).toBe(200);
      expect(await claimsOf(String(answer.body['encoded_body']))).toMatchObject({ status: 'bid' });
    });

    it('a bad signature does not verify, and the retry does', async () => {
      await begin({
        ...signed,
        signing: 'jwt-v2',
        behaviour: { webhooks: { bad_signature_rate: 1, retry_after_seconds: 0.05 } },
      });
      receiver.reply = () => ({ status: receiver.received.length === 1 ? 401 : 200 });
      sandbox.control.openAuction({ rivals: [] });
      await eventually(() => (receiver.received.length === 2 ? true : undefined), 'a retry');
      const [bad, good] = receiver.received.map(({ headers }) => headers.authorization ?? '');
      await expect(claimsOf(bad ?? '')).rejects.toThrow();
      await expect(claimsOf(good ?? '')).resolves.toMatchObject({ method: 'POST' });
    });
  });
});
