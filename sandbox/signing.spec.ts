import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { open, readJwt, seal, spoil, writeJwt, type Identity, type SigningScheme } from './signing';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-521' });
const [qi, ours] = [pair(), pair()];
const at = new Date('2026-03-10T12:00:00Z');
const message = { method: 'POST', uri: '/debt/x/cancel_permanently?a=1', body: '{"amount":5000.00}', at };

/** The same channel seen from both ends. */
const sender = (scheme: SigningScheme): Identity => ({
  scheme,
  apiClientKey: 'key',
  privateKey: ours.privateKey,
  partnerPublicKey: qi.publicKey,
});
const receiver = (scheme: SigningScheme): Identity => ({
  scheme,
  apiClientKey: 'key',
  privateKey: qi.privateKey,
  partnerPublicKey: ours.publicKey,
});

describe.each<SigningScheme>(['jwt-v2', 'encoded-body-v1'])('%s', (scheme) => {
  const sealed = seal(sender(scheme), message);
  const opened = (change: Partial<typeof message> = {}, headers = sealed.headers) =>
    open(receiver(scheme), { ...message, body: sealed.body, ...change }, headers, 300);

  it('gives back the very text that was signed', () => {
    expect(opened()).toEqual({ ok: true, body: '{"amount":5000.00}' });
  });

  it.each([
    ['another method', { method: 'PATCH' }],
    ['another path', { uri: '/debt/y/cancel_permanently?a=1' }],
    ['another body', { body: '{"amount":6000.00}' }],
    ['no body', { body: '' }],
    ['a later hour', { at: new Date(at.getTime() + 301_000) }],
    ['an earlier hour', { at: new Date(at.getTime() - 301_000) }],
  ])('refuses %s', (_, change) => {
    expect(opened(change)).toMatchObject({ ok: false, status: 401, code: 'GDF000014' });
  });

  it('refuses a spoiled signature, and says who is unknown', () => {
    expect(opened({}, spoil(sealed).headers)).toMatchObject({ ok: false, status: 401 });
    expect(opened({}, { ...sealed.headers, 'api-client-key': 'other' })).toMatchObject({
      ok: false,
      status: 404,
    });
    expect(opened({}, {})).toMatchObject({ ok: false, status: 400, code: 'GDF000003' });
  });
});

describe('jwt', () => {
  it('reads nothing but ES512 tokens of the right key', () => {
    const token = writeJwt('{"a":1}', qi.privateKey);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.').slice(1).join('.')}`;
    expect(readJwt(token, ours.publicKey)).toBeUndefined();
    expect(readJwt(none, qi.publicKey)).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => readJwt(text, qi.publicKey) === undefined));
    expect(readJwt(token, qi.publicKey)).toHaveProperty('a');
  });
});
