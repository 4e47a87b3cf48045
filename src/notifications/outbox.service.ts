import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { CLOCK, SETTINGS, type Settings } from '../platform';
import { quietLeftMs } from './domain';

interface Listener {
  readonly id: string;
  readonly channel: string;
  readonly quiet_from: string | null;
  readonly quiet_until: string | null;
}

interface Overtaken {
  readonly status: string;
  readonly not_before: Date;
}

/** Something that code noticed; what happens to auctions and loans is written by triggers. Nobody's name or number is in it. */
export interface News {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Told at night too. */
  readonly isUrgent: boolean;
  /** Subjects of the same type of which people need to be told no more, now that there is this. */
  readonly overtakes?: readonly string[];
}

/**
 * What is in somebody's hands may still arrive, and is not repeated. It is marked under the lock of its row: whoever settles it
 * comes before, and leaves it to be withdrawn here, or sees the mark; whoever would take it up after a holder that died sees it too.
 */
const OVERTAKE = `
  UPDATE notification_delivery AS delivery
  SET overtaken = true, status = CASE WHEN lease_owner IS NULL THEN 'withdrawn' ELSE 'waiting' END,
      settled_at = CASE WHEN lease_owner IS NULL THEN clock_timestamp() END
  FROM notification_event AS event
  WHERE event.id = event_id AND endpoint_id = $1 AND status = 'waiting' AND type = $2 AND subject = ANY ($3)
  RETURNING delivery.status, delivery.not_before`;

/** Writes news into the outbox, for whoever listens to their type: in the transaction in which they are noticed. */
@Injectable()
export class Outbox {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async tell(tx: EntityManager, { overtakes = [], ...news }: News): Promise<void> {
    const { type, subject, data } = news;
    const listeners = await tx.query<Listener[]>(
      `SELECT id, channel, quiet_from, quiet_until FROM notification_endpoint
       WHERE removed_at IS NULL AND $1 = ANY (event_types)`,
      [type],
    );
    if (listeners.length === 0) return;
    const eventId = randomUUID();
    const overtaken = await this.#overtake(tx, listeners, type, overtakes);
    await tx.query(
      `INSERT INTO notification_event (id, type, subject, occurred_at, data) VALUES ($1, $2, $3, clock_timestamp(), $4)`,
      [eventId, type, subject, JSON.stringify(data)],
    );
    for (const listener of listeners)
      await tx.query(
        `INSERT INTO notification_delivery (event_id, endpoint_id, not_before)
         VALUES ($1, $2, least(clock_timestamp() + $3 * interval '1 millisecond', $4))`,
        [eventId, listener.id, this.#waitMs(news.isUrgent, listener), overtaken.get(listener.id) ?? null],
      );
  }

  /** @returns when people were to be told next of what they need no more: by then they are told of what came after it */
  async #overtake(
    tx: EntityManager,
    listeners: readonly Listener[],
    type: string,
    subjects: readonly string[],
  ): Promise<ReadonlyMap<string, Date>> {
    const soonest = new Map<string, Date>();
    if (subjects.length === 0) return soonest;
    for (const { id } of listeners.filter(({ channel }) => channel !== 'webhook')) {
      const [rows] = await tx.query<[Overtaken[], number]>(OVERTAKE, [id, type, subjects]);
      const times = rows
        .filter(({ status }) => status === 'withdrawn')
        .map((row) => row.not_before.getTime());
      if (times.length > 0) soonest.set(id, new Date(Math.min(...times)));
    }
    return soonest;
  }

  /** People are left in peace at night unless it is urgent, and told together of what comes together. */
  #waitMs(isUrgent: boolean, { channel, quiet_from: from, quiet_until: until }: Listener): number {
    const quiet = from === null || until === null ? undefined : { from, until };
    const peaceMs = isUrgent ? 0 : quietLeftMs(this.clock.now(), quiet);
    const together = channel === 'webhook' ? 0 : this.settings.engine.alerts.group_ms;
    return Math.max(peaceMs, together);
  }
}
