import { generateKeyPairSync } from 'node:crypto';
import { BIDDABLE, eventually, OFFER, proposalPath, SandboxPartner } from './sandbox-partner';

describe('sandbox: delivery and faults', () => {
  let partner: SandboxPartner;
  afterEach(() => partner.stop());

  it('again after a failure, and no more once acknowledged', async () => {
    partner = await SandboxPartner.start({ behaviour: { webhooks: { retry_after_seconds: 0.05 } } });
    let answered = 0;
    partner.reply = () => ({ status: (answered += 1) < 3 ? 503 : 200 });
    partner.control.openAuction({ rivals: [] });
    await eventually(() => (partner.received.length === 3 ? true : undefined), 'three attempts');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(new Set(partner.received.map(({ text }) => text)).size).toBe(1);
    expect(partner.received).toHaveLength(3);
    expect(partner.control.ledger().webhooks).toMatchObject([{ callback_status: 'sent' }]);
  });

  it('not at all when dropped, until the partner finds it in the list and asks for it', async () => {
    partner = await SandboxPartner.start({ behaviour: { webhooks: { drop_rate: 1 } } });
    const { key } = partner.control.openAuction({ rivals: [] });
    const window = `start_datetime=${new Date(Date.now() - 60_000).toISOString()}&end_datetime=${new Date(Date.now() + 60_000).toISOString()}`;
    const list = await partner.call(
      'GET',
      `/notification/events?${window}&origin_key=${key}&callback_status=failed`,
    );
    const [found] = list.body['data'] as { event_key: string; callbacks: { callback_key: string }[] }[];
    expect(partner.received).toHaveLength(0);
    const path = `/notification/events/${found?.event_key}/callbacks/${found?.callbacks[0]?.callback_key}`;
    expect((await partner.call('PATCH', path)).status).toBe(200);
    expect((await partner.webhook('new_issuer_proposal_request')).key).toBe(key);
    const tooLong = 'start_datetime=2025-01-01T00:00:00Z&end_datetime=2025-01-16T00:00:00Z';
    expect((await partner.call('GET', `/notification/events?${tooLong}`)).status).toBe(400);
  });

  it('late, and in another order, when so configured', async () => {
    partner = await SandboxPartner.start({
      behaviour: { webhooks: { reorder_rate: 1, delay_up_to_seconds: 0.2 } },
    });
    const held = partner.control.openAuction({ rivals: [] });
    partner.control.setBehaviour({ webhooks: { reorder_rate: 0 } });
    const prompt = partner.control.openAuction({ rivals: [] });
    await eventually(() => (partner.received.length === 2 ? true : undefined), 'both');
    expect(partner.bodies().map(({ key }) => key)).toEqual([prompt.key, held.key]);

    partner.control.setBehaviour({ webhooks: { delay_rate: 1 } });
    partner.control.openAuction({ rivals: [] });
    expect(partner.received).toHaveLength(2);
    await eventually(() => (partner.received.length === 3 ? true : undefined), 'the delayed one');
  });

  it('with a wrong clock, truly in UTC, or all in the wrapper', async () => {
    partner = await SandboxPartner.start({
      behaviour: { webhooks: { clock_skew_seconds: 3600 }, contract: { deadline_zone: 'utc' } },
    });
    const auction = partner.control.openAuction({ rivals: [] });
    const { data, event_datetime: printed } = await partner.webhook('new_issuer_proposal_request');
    expect(Date.parse(String(data?.['inclusion_limit_datetime'])) - auction.limitAt.getTime()).toBe(
      3_600_000,
    );
    expect(Date.parse(printed) - Date.now()).toBeGreaterThan(3_590_000);
    partner.control.setBehaviour({ contract: { wrapped: 'all' } });
    partner.control.openAuction({ rivals: [] });
    await eventually(() => partner.bodies().find((body) => body.webhook !== undefined), 'a wrapped one');
  });

  it('under the first signature, grown old, when attempts are not signed anew', async () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    partner = await SandboxPartner.start({
      signing: 'jwt-v2',
      privateKey: keys.privateKey,
      behaviour: { webhooks: { sign_each_attempt: false, retry_after_seconds: 0.05 } },
    });
    partner.reply = () => ({ status: partner.received.length === 1 ? 500 : 200 });
    partner.control.openAuction({ rivals: [] });
    await eventually(() => (partner.received.length === 2 ? true : undefined), 'a retry');
    const [first, second] = partner.received.map(({ headers }) => headers.authorization);
    expect(first).toBe(second);
    expect(first).toMatch(/^ey/);
  });

  it('twice, when duplicating', async () => {
    partner = await SandboxPartner.start({ behaviour: { webhooks: { duplicate_rate: 1 } } });
    partner.control.openAuction({ rivals: [] });
    await eventually(() => (partner.received.length === 2 ? true : undefined), 'a duplicate');
    expect(partner.received[0]?.text).toBe(partner.received[1]?.text);
  });

  it("of the test's own making, digit for digit, as often as asked", async () => {
    partner = await SandboxPartner.start();
    const raw =
      '{"body":{"webhook_type":"debt","key":"k","status":"disbursed","data":{"amount":5000.00100000000000000001}},"times":3}';
    const answer = await partner.call('POST', '/_control/webhooks', raw);
    expect(answer.body['attempts']).toHaveLength(3);
    expect(partner.received.map(({ text }) => text)[0]).toContain('5000.00100000000000000001');
  });

  it('refuses a wrong change of behaviour, naming the field, and changes nothing', async () => {
    partner = await SandboxPartner.start();
    const answer = await partner.call('PUT', '/_control/behaviour', {
      webhooks: { drop_rate: 2, drip_rate: 1 },
    });
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toEqual([
      expect.stringContaining('webhooks.drop_rate'),
      expect.stringContaining('webhooks: Unrecognized key: "drip_rate"'),
    ]);
    expect((await partner.call('GET', '/_control/behaviour')).body).toMatchObject({
      webhooks: { drop_rate: 0 },
    });
  });

  describe('withholds answers by configuration', () => {
    it.each([
      ['error', 503, 0],
      ['error_after_effect', 500, 1],
      ['too_many', 429, 0],
      ['slow', 200, 1],
    ] as const)('%s answers %i, with %i proposals in effect', async (fault, status, proposals) => {
      partner = await SandboxPartner.start({ behaviour: { api: { slow_seconds: 0.05 } } });
      const { key } = partner.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        faults: [fault],
        window_seconds: 30,
      });
      expect((await partner.propose(key)).status).toBe(status);
      expect(partner.control.ledger().auctions[0]?.proposals).toHaveLength(proposals);
      expect((await partner.propose(key)).status).toBe(200);
    });

    it('never answers after taking the proposal', async () => {
      partner = await SandboxPartner.start({ behaviour: { api: { timeout_after_effect_rate: 1 } } });
      const { key } = partner.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
      });
      const path = partner.sandbox.url + proposalPath(key);
      const waiting = fetch(path, {
        method: 'POST',
        body: JSON.stringify(OFFER),
        signal: AbortSignal.timeout(200),
      });
      await expect(waiting).rejects.toThrow();
      expect(partner.control.ledger().auctions[0]?.proposals).toHaveLength(1);
    });
  });
});
