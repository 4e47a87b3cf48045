import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { isJsonObject, parseJson, type JsonObject } from '../src/kernel';

/** QI's two documented ways of signing, seen from QI's side: its key signs, the partner's public key checks. */
export type SigningScheme = 'none' | 'jwt-v2' | 'encoded-body-v1';

export interface Identity {
  readonly scheme: SigningScheme;
  readonly apiClientKey: string;
  /** QI's; undefined only when nothing is signed. */
  readonly privateKey: KeyObject | undefined;
  readonly partnerPublicKey: KeyObject | undefined;
}

/** What both sides sign: the call's line, its bytes and its moment. */
export interface Message {
  readonly method: string;
  /** Path, with the query string where there is one. */
  readonly uri: string;
  readonly body: string;
  /** Of an upload, the file: what is hashed in the place of the body. */
  readonly file?: Buffer;
  readonly at: Date;
}

export interface Sealed {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export type Opened =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly why: string };

const JSON_TYPE = 'application/json';

export function seal(identity: Identity, message: Message): Sealed {
  const headers: Record<string, string> = { 'content-type': JSON_TYPE };
  if (identity.scheme === 'none') return { headers, body: message.body };
  if (identity.privateKey === undefined) throw new RangeError(`${identity.scheme} needs a private key`);
  headers['api-client-key'] = identity.apiClientKey;
  if (identity.scheme === 'jwt-v2') {
    headers['authorization'] = writeJwt(
      JSON.stringify({
        payload_md5: md5(message.body),
        timestamp: message.at.toISOString().replace('Z', '000Z'),
        method: message.method,
        uri: message.uri,
      }),
      identity.privateKey,
    );
    return { headers, body: message.body };
  }
  const encoded = writeJwt(message.body, identity.privateKey);
  const line = [message.method, md5(encoded), JSON_TYPE, message.at.toUTCString(), message.uri].join('\n');
  const token = writeJwt(
    JSON.stringify({ sub: identity.apiClientKey, signature: line }),
    identity.privateKey,
  );
  headers['authorization'] = `QIT ${identity.apiClientKey}:${token}`;
  return { headers, body: JSON.stringify({ encoded_body: encoded }) };
}

/** The same message under a signature that does not verify: what a forger, or a corrupted key, would send. */
export function spoil(sealed: Sealed): Sealed {
  const authorization = sealed.headers['authorization'];
  if (authorization === undefined) return sealed;
  const cut = authorization.lastIndexOf('.') + 1;
  const first = authorization.charAt(cut) === 'A' ? 'B' : 'A';
  return {
    ...sealed,
    headers: {
      ...sealed.headers,
      authorization: authorization.slice(0, cut) + first + authorization.slice(cut + 1),
    },
  };
}

/** Checks what the partner sent (a request, or a signed acknowledgement) and gives back its JSON text. */
export function open(
  identity: Identity,
  message: Message,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  toleranceSeconds: number,
): Opened {
  if (identity.scheme === 'none') return { ok: true, body: message.body };
  const clientKey = headers['api-client-key'];
  if (typeof clientKey !== 'string' || clientKey === '')
    return refused(400, 'GDF000003', 'No API Client Key received');
  if (clientKey !== identity.apiClientKey) {
    return refused(404, 'GDF000018', 'No ClientIntegration found for api_client_key');
  }
  if (identity.partnerPublicKey === undefined)
    return refused(401, 'GDF000014', 'no public key is registered');
  const authorization = headers['authorization'];
  if (typeof authorization !== 'string') return unauthenticated('no Authorization header');
  return identity.scheme === 'jwt-v2'
    ? openJwtV2(identity.partnerPublicKey, message, authorization, toleranceSeconds)
    : openEncodedBody(identity, identity.partnerPublicKey, message, authorization, toleranceSeconds);
}

