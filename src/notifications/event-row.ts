import { isJsonObject, parseJson } from '../kernel';
import type { NotificationEvent } from './domain';

/** An event as queries give it: `data::text`, so that no number passes through a float. */
export interface EventRow {
  readonly event_id: string;
  readonly event_type: string;
  readonly subject: string;
  readonly occurred_at: Date;
  readonly data: string;
}

export const EVENT_COLUMNS = `e.id AS event_id, e.type AS event_type, e.subject, e.occurred_at, e.data::text AS data`;

export function eventOf(row: EventRow): NotificationEvent {
  const data = parseJson(row.data);
  if (!isJsonObject(data)) throw new Error(`the data of event ${row.event_id} is no object`);
  return {
    id: row.event_id,
    type: row.event_type,
    subject: row.subject,
    occurredAt: row.occurred_at,
    data,
  };
}
