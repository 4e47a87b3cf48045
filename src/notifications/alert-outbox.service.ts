import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ALERT_PREFIX, type AlertNews } from './domain';
import { Outbox } from './outbox.service';

/** What was ever told of the same thing; there is one open alert of it at most. */
const OF_THE_SAME = `
  SELECT same.id FROM alert JOIN alert AS same USING (kind, subject) WHERE alert.id = $1`;

/**
 * Alerts as news: only what is critical is told at night. Each is the last word of its thing: that it began would, told later, be
 * taken for how it is now.
 */
@Injectable()
export class AlertOutbox {
  constructor(private readonly outbox: Outbox) {}

  async tell(
    tx: EntityManager,
    { id, kind, status, severity, since, count, detail }: AlertNews,
  ): Promise<void> {
    const same = await tx.query<{ id: string }[]>(OF_THE_SAME, [id]);
    await this.outbox.tell(tx, {
      type: `${ALERT_PREFIX}${kind}`,
      subject: id,
      data: { alert_id: id, status, severity, since: since.toISOString(), count, detail },
      isUrgent: severity === 'critical',
      overtakes: same.map((one) => one.id),
    });
  }
}
