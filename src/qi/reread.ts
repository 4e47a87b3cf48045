import type { Envelope } from '../inbox';
import { payloadUnchecked } from './encoded-body-v1';
import { readJsonObject } from './json-bytes';
import { readEnvelope } from './read-envelope';

/** Reads the body of a webhook that was admitted before, without checking it again; undefined when it is none of QI's. */
export function rereadWebhook(rawBody: Buffer): Envelope | undefined {
  const received = readJsonObject(rawBody);
  const document = payloadUnchecked(received) ?? received;
  return document === undefined ? undefined : readEnvelope(document);
}
