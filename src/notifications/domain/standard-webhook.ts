import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

/** A secret as the receiver is given it: the Standard Webhooks form, `whsec_` and base64. */
export function writeSecret(bytes: Buffer): string {
  return SECRET_PREFIX + bytes.toString('base64');
}

export interface WebhookMessage {
  readonly id: string;
  readonly body: string;
  /** When this attempt is made: receivers refuse what is too old. */
  readonly at: Date;
}

/**
 * The headers of a Standard Webhooks 1.0 message: HMAC-SHA256 over id, seconds since 1970 and body, joined by dots.
 * One signature per secret, so that a receiver may change from one to the other at any moment.
 */
export function signWebhook(
  { id, body, at }: WebhookMessage,
  secrets: readonly Buffer[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
