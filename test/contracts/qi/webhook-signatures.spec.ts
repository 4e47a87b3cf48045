import { parseJson, stringifyJson } from '../../../src/kernel';
import type { Admission } from '../../../src/inbox';
import { QiKeyError, type SigningScheme } from '../../../src/qi';
import {
  API_CLIENT_KEY,
  WEBHOOK_URI,
  encodedMessage,
  jwt,
  jwtV2Webhook,
  keyPair,
  openJwt,
  ourSide,
  startServer,
  type LoopbackServer,
  type OurSide,
  type OutgoingMessage,
} from './other-side';
import { payload, payloadText } from './payloads';

const ours = keyPair();
const qis = keyPair();
const qisNext = keyPair();
const stranger = keyPair();

const REQUEST = 'private-payroll-auction/01-webhook-new-issuer-proposal-request';
const COLLATERAL = 'private-payroll-reservation/03-webhook-collateral-constituted-true-wrapped';

describe.each<[SigningScheme, (body: string, key: typeof qis) => OutgoingMessage]>([
  ['jwt-v2', (body, key) => jwtV2Webhook(body, key.privateKey)],
  ['encoded-body-v1', (body, key) => encodedMessage(body, key.privateKey)],
])('webhooks signed as %s, over HTTP', (webhookAuth, signed) => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor({
      webhookAuth,
      privateKeyPem: ours.privatePem,
      publicKeyPems: [`${qis.publicPem}\n${qisNext.publicPem}`],
    });
  });
  afterAll(() => door.close());

  it('admits the printed webhook with its numbers exact', async () => {
    const admission = await door.deliver(signed(payloadText(REQUEST), qis));
    expect(admission).toMatchObject({
      kind: 'admitted',
      envelope: { key: '88b0203d-31ad-48c6-a795-b6d45ab4898a', status: 'ongoing' },
    });
    expect(documentOf(admission)).toBe(stringifyJson(payload(REQUEST)));
  });

  it('keeps a number that binary floats would change', async () => {
    const admission = await door.deliver(
      signed('{"webhook_type":"debt","amount":176.6603785598479778}', qis),
    );
    expect(documentOf(admission)).toContain('176.6603785598479778');
  });

  it('takes the document out of its wrapper', async () => {
    const admission = await door.deliver(signed(payloadText(COLLATERAL), qis));
    expect(admission).toMatchObject({
      envelope: { type: 'credit_operation.collateral', eventAtText: '2025-07-10 02:15:01' },
    });
  });

  it('admits what the next key signed, while keys are rotated', async () => {
    expect((await door.deliver(signed('{"a":1}', qisNext))).kind).toBe('admitted');
  });

  it('admits the same delivery again', async () => {
    const message = signed('{"a":1}', qis);
    expect((await door.deliver(message)).kind).toBe('admitted');
    expect((await door.deliver(message)).kind).toBe('admitted');
  });

  it.each([
    ['a stranger', stranger],
    ['ourselves', ours],
  ])('refuses what %s signed', async (_, key) => {
    expect(await door.deliver(signed('{"a":1}', key))).toMatchObject({ kind: 'refused' });
  });

  it('refuses a body changed in one byte', async () => {
    const { headers, body } = signed('{"amount": 2100}', qis);
    const at = Math.floor(body.length / 2);
    const changed = `${body.slice(0, at)}${body[at] === 'x' ? 'y' : 'x'}${body.slice(at + 1)}`;
    expect(await door.deliver({ headers, body: changed })).toMatchObject({ kind: 'refused' });
  });

  it('refuses the same delivery on another path or with another method', async () => {
    const message = signed('{"a":1}', qis);
    expect(await door.deliver(message, { uri: `${WEBHOOK_URI}?x=1` })).toMatchObject({
      kind: 'refused',
      why: 'signed for another path',
    });
    expect(await door.deliver(message, { method: 'PUT' })).toMatchObject({
      kind: 'refused',
      why: 'signed for another method',
    });
  });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['no token', 'Bearer'],
    ['a token of three dots', 'QIT key:...'],
    ['a header too long', `QIT ${API_CLIENT_KEY}:${'a'.repeat(9_000)}`],
  ])('refuses %s', async (_, authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    expect(await door.deliver({ headers, body: '{"a":1}' })).toMatchObject({ kind: 'refused' });
  });

  it('says of a signed body that is no JSON object that it is none', async () => {
    expect(await door.deliver(signed('[1]', qis))).toMatchObject({ kind: 'not_json' });
    expect(await door.deliver(signed('{"a":1,"a":2}', qis))).toMatchObject({ kind: 'not_json' });
    expect(await door.deliver(signed(`{"a":${'['.repeat(50_000)}`, qis))).toMatchObject({ kind: 'not_json' });
  });

  it('reads a stored body again without its signature', () => {
    const stored = Buffer.from(signed(payloadText(COLLATERAL), stranger).body);
    expect(door.side.gate.reread(stored)).toMatchObject({
      type: 'credit_operation.collateral',
      key: '<UUID>',
    });
    expect(door.side.gate.reread(Buffer.from('nothing'))).toBeUndefined();
  });
});

