import type { Delivery } from '../inbox';
import { isJsonObject, parseJson, type JsonObject } from '../kernel';
import { rereadWebhook, type SigningScheme } from '../qi';

/** One webhook as it came, out of its token if it was in one. */
export interface ReceivedWebhook {
  readonly delivery: Delivery;
  readonly receivedAt: Date;
  readonly scheme: SigningScheme;
  /** As sent, in its wrapper if it has one. */
  readonly received: JsonObject;
  /** Without the wrapper. */
  readonly document: JsonObject;
  readonly type: string | undefined;
}

/** Reads a delivery; undefined when it is no webhook of QI's. */
export function receivedWebhook(delivery: Delivery, receivedAt: Date): ReceivedWebhook | undefined {
  const envelope = rereadWebhook(delivery.rawBody);
  const opened = openBody(delivery.rawBody);
  if (envelope === undefined || opened === undefined) return undefined;
  const { document, type } = envelope;
  const scheme = schemeOf(delivery, opened.inToken);
  return { delivery, receivedAt, scheme, received: opened.received, document, type };
}

/** The JSON as sent; the older scheme carries it in a token, which is looked into and not yet believed. */
function openBody(rawBody: Buffer): { readonly received: JsonObject; readonly inToken: boolean } | undefined {
  const outer = objectIn(rawBody.toString('utf8'));
  const token = outer?.['encoded_body'];
  if (typeof token !== 'string') return outer && { received: outer, inToken: false };
  const inner = objectIn(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return inner && { received: inner, inToken: true };
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function schemeOf({ headers }: Delivery, inToken: boolean): SigningScheme {
  if (inToken) return 'encoded-body-v1';
  return headers['authorization'] === undefined ? 'none' : 'jwt-v2';
}
