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

/** Something that code noticed; what happens to auctions and loans is written by triggers. Nobody's name or number is in it. */
export interface News {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Told at night too. */
  readonly isUrgent: boolean;
}

/** Writes news into the outbox, for whoever listens to their type: in the transaction in which they are noticed. */
@Injectable()
export class Outbox {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async tell(tx: EntityManager, { type, subject, data, isUrgent }: News): Promise<void> {
    const listeners = await tx.query<Listener[]>(
      `SELECT id, channel, quiet_from, quiet_until FROM notification_endpoint
       WHERE removed_at IS NULL AND $1 = ANY (event_types)`,
      [type],
    );
    if (listeners.length === 0) return;
    const eventId = randomUUID();
    await tx.query(
      `INSERT INTO notification_event (id, type, subject, occurred_at, data) VALUES ($1, $2, $3, clock_timestamp(), $4)`,
      [eventId, type, subject, JSON.stringify(data)],
    );
    for (const listener of listeners)
      await tx.query(
        `INSERT INTO notification_delivery (event_id, endpoint_id, not_before)
         VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')`,
        [eventId, listener.id, this.#waitMs(isUrgent, listener)],
      );
  }

  /** People are left in peace at night unless it is urgent, and told together of what comes together. */
  #waitMs(isUrgent: boolean, { channel, quiet_from: from, quiet_until: until }: Listener): number {
    const quiet = from === null || until === null ? undefined : { from, until };
    const peaceMs = isUrgent ? 0 : quietLeftMs(this.clock.now(), quiet);
    const together = channel === 'webhook' ? 0 : this.settings.engine.alerts.group_ms;
    return Math.max(peaceMs, together);
  }
}
