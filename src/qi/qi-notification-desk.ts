import { Inject, Injectable } from '@nestjs/common';
import type {
  Notification,
  NotificationDesk,
  NotificationList,
  NotificationQuery,
  ResendAnswer,
} from '../reconciliation';
import { readTime } from './datetimes';
import type { Fields } from './fields';
import { fieldsOf, verdictOf } from './qi-answer';
import { QiClient } from './qi-client';
import type { QiExchange } from './qi-message';
import { QI_SETTINGS, type QiSettings } from './qi-settings';

/**
 * GET /notification/events and its resend (QI documentation, resending of notifications). The public text is cut off
 * before the path of the resend and names no parameter for a page: both are settings.
 */
@Injectable()
export class QiNotificationDesk implements NotificationDesk {
  constructor(
    private readonly client: QiClient,
    @Inject(QI_SETTINGS) private readonly settings: QiSettings,
  ) {}

  async list(
    { window, originKey, onlyFailed, page }: NotificationQuery,
    timeoutMs: number,
  ): Promise<NotificationList> {
    const { notifications: paths, pageParameter } = this.settings;
    const exchange = await this.client.exchange({
      method: 'GET',
      path: paths.listPath.split('/'),
      query: {
        start_datetime: toTheSecond(window.from),
        end_datetime: toTheSecond(new Date(window.to.getTime() + 999)), // none of that second is left out
        ...(originKey === undefined ? {} : { origin_key: originKey }),
        ...(onlyFailed ? { callback_status: 'failed' } : {}),
        ...(page === 1 ? {} : { [pageParameter]: String(page) }),
      },
      timeoutMs,
    });
    const failure = failureOf(exchange);
    if (failure !== undefined || exchange.kind !== 'answered')
      return failure ?? { kind: 'unavailable', why: 'no answer' };
    const answer = fieldsOf(exchange);
    const rows = answer.children('data');
    if (rows === undefined) return { kind: 'refused', why: 'the answer has no list' };
    const notifications = rows.map(readNotification).filter((each) => each !== undefined);
    return { kind: 'listed', notifications, ...readPaging(answer.child('pagination'), rows.length) };
  }

  async resend(eventKey: string, callbackKey: string, timeoutMs: number): Promise<ResendAnswer> {
    const path = this.settings.notifications.resendPath
      .split('/')
      .map((segment) => ({ '{event_key}': eventKey, '{callback_key}': callbackKey })[segment] ?? segment);
    const body = { event_key: eventKey, callback_key: callbackKey };
    const exchange = await this.client.exchange({ method: 'PATCH', path, body, timeoutMs });
    return failureOf(exchange) ?? { kind: 'resent' };
  }
}

function failureOf(
  exchange: QiExchange,
): { readonly kind: 'refused' | 'unavailable'; readonly why: string } | undefined {
  if (exchange.kind !== 'answered') return { kind: 'unavailable', why: exchange.why };
  const why = `HTTP ${exchange.httpStatus}`;
  switch (verdictOf(exchange.httpStatus)) {
    case 'accepted':
      return undefined;
    case 'not_taken':
    case 'server_error':
      return { kind: 'unavailable', why };
    case 'in_doubt':
    case 'rejected':
      return { kind: 'refused', why };
  }
}

function readNotification(row: Fields): Notification | undefined {
  const eventKey = row.key('event_key');
  if (eventKey === undefined) return undefined;
  const time = readTime(row.text('event_datetime', 'created_at') ?? '');
  return {
    eventKey,
    originKey: row.key('origin_key'),
    callbacks: (row.children('callbacks') ?? []).flatMap((callback) => {
      const key = callback.key('callback_key');
      return key === undefined ? [] : [{ key, status: callback.word('callback_status') }];
    }),
    occurredAt: time?.kind === 'date_time' ? time.instant : undefined,
  };
}

/** QI prints the size of a page and, it seems, no next one: a page that is not full is the last. */
function readPaging(
  pagination: Fields,
  rows: number,
): { readonly isLast: boolean; readonly isFull: boolean } {
  if (pagination.mentions('next_page')) {
    const isFull = pagination.has('next_page');
    return { isLast: !isFull, isFull };
  }
  const size = pagination.count('rows_per_page');
  return { isLast: rows === 0 || rows < (size ?? 1), isFull: size !== undefined && rows >= size };
}

/** YYYY-MM-DDTHH:mm:ssZ */
function toTheSecond(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}
