import { createHash, timingSafeEqual, type KeyObject } from 'node:crypto';
import { stringifyJson } from '../kernel';
import { signToken, verifyToken } from './es512';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';

/** One HTTP message as its signature sees it. */
export interface SignedMessage {
  readonly method: string;
  /** Path with query string, exactly as it goes over the wire. */
  readonly uri: string;
  /** The body's bytes, exactly as they go over the wire. */
  readonly body: Uint8Array;
}

export type TokenVerdict =
  /** Signed by QI for this very message. `timestampText` says when; it proves nothing more. */
  | { readonly kind: 'authentic'; readonly timestampText: string | undefined }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * The AUTHORIZATION header of QI's current scheme: an ES512 token with the md5 of the body, the time, the method
 * and the path. A message without a body is signed as `{}`, as QI's own sample does.
 */
export function signJwtV2(message: SignedMessage, key: KeyObject, now: Date): Promise<string> {
  const payload = message.body.length === 0 ? Buffer.from('{}') : message.body;
  const claims = {
    payload_md5: md5Of(payload).toString('hex'),
    timestamp: now.toISOString().replace('Z', '000Z'), // six decimals, as QI prints it
    method: message.method,
    uri: message.uri,
  };
  return signToken(stringifyJson(claims), key);
}

/** Whether `token` is QI's word for this very message. The body is hashed as it came, before anything parses it. */
export async function verifyJwtV2(
  token: string,
  message: SignedMessage,
  keys: readonly KeyObject[],
): Promise<TokenVerdict> {
  const payload = await verifyToken(token, keys);
  if (payload === undefined) return { kind: 'refused', why: 'the token is not signed by a known key' };
  const claims = new Fields(readJsonObject(payload) ?? {});
  if (claims.text('method') !== message.method) return { kind: 'refused', why: 'signed for another method' };
  if (claims.text('uri') !== message.uri) return { kind: 'refused', why: 'signed for another path' };
  if (!isMd5Of(claims.text('payload_md5'), message.body)) {
    return { kind: 'refused', why: 'signed for another body' };
  }
  return { kind: 'authentic', timestampText: claims.text('timestamp') };
}

export function md5Of(bytes: Uint8Array | string): Buffer {
  return createHash('md5').update(bytes).digest();
}

/** Whether `hex` is the md5 of these bytes, compared in constant time. */
export function isMd5Of(hex: string | undefined, bytes: Uint8Array | string): boolean {
  if (hex === undefined || !/^[0-9a-f]{32}$/i.test(hex)) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), md5Of(bytes));
}
