import { MINUTE_MS } from '../kernel';
import type { Logger } from '../platform';
import type { Conversation } from './conversation';
import { halvesOf, windowsBetween, type Window } from './domain';
import type { Notification, NotificationQuery } from './ports';

/** So much time is listed at once where a list may be long, or was too long for QI: no more than one run can read. */
export const PIECE_MS = 5 * MINUTE_MS;

interface Listed {
  readonly notifications: readonly Notification[];
  /** False when QI did not say everything. */
  readonly isWhole: boolean;
  /** Up to where nothing more can be learnt of the window, from its beginning on; undefined: nowhere. */
  readonly until: Date | undefined;
}

interface ReadOn {
  readonly notifications: readonly (Notification & { readonly since: Date })[];
  /** Up to where there is nothing more to read, from the beginning on; undefined: nowhere. */
  readonly until: Date | undefined;
}

/** Reads QI's list of what it has told. */
export class NotificationReader {
  constructor(private readonly logger: Logger) {}

  /**
   * One window after another, the oldest first, up to what could not be read whole. Where QI gives no answer the window may
   * be too long for it: it is tried in pieces, so that one that QI never lists at once is got past.
   */
  async readOn(
    talk: Conversation,
    windows: readonly Window[],
    onlyFailed: boolean,
    maxCalls: number,
  ): Promise<ReadOn> {
    const rest = [...windows];
    const notifications: ReadOn['notifications'][number][] = [];
    let until: Date | undefined;
    for (let window = rest.shift(); window !== undefined; window = rest.shift()) {
      const { from, to } = window;
      const listed = await this.listAll(talk, { window, originKey: undefined, onlyFailed }, maxCalls);
      for (const each of listed.notifications)
        notifications.push({ ...each, since: each.occurredAt ?? from });
      until = listed.until ?? until;
      if (listed.until !== undefined && listed.until >= to) continue;
      const isLong = to.getTime() - from.getTime() > PIECE_MS;
      if (!isLong || !talk.askOtherwise()) break;
      rest.unshift(...windowsBetween(listed.until ?? from, to, PIECE_MS));
    }
    return { notifications, until };
  }

  /**
   * QI may not know our word for a page: then each is the first, and the window is listed in shorter ones, the oldest
   * first. No more than a page of one second can be had from it; the reading goes on behind that second.
   */
  async listAll(
    talk: Conversation,
    query: Omit<NotificationQuery, 'page'>,
    maxCalls = Infinity,
  ): Promise<Listed> {
    const { notifications, end } = await listPages(talk, query, maxCalls);
    const { window } = query;
    if (end !== 'repeated')
      return { notifications, isWhole: end === 'last', until: end === 'last' ? window.to : undefined };
    const halves = halvesOf(window);
    if (halves === undefined) {
      this.logger.warn({ second: window.from, listed: notifications.length }, 'QI lists no more of a second');
      return { notifications, isWhole: false, until: window.to };
    }
    const [first, second] = halves;
    const older = await this.listAll(talk, { ...query, window: first }, maxCalls);
    if (older.until === undefined || older.until < first.to) return older;
    const newer = await this.listAll(talk, { ...query, window: second }, maxCalls);
    const byKey = new Map(
      [...older.notifications, ...newer.notifications].map((each) => [each.eventKey, each]),
    );
    return {
      notifications: [...byKey.values()],
      isWhole: older.isWhole && newer.isWhole,
      until: newer.until ?? older.until,
    };
  }
}

/** @returns repeated: QI has more, and lists nothing else as its next page. */
async function listPages(
  talk: Conversation,
  query: Omit<NotificationQuery, 'page'>,
  maxCalls: number,
): Promise<{
  readonly notifications: readonly Notification[];
  readonly end: 'last' | 'repeated' | 'cut_short';
}> {
  const byKey = new Map<string, Notification>();
  const ended = (end: 'last' | 'repeated' | 'cut_short') => ({ notifications: [...byKey.values()], end });
  for (let page = 1; talk.calls < maxCalls; page += 1) {
    const listed = await talk.list({ ...query, page });
    if (listed === undefined) break;
    const before = byKey.size;
    for (const notification of listed.notifications) byKey.set(notification.eventKey, notification);
    // A page of which nothing can be read has no more to say in a shorter window.
    if (listed.isLast || listed.notifications.length === 0) return ended('last');
    if (byKey.size === before) return ended(listed.isFull ? 'repeated' : 'last');
  }
  return ended('cut_short');
}