describe('jwt-v2 webhooks', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor({ webhookAuth: 'jwt-v2', publicKeyPems: [qis.publicPem, qisNext.publicPem] });
  });
  afterAll(() => door.close());

  it.each([
    ['years old', '2020-01-01T00:00:00.000000Z', 0],
    ['four minutes ahead', '2025-03-20T14:51:43.000000Z', 0],
    ['an hour ahead', '2025-03-20T15:47:43.000000Z', 1],
    ['unreadable', 'yesterday', 0],
  ])('admits a timestamp %s; only a clock running ahead is reported', async (_, timestamp, warnings) => {
    door.side.logged.length = 0;
    const message = jwtV2Webhook('{"a":1}', qis.privateKey, { timestamp });
    expect((await door.deliver(message)).kind).toBe('admitted');
    expect(door.side.logged).toHaveLength(warnings);
  });

  it.each([
    ['without an md5', { payload_md5: undefined }],
    ['with an md5 that is none', { payload_md5: '99914b93' }],
    ['without a method', { method: undefined }],
    ['without a path', { uri: undefined }],
  ])('refuses claims %s', async (_, claims) => {
    expect(await door.deliver(jwtV2Webhook('{}', qis.privateKey, claims))).toMatchObject({ kind: 'refused' });
  });

  it('is bound to ES512, whatever the token says', async () => {
    const body = '{"a":1}';
    const { headers } = jwtV2Webhook(body, qis.privateKey);
    const [, claims = ''] = (headers['authorization'] ?? '').split('.');
    const text = Buffer.from(claims, 'base64url').toString();
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    for (const authorization of [
      none,
      jwt(text, qis.privateKey, { alg: 'ES384' }),
      jwt(text, qis.privateKey, { alg: 'HS512' }),
    ]) {
      expect(await door.deliver({ headers: { authorization }, body })).toMatchObject({ kind: 'refused' });
    }
  });

  it('is acknowledged in plain JSON', async () => {
    const message = jwtV2Webhook('{"a":1}', qis.privateKey);
    const { body, headers } = await door.side.gate.acknowledge(deliveryOf(message));
    expect(JSON.parse(body)).toEqual({ status: 'received' });
    expect(headers).toEqual({ 'content-type': 'application/json' });
  });
});

describe('encoded-body-v1 webhooks', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor({
      webhookAuth: 'encoded-body-v1',
      privateKeyPem: ours.privatePem,
      publicKeyPems: [qis.publicPem],
    });
  });
  afterAll(() => door.close());

  it.each([
    ['for another integration key', { apiKey: 'another-key' }],
    ['over the md5 of another body', { md5: '99914b932bd37a50b983c5e7c90ae93b' }],
    ['around a body that a stranger signed', { bodyKey: stranger.privateKey }],
  ])('refuses a delivery signed %s', async (_, over) => {
    expect(await door.deliver(encodedMessage('{"a":1}', qis.privateKey, over))).toMatchObject({
      kind: 'refused',
    });
  });

  it('refuses the header of one delivery on the body of another', async () => {
    const { headers } = encodedMessage('{"a":1}', qis.privateKey);
    const { body } = encodedMessage('{"a":2}', qis.privateKey);
    expect(await door.deliver({ headers, body })).toMatchObject({
      kind: 'refused',
      why: 'signed for another body',
    });
  });

  it('says of a body without encoded_body that it is not what was agreed', async () => {
    const { headers } = encodedMessage('{"a":1}', qis.privateKey);
    expect(await door.deliver({ headers, body: '{"a":1}' })).toMatchObject({ kind: 'not_json' });
  });

  it('is acknowledged in a body that our key signed, for the path it came in by', async () => {
    const { body, headers } = await door.side.gate.acknowledge(
      deliveryOf(encodedMessage('{"a":1}', qis.privateKey)),
    );
    const { encoded_body: token } = JSON.parse(body) as { encoded_body: string };
    expect(openJwt(token, ours.publicKey)).toBe('{"status":"received"}');
    expect(headers['api-client-key']).toBe(API_CLIENT_KEY);
    const [, key, headerToken = ''] = /^QIT (.+):(.+)$/.exec(headers['authorization'] ?? '') ?? [];
    expect(key).toBe(API_CLIENT_KEY);
    const { sub, signature } = JSON.parse(openJwt(headerToken, ours.publicKey) ?? '{}') as Record<
      string,
      string
    >;
    expect(sub).toBe(API_CLIENT_KEY);
    expect(signature?.split('\n')).toEqual([
      'POST',
      expect.stringMatching(/^[0-9a-f]{32}$/),
      'application/json',
      'Thu, 20 Mar 2025 14:47:44 GMT',
      WEBHOOK_URI,
    ]);
  });
});