function openJwtV2(key: KeyObject, message: Message, token: string, toleranceSeconds: number): Opened {
  const claims = readJwt(token, key);
  if (claims === undefined) return unauthenticated('the token does not verify');
  if (!hashesOf(message).includes(textOf(claims['payload_md5'])))
    return unauthenticated('payload_md5 is of other bytes');
  if (claims['method'] !== message.method) return unauthenticated('method differs');
  if (claims['uri'] !== message.uri && claims['uri'] !== message.uri.split('?')[0])
    return unauthenticated('uri differs');
  if (!isNear(claims['timestamp'], message.at, toleranceSeconds))
    return unauthenticated('timestamp is too far from now');
  return { ok: true, body: message.body };
}

/** An empty body may be hashed as such or as an empty object; of an upload the file alone is hashed. */
function hashesOf({ body, file }: Message): string[] {
  if (file !== undefined) return [md5(file)];
  return body === '' ? [md5(''), md5('{}')] : [md5(body)];
}

function openEncodedBody(
  identity: Identity,
  key: KeyObject,
  message: Message,
  authorization: string,
  toleranceSeconds: number,
): Opened {
  const token = /^QIT ([^:]+):(.+)$/.exec(authorization);
  if (token?.[1] !== identity.apiClientKey || token[2] === undefined)
    return unauthenticated('not "QIT <key>:<token>"');
  const claims = readJwt(token[2], key);
  if (claims === undefined) return unauthenticated('the token does not verify');
  if (claims['sub'] !== identity.apiClientKey) return unauthenticated('sub is not the client key');
  const encoded = encodedBodyOf(message.body);
  const [method, hash, contentType, date, endpoint] = textOf(claims['signature']).split('\n');
  if (method !== message.method) return unauthenticated('method differs');
  // Without a body QI's own sample leaves the line empty; others hash the empty text.
  const bodyHashes = encoded === '' ? ['', md5('')] : [md5(encoded)];
  const hashes = message.file === undefined ? bodyHashes : [md5(message.file)];
  if (!hashes.includes(hash ?? '-')) return unauthenticated('md5 is of other bytes');
  const freeType = message.file !== undefined || (message.body === '' && contentType === '');
  if (contentType !== JSON_TYPE && !freeType) return unauthenticated('content type differs');
  if (endpoint !== message.uri) return unauthenticated('endpoint differs');
  if (!isNear(date, message.at, toleranceSeconds)) return unauthenticated('date is too far from now');
  if (encoded === '') return { ok: true, body: '' };
  const body = readJwtText(encoded, key);
  return body === undefined ? unauthenticated('encoded_body does not verify') : { ok: true, body };
}

/** ES512 JWT around JSON text: text in, text out, so that numbers keep their digits. */
export function writeJwt(claims: string, key: KeyObject): string {
  const signed = `${base64url('{"typ":"JWT","alg":"ES512"}')}.${base64url(claims)}`;
  return `${signed}.${sign('sha512', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** The claims of a valid ES512 token; undefined when it is not one. */
export function readJwt(token: string, key: KeyObject): JsonObject | undefined {
  const text = readJwtText(token, key);
  return text === undefined ? undefined : objectFrom(text);
}

function readJwtText(token: string, key: KeyObject): string | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0)
    return undefined;
  if (objectFrom(Buffer.from(header, 'base64url').toString())?.['alg'] !== 'ES512') return undefined;
  const bytes = Buffer.from(signature, 'base64url');
  const valid = verify(
    'sha512',
    Buffer.from(`${header}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    bytes,
  );
  return valid ? Buffer.from(claims, 'base64url').toString() : undefined;
}

function encodedBodyOf(body: string): string {
  const encoded = body === '' ? '' : objectFrom(body)?.['encoded_body'];
  return typeof encoded === 'string' ? encoded : '';
}

function objectFrom(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isNear(text: unknown, now: Date, toleranceSeconds: number): boolean {
  const moment = typeof text === 'string' ? Date.parse(text) : NaN;
  return Math.abs(moment - now.getTime()) <= toleranceSeconds * 1000;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const unauthenticated = (why: string): Opened => refused(401, 'GDF000014', why);
const refused = (status: number, code: string, why: string): Opened => ({ ok: false, status, code, why });
