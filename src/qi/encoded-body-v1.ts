import type { KeyObject } from 'node:crypto';
import { stringifyJson, type JsonObject } from '../kernel';
import { signToken, verifyToken } from './es512';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';
import { isMd5Of, md5Of } from './jwt-v2';

/** Which message a signature of the older scheme is about. */
export interface EncodedMessage {
  readonly method: string;
  /** Path with query string. */
  readonly endpoint: string;
}

interface Sender {
  readonly apiClientKey: string;
  readonly key: KeyObject;
}

export type DecodedBody =
  /** QI's own JSON text, out of its token. */
  | { readonly kind: 'authentic'; readonly body: Buffer }
  | { readonly kind: 'refused'; readonly why: string }
  /** The header is QI's, the body is not `{"encoded_body": ...}`. */
  | { readonly kind: 'not_json'; readonly why: string };

const AUTHORIZATION = /^QIT [^\s:]{1,128}:([\w-]+\.[\w-]+\.[\w-]+)$/;
const JSON_TYPE = 'application/json';

/**
 * Signs in QI's older scheme: the JSON becomes a token, and the header carries a second one over
 * METHOD, md5 of the first, content type, date and path, one per line. Without a body both md5 and type are empty.
 */
export async function encodeBody(
  message: EncodedMessage & { readonly json: string | undefined },
  sender: Sender,
  now: Date,
): Promise<{ readonly authorization: string; readonly body: string | undefined }> {
  const token = message.json === undefined ? undefined : await signToken(message.json, sender.key);
  const [md5, contentType] = token === undefined ? ['', ''] : [md5Of(token).toString('hex'), JSON_TYPE];
  return {
    authorization: await authorize({ ...message, md5, contentType }, sender, now),
    body: token === undefined ? undefined : stringifyJson({ encoded_body: token }),
  };
}

/** The header of an upload: its file is hashed as it is, and no token is made of it. */
export function signFile(
  message: EncodedMessage & { readonly contentType: string; readonly bytes: Buffer },
  sender: Sender,
  now: Date,
): Promise<string> {
  return authorize({ ...message, md5: md5Of(message.bytes).toString('hex') }, sender, now);
}

async function authorize(
  message: EncodedMessage & { readonly md5: string; readonly contentType: string },
  sender: Sender,
  now: Date,
): Promise<string> {
  const { method, md5, contentType, endpoint } = message;
  const textToSign = [method, md5, contentType, now.toUTCString(), endpoint].join('\n');
  const claims = stringifyJson({ sub: sender.apiClientKey, signature: textToSign });
  return `QIT ${sender.apiClientKey}:${await signToken(claims, sender.key)}`;
}

/**
 * Takes QI's JSON out of its token, when header and body are both signed by QI, for this message and for us.
 * Content type and date are QI's word too and decide nothing: a webhook sent again is as good as the first.
 */
export async function decodeBody(
  message: EncodedMessage & { readonly authorization: string | undefined; readonly body: Uint8Array },
  receiver: { readonly apiClientKey: string; readonly keys: readonly KeyObject[] },
): Promise<DecodedBody> {
  const headerToken = AUTHORIZATION.exec(message.authorization ?? '')?.[1];
  if (headerToken === undefined)
    return { kind: 'refused', why: 'AUTHORIZATION is not of the form QIT key:token' };

  const headerPayload = await verifyToken(headerToken, receiver.keys);
  if (headerPayload === undefined) return { kind: 'refused', why: 'the token is not signed by a known key' };
  const claims = new Fields(readJsonObject(headerPayload) ?? {});
  if (claims.text('sub') !== receiver.apiClientKey) {
    return { kind: 'refused', why: 'signed for another integration key' };
  }
  const [method, md5, , , endpoint] = (claims.text('signature') ?? '').split('\n');
  if (method !== message.method) return { kind: 'refused', why: 'signed for another method' };
  if (endpoint !== message.endpoint) return { kind: 'refused', why: 'signed for another path' };

  const bodyToken = readJsonObject(message.body)?.['encoded_body'];
  if (typeof bodyToken !== 'string') return { kind: 'not_json', why: 'the body has no encoded_body' };
  if (!isMd5Of(md5, bodyToken)) return { kind: 'refused', why: 'signed for another body' };
  const body = await verifyToken(bodyToken, receiver.keys);
  if (body === undefined) return { kind: 'refused', why: 'the body is not signed by a known key' };
  return { kind: 'authentic', body };
}

/** The JSON inside `{"encoded_body": token}`, its signature not looked at: for what was verified once already. */
export function payloadUnchecked(received: JsonObject | undefined): JsonObject | undefined {
  const token = received?.['encoded_body'];
  if (typeof token !== 'string') return undefined;
  return readJsonObject(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
}