test('without authentication every JSON object is admitted and nothing else', async () => {
  const door = await openDoor({ webhookAuth: 'none' });
  expect((await door.deliver({ headers: {}, body: '{"a":1}' })).kind).toBe('admitted');
  for (const body of [
    '',
    'null',
    '"a"',
    '[{}]',
    '{"a":',
    Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'),
  ]) {
    expect((await door.deliver({ headers: {}, body })).kind).toBe('not_json');
  }
  await door.close();
});

describe('keys', () => {
  const base = { baseUrl: 'http://127.0.0.1:1' };
  test.each<[string, Partial<Parameters<typeof ourSide>[0]>, string]>([
    ['no private key to sign with', { signing: 'jwt-v2' }, 'QI_PRIVATE_KEY_FILE is required'],
    [
      'no private key to acknowledge with',
      { webhookAuth: 'encoded-body-v1', publicKeyPems: [qis.publicPem] },
      'QI_PRIVATE_KEY_FILE is required',
    ],
    [
      'a private key of another curve',
      { signing: 'jwt-v2', privateKeyPem: keyPair('prime256v1').privatePem },
      'QI_PRIVATE_KEY_FILE does not hold an EC P-521 private key',
    ],
    [
      'a public key for the private one',
      { signing: 'jwt-v2', privateKeyPem: ours.publicPem },
      'QI_PRIVATE_KEY_FILE does not hold an EC P-521 private key',
    ],
    ['no public key', { webhookAuth: 'jwt-v2' }, 'QI_PUBLIC_KEY_FILE is required'],
    [
      'a second public key of another curve',
      { webhookAuth: 'jwt-v2', publicKeyPems: [qis.publicPem + keyPair('secp384r1').publicPem] },
      'QI_PUBLIC_KEY_FILE does not hold EC P-521 public keys only',
    ],
    [
      'no public key for the answers',
      { signing: 'encoded-body-v1', privateKeyPem: ours.privatePem },
      'QI_PUBLIC_KEY_FILE is required',
    ],
  ])('%s stops the start, by name', (_, settings, message) => {
    expect(() => ourSide({ ...base, ...settings })).toThrow(new QiKeyError(message));
  });
});

/** A server whose requests go through our gate, and somebody to deliver to it. */
interface Door {
  readonly side: OurSide;
  deliver(message: OutgoingMessage, over?: { uri?: string; method?: string }): Promise<Admission>;
  close(): Promise<void>;
}

async function openDoor(settings: Partial<Parameters<typeof ourSide>[0]>): Promise<Door> {
  const side = ourSide({ baseUrl: 'http://127.0.0.1:1', ...settings });
  const server: LoopbackServer = await startServer(async ({ method, url, headers, body }) => {
    const { authorization } = headers;
    const admission = await side.gate.admit({ method, uri: url, headers: { authorization }, rawBody: body });
    return { body: stringifyJson(admission) };
  });
  return {
    side,
    close: () => server.close(),
    deliver: async ({ headers, body }, { uri = WEBHOOK_URI, method = 'POST' } = {}) => {
      const bytes = Buffer.from(body);
      const response = await fetch(server.baseUrl + uri, { method, headers, body: bytes });
      return parseJson(await response.text()) as unknown as Admission;
    },
  };
}

function deliveryOf({ headers, body }: OutgoingMessage) {
  return { method: 'POST', uri: WEBHOOK_URI, headers, rawBody: Buffer.from(body) };
}

function documentOf(admission: Admission): string {
  if (admission.kind !== 'admitted') throw new Error(admission.why);
  return stringifyJson(admission.envelope.document);
}
