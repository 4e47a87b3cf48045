import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ALERT_PREFIX, type AlertNews } from './domain';
import { Outbox } from './outbox.service';

/** Alerts as news: only what is critical is told at night. */
@Injectable()
export class AlertOutbox {
  constructor(private readonly outbox: Outbox) {}

  tell(tx: EntityManager, { id, kind, status, severity, since, count, detail }: AlertNews): Promise<void> {
    return this.outbox.tell(tx, {
      type: `${ALERT_PREFIX}${kind}`,
      subject: id,
      data: { alert_id: id, status, severity, since: since.toISOString(), count, detail },
      isUrgent: severity === 'critical',
    });
  }
}
