import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { compactVerify, SignJWT } from 'jose';
import { BIDDABLE, eventually, OFFER, proposalPath, SandboxPartner } from './sandbox-partner';

describe('sandbox: signing', () => {
  let partner: SandboxPartner;
  afterEach(() => partner.stop());

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
    partner = await SandboxPartner.start({ ...signed, signing: 'jwt-v2' });
    const { key } = partner.control.openAuction({
      borrower: 'clean',
      request: BIDDABLE,
      window_seconds: 30,
    });
    await partner.webhook('new_issuer_proposal_request');
    const [received] = partner.received;
    expect(received?.headers['api-client-key']).toBe('our-key');
    expect(await claimsOf(received?.headers.authorization ?? '')).toMatchObject({
      payload_md5: md5(received?.text ?? ''),
      method: 'POST',
      uri: '/webhooks/qi',
    });

    const path = proposalPath(key);
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
      return (await partner.call('POST', path, body, headers)).status;
    };
    expect(await status({}, stranger.privateKey)).toBe(401);
    expect(await status({ payload_md5: md5('{}') })).toBe(401);
    expect(await status({ uri: '/test' })).toBe(401);
    expect(await status({ method: 'PATCH' })).toBe(401);
    expect(await status({ timestamp: '2023-06-26T19:48:32.759844Z' })).toBe(401);
    expect(await status({}, ours.privateKey, 'other')).toBe(404);
    expect((await partner.call('POST', path, body)).status).toBe(400);
    expect(await status({})).toBe(200);
  });

  it('jwt-v2: an upload is signed by the hash of its file alone', async () => {
    partner = await SandboxPartner.start({ ...signed, signing: 'jwt-v2' });
    const file = Buffer.from([0, 255, 13, 10, 45, 45, 200]);
    const upload = async (hashed: Buffer): Promise<Response> => {
      const form = new FormData();
      form.append('note', 'no file');
      form.append('file', new Blob([file]), 'rg.png');
      const timestamp = new Date().toISOString();
      const hash = createHash('md5').update(hashed).digest('hex');
      const claims = { payload_md5: hash, timestamp, method: 'POST', uri: '/upload' };
      return fetch(`${partner.sandbox.url}/upload`, {
        method: 'POST',
        body: form,
        headers: { 'api-client-key': 'our-key', authorization: await jwt(claims, ours.privateKey) },
      });
    };
    expect((await upload(Buffer.from('another'))).status).toBe(401);
    expect(await (await upload(file)).json()).toMatchObject({
      document_md5: createHash('md5').update(file).digest('hex'),
    });
  });

  it('encoded-body-v1: both directions, and only a signed acknowledgement stops the retries', async () => {
    partner = await SandboxPartner.start({
      ...signed,
      signing: 'encoded-body-v1',
      behaviour: { webhooks: { retry_after_seconds: 0.05, retries: 20 } },
    });
    const { key } = partner.control.openAuction({
      borrower: 'clean',
      request: BIDDABLE,
      window_seconds: 30,
    });
    await eventually(
      () => (partner.received.length >= 2 ? true : undefined),
      'a retry after an unsigned answer',
    );
    const { encoded_body: encoded } = JSON.parse(partner.received[0]?.text ?? '') as {
      encoded_body: string;
    };
    expect(await claimsOf(encoded)).toMatchObject({ key, status: 'ongoing' });
    const authorization = partner.received[0]?.headers.authorization ?? '';
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
    partner.reply = () => ({ status: 200, ...acknowledgement });
    await eventually(
      () => partner.control.ledger().webhooks.find((one) => one.callback_status === 'sent'),
      'the signed acknowledgement to be accepted',
    );

    const path = proposalPath(key);
    const proposal = await seal('POST', path, OFFER);
    const answer = await partner.call('POST', path, proposal.body, proposal.headers);
    expect(answer.status).toBe(200);
    expect(await claimsOf(String(answer.body['encoded_body']))).toMatchObject({ status: 'bid' });
  });

  it('a bad signature does not verify, and the retry does', async () => {
    partner = await SandboxPartner.start({
      ...signed,
      signing: 'jwt-v2',
      behaviour: { webhooks: { bad_signature_rate: 1, retry_after_seconds: 0.05 } },
    });
    partner.reply = () => ({ status: partner.received.length === 1 ? 401 : 200 });
    partner.control.openAuction({ rivals: [] });
    await eventually(() => (partner.received.length === 2 ? true : undefined), 'a retry');
    const [bad, good] = partner.received.map(({ headers }) => headers.authorization ?? '');
    await expect(claimsOf(bad ?? '')).rejects.toThrow();
    await expect(claimsOf(good ?? '')).resolves.toMatchObject({ method: 'POST' });
  });
});
