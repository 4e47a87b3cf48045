import { canonicalJson, type JsonObject } from '../../kernel';

/** One thing that happened, as the outbox holds it. */
export interface NotificationEvent {
  readonly id: string;
  /** One of EVENT_TYPES, or the trial. */
  readonly type: string;
  /** The key of what it happened to. */
  readonly subject: string;
  readonly occurredAt: Date;
  /** Keys, statuses, amounts as text, reason codes; nothing personal. */
  readonly data: JsonObject;
}

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/**
 * The event as CloudEvents 1.0 JSON, in structured mode. The same event gives the same bytes in every attempt.
 *
 * @param source the service's public address: with the id it makes the event unique in the world.
 */
export function writeCloudEvent(event: NotificationEvent, source: string): string {
  return canonicalJson({
    specversion: '1.0',
    id: event.id,
    source,
    type: event.type,
    subject: event.subject,
    time: event.occurredAt.toISOString(),
    datacontenttype: 'application/json',
    data: event.data,
  });
}
