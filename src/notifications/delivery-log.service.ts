import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AuditTrail, cursorNumber, decodeCursor, pageOf, type Actor, type Page } from '../platform';
import { notFound } from './endpoints.service';
import { EVENT_COLUMNS, type EventRow } from './event-row';
import type { DELIVERY_STATUSES, DeliveryQuery } from './notifications.dto';

export interface Delivery extends EventRow {
  readonly id: string;
  readonly status: (typeof DELIVERY_STATUSES)[number];
  readonly attempts: number;
  readonly not_before: Date;
  readonly last_http_status: number | null;
  readonly last_error: string | null;
  readonly taken_by: string[];
}

export interface Attempt {
  readonly sent_at: Date;
  readonly duration_ms: number;
  readonly http_status: number | null;
  readonly error: string | null;
}

const SELECT = `
  SELECT d.id, ${EVENT_COLUMNS}, d.status, d.attempts, d.not_before, coalesce(d.taken_by, '{}') AS taken_by,
         last.http_status AS last_http_status, last.error AS last_error
  FROM notification_delivery d JOIN notification_event e ON e.id = d.event_id
  LEFT JOIN LATERAL (SELECT http_status, error FROM notification_attempt a
                     WHERE a.delivery_id = d.id ORDER BY sent_at DESC LIMIT 1) last ON true`;

const lastId = z.tuple([cursorNumber]);

/** What was sent to whom, how often, and what came back. */
@Injectable()
export class DeliveryLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first; of removed endpoints too. */
  async list(endpointId: string, { status, limit, cursor }: DeliveryQuery): Promise<Page<Delivery>> {
    const [before] = cursor === undefined ? [null] : decodeCursor(cursor, lastId);
    const rows = await this.dataSource.query<Delivery[]>(
      `${SELECT} WHERE d.endpoint_id = $1 AND ($2::text IS NULL OR d.status = $2) AND ($3::bigint IS NULL OR d.id < $3)
       ORDER BY d.id DESC LIMIT $4`,
      [endpointId, status ?? null, before, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      (row) => row,
      ({ id }) => [id],
    );
  }

  /** @throws ProblemException 404 */
  async find(endpointId: string, id: string): Promise<{ delivery: Delivery; attempts: Attempt[] }> {
    const [delivery] = await this.dataSource.query<Delivery[]>(
      `${SELECT} WHERE d.endpoint_id = $1 AND d.id = $2`,
      [endpointId, knownId(id)],
    );
    if (delivery === undefined) return notFound();
    const attempts = await this.dataSource.query<Attempt[]>(
      `SELECT sent_at, duration_ms, http_status, error FROM notification_attempt WHERE delivery_id = $1 ORDER BY sent_at`,
      [id],
    );
    return { delivery, attempts };
  }

  /** Sends it again, under the same webhook-id, with a full round of repetitions. @throws ProblemException 404 */
  async resend(endpointId: string, id: string, by: Actor): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const [, updated] = await tx.query<[unknown, number]>(
        `UPDATE notification_delivery d
         SET status = 'waiting', settled_at = NULL, attempts = 0, not_before = clock_timestamp(), lease_owner = NULL,
             overtaken = false
         FROM notification_endpoint e
         WHERE d.id = $2 AND d.endpoint_id = $1 AND e.id = d.endpoint_id AND e.removed_at IS NULL`,
        [endpointId, knownId(id)],
      );
      if (updated === 0) notFound();
      await this.audit.record(tx, {
        actor: by.id,
        action: 'notification_delivery.resent',
        subject: `notification endpoint ${endpointId}`,
        details: { delivery_id: id },
      });
    });
  }
}

function knownId(id: string): string {
  return /^\d{1,18}$/.test(id) ? id : notFound();
}
