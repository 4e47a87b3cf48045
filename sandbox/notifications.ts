import { Decimal, type JsonObject } from '../src/kernel';
import { ok, refusal, type Answer } from './answer';
import type { WebhookEvent } from './delivery';
import { isoZ } from './printed-time';

/** QI's list of past notifications, by which a partner finds what never reached it (public documentation). */

const LONGEST_WINDOW_MS = 14 * 86_400_000;
const ROWS_PER_PAGE = 25;

/** `debt` + `disbursed` is `debt_disbursed`; the collateral webhook has no status. */
function eventType(event: WebhookEvent): string {
  const family = event.webhookType.split('.').at(-1) ?? event.webhookType;
  return event.status === '' ? family : `${family}_${event.status}`;
}

export function listNotifications(events: readonly WebhookEvent[], query: URLSearchParams): Answer {
  const [start, end] = [instantOf(query.get('start_datetime')), instantOf(query.get('end_datetime'))];
  if (start === undefined || end === undefined)
    return refusal(400, 'start_datetime and end_datetime are required');
  if (end < start || end - start > LONGEST_WINDOW_MS)
    return refusal(400, 'The window must be of 14 days at most');
  const page = Math.max(1, Number(query.get('page') ?? '1') || 1);
  const wanted = events.filter(
    (event) =>
      event.createdAt.getTime() >= start &&
      event.createdAt.getTime() <= end &&
      matches(query.get('origin_key'), event.originKey) &&
      matches(query.get('event_type'), eventType(event)) &&
      matches(query.get('callback_status'), event.callbackStatus),
  );
  const rows = wanted.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE);
  return ok({
    data: rows.map(row),
    pagination: {
      current_page: new Decimal(page),
      next_page: wanted.length > page * ROWS_PER_PAGE ? new Decimal(page + 1) : null,
      rows_per_page: new Decimal(ROWS_PER_PAGE),
    },
  });
}

function row(event: WebhookEvent): JsonObject {
  return {
    event_key: event.eventKey,
    event_type: eventType(event),
    status: 'processed',
    event_datetime: isoZ(event.createdAt),
    origin_enumerator: event.webhookType,
    origin_key: event.originKey,
    callbacks: [{ callback_key: event.callbackKey, callback_status: event.callbackStatus }],
  };
}

function instantOf(text: string | null): number | undefined {
  const instant = text === null ? NaN : Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

const matches = (wanted: string | null, actual: string): boolean => wanted === null || wanted === actual;
