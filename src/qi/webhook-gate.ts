import { Inject, Injectable } from '@nestjs/common';
import type { Admission, Delivery, Envelope, WebhookGate } from '../inbox';
import { MINUTE_MS, stringifyJson, type Clock } from '../kernel';
import { CLOCK, LOGGER, type Logger } from '../platform';
import { readTime } from './datetimes';
import { decodeBody, encodeBody } from './encoded-body-v1';
import { readJsonObject } from './json-bytes';
import { verifyJwtV2 } from './jwt-v2';
import { QiKeys } from './qi-keys';
import { QI_SETTINGS, type QiSettings } from './qi-settings';
import { readEnvelope } from './read-envelope';
import { rereadWebhook } from './reread';

const MAX_AUTHORIZATION_LENGTH = 8_192;
const FUTURE_TOLERANCE_MS = 5 * MINUTE_MS;
const JSON_HEADERS = { 'content-type': 'application/json' };

/**
 * Admits QI's webhooks by signature, in whichever scheme is set.
 *
 * The signature's age decides nothing: QI sends a webhook again hours later with the signature of then, and a copy
 * played back by somebody else is a duplicate, which the inbox recognises by content and does nothing about.
 */
@Injectable()
export class QiWebhookGate implements WebhookGate {
  constructor(
    @Inject(QI_SETTINGS) private readonly settings: QiSettings,
    private readonly keys: QiKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async admit(delivery: Delivery): Promise<Admission> {
    const { webhookAuth } = this.settings;
    if (webhookAuth === 'none') return open(delivery.rawBody);
    const authorization = delivery.headers['authorization']?.trim();
    if (authorization === undefined || authorization === '') return refused('AUTHORIZATION is missing');
    if (authorization.length > MAX_AUTHORIZATION_LENGTH) return refused('AUTHORIZATION is too long');
    return webhookAuth === 'jwt-v2'
      ? this.#admitJwtV2(delivery, authorization)
      : this.#admitEncodedBody(delivery, authorization);
  }

  async #admitJwtV2(delivery: Delivery, authorization: string): Promise<Admission> {
    const { method, uri, rawBody } = delivery;
    const verdict = await verifyJwtV2(authorization, { method, uri, body: rawBody }, this.keys.publicKeys);
    if (verdict.kind === 'refused') return verdict;
    this.#watchClocks(verdict.timestampText);
    return open(rawBody);
  }

  async #admitEncodedBody({ method, uri, rawBody }: Delivery, authorization: string): Promise<Admission> {
    const decoded = await decodeBody(
      { method, endpoint: uri, authorization, body: rawBody },
      { apiClientKey: this.settings.apiClientKey, keys: this.keys.publicKeys },
    );
    return decoded.kind === 'authentic' ? open(decoded.body) : decoded;
  }

  /** A signature from the future means that a clock is wrong, ours perhaps: our deadlines depend on it. */
  #watchClocks(timestampText: string | undefined): void {
    const signed = timestampText === undefined ? undefined : readTime(timestampText);
    if (signed?.kind !== 'date_time') return;
    const ahead = signed.instant.getTime() - this.clock.now().getTime();
    if (ahead > FUTURE_TOLERANCE_MS) {
      this.logger.warn({ ahead_ms: ahead }, 'a webhook was signed in the future: check the clocks');
    }
  }

  reread(rawBody: Buffer): Envelope | undefined {
    return rereadWebhook(rawBody);
  }

  async acknowledge(
    delivery: Delivery,
  ): Promise<{ readonly body: string; readonly headers: Readonly<Record<string, string>> }> {
    const json = stringifyJson({ status: 'received' });
    if (this.settings.webhookAuth !== 'encoded-body-v1') return { body: json, headers: JSON_HEADERS };
    const { apiClientKey } = this.settings;
    const { authorization, body } = await encodeBody(
      { method: delivery.method, endpoint: delivery.uri, json },
      { apiClientKey, key: this.keys.privateKey },
      this.clock.now(),
    );
    return {
      body: body ?? json,
      headers: { ...JSON_HEADERS, authorization, 'api-client-key': apiClientKey },
    };
  }
}

function open(bytes: Buffer): Admission {
  const document = readJsonObject(bytes);
  if (document === undefined) return { kind: 'not_json', why: 'the body is not a JSON object' };
  return { kind: 'admitted', envelope: readEnvelope(document) };
}

function refused(why: string): Admission {
  return { kind: 'refused', why };
}
