import type { JsonObject } from '../kernel';

/**
 * One webhook, durable and de-duplicated, out of whichever envelope QI used.
 * Unknown fields and types are kept; only what routing needs is named.
 */
export interface WebhookEvent {
  /** Our own number, ascending in order of receipt. */
  readonly id: string;
  readonly receivedAt: Date;
  /** `webhook_type`; undefined when QI left it out. */
  readonly type: string | undefined;
  /** `key`: what it names depends on the type. */
  readonly key: string | undefined;
  readonly status: string | undefined;
  /** `event_datetime` or `event_time`, as printed. */
  readonly eventAtText: string | undefined;
  /** The whole document, unwrapped from `{"webhook": ...}` where it was. */
  readonly document: JsonObject;
}
