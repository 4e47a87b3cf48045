import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { CLOCK, SETTINGS, type Settings } from '../platform';
import { ALERT_PREFIX, quietLeftMs, type AlertNews } from './domain';

interface Listener {
  readonly id: string;
  readonly channel: string;
  readonly quiet_from: string | null;
  readonly quiet_until: string | null;
}

/** Writes alerts into the outbox, for whoever listens to their kind: in the transaction in which they are noticed. */
@Injectable()
export class AlertOutbox {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async tell(tx: EntityManager, news: AlertNews): Promise<void> {
    const type = `${ALERT_PREFIX}${news.kind}`;
    const listeners = await tx.query<Listener[]>(
      `SELECT id, channel, quiet_from, quiet_until FROM notification_endpoint
       WHERE removed_at IS NULL AND $1 = ANY (event_types)`,
      [type],
    );
    if (listeners.length === 0) return;
    const eventId = randomUUID();
    const { id, status, severity, since, count, detail } = news;
    await tx.query(
      `INSERT INTO notification_event (id, type, subject, occurred_at, data) VALUES ($1, $2, $3, clock_timestamp(), $4)`,
      [
        eventId,
        type,
        id,
        JSON.stringify({ alert_id: id, status, severity, since: since.toISOString(), count, detail }),
      ],
    );
    for (const listener of listeners)
      await tx.query(
        `INSERT INTO notification_delivery (event_id, endpoint_id, not_before)
         VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')`,
        [eventId, listener.id, this.#waitMs(news, listener)],
      );
  }

  /** People are left in peace at night unless it is critical, and told together of what comes together. */
  #waitMs({ severity }: AlertNews, { channel, quiet_from: from, quiet_until: until }: Listener): number {
    const quiet = from === null || until === null ? undefined : { from, until };
    const peaceMs = severity === 'critical' ? 0 : quietLeftMs(this.clock.now(), quiet);
    const together = channel === 'webhook' ? 0 : this.settings.engine.alerts.group_ms;
    return Math.max(peaceMs, together);
  }
}
