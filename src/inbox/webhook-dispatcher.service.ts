import { Inject, Injectable, type OnModuleDestroy, type OnApplicationBootstrap } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import {
  FieldCipher,
  InstanceRegistry,
  LOGGER,
  METRICS,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { WEBHOOK_GATE, type WebhookGate } from './ports';
import type { WebhookEvent } from './webhook-event';
import type { Handling, WebhookHandler } from './webhook-handler';

/** Finds the handler of an event; undefined for types nobody handles. Bound by the composition root. */
export type WebhookRouter = (event: WebhookEvent) => WebhookHandler | undefined;
export const WEBHOOK_ROUTER = Symbol('WebhookRouter');

interface ClaimedRow {
  readonly id: string;
  readonly received_at: Date;
  readonly raw_key_id: string;
  readonly raw_ciphertext: Buffer;
}

const WAITING_RETRY_BASE_SECONDS = 5;
const WAITING_RETRY_MAX_SECONDS = 3_600;

/**
 * Applies durable events, each in one transaction that also records what became of it. Fresh events come straight from
 * the door; a sweep picks up what a dead process left, what failed and is due again, and what waits for its other half.
 */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #queue: WebhookEvent[] = [];
  readonly #handled: Counter<'type' | 'result'>;
  #active = 0;
  #stopping = false;
  #idle: (() => void) | undefined;
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
    private readonly cipher: FieldCipher,
    @Inject(WEBHOOK_GATE) private readonly gate: WebhookGate,
    @Inject(WEBHOOK_ROUTER) private readonly route: WebhookRouter,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#sweeps = new Periodic({
      name: 'inbox_sweep',
      everyMs: settings.engine.instance.sweep_ms,
      run: () => this.#sweep(),
      onError: (error) => {
        logger.error({ err: error }, 'sweep of webhook events failed');
      },
    });
    this.#handled = new Counter({
      name: 'arremate_webhooks_handled_total',
      help: 'Webhook events by type and by what became of them',
      labelNames: ['type', 'result'],
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start(0);
  }

  /** Lets the transactions under way end; what is queued is freed with our leases. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    await this.#sweeps.stop();
    this.#queue.length = 0;
    if (this.#active > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  /**
   * Applies a fresh event, leased to this process. A process that only answers the web, or has too much in hand,
   * leaves it to the sweep of whichever process has room.
   */
  take(event: WebhookEvent): void {
    if (this.#stopping) return;
    if (
      this.settings.ARREMATE_ROLE === 'web' ||
      this.#queue.length >= this.settings.engine.inbox.queue_max_events
    ) {
      this.#leaveToOthers(event);
      return;
    }
    this.#queue.push(event);
    this.#startNext();
  }

  #leaveToOthers(event: WebhookEvent): void {
    this.dataSource
      .query(`UPDATE webhook_event SET lease_owner = NULL WHERE id = $1`, [event.id])
      .catch((error: unknown) => {
        this.logger.error({ err: error, event_id: event.id }, 'lease could not be given back');
      });
  }

  #startNext(): void {
    while (!this.#stopping && this.#active < this.settings.engine.inbox.handlers) {
      const event = this.#queue.shift();
      if (event === undefined) return;
      this.#active += 1;
      void this.#apply(event).finally(() => {
        this.#active -= 1;
        if (this.#active === 0) this.#idle?.();
        this.#startNext();
      });
    }
  }

  async #apply(event: WebhookEvent): Promise<void> {
    try {
      const handling = await this.dataSource.transaction(async (tx) => {
        const handler = this.route(event);
        const result: Handling =
          handler === undefined ? { kind: 'parked', reason: 'unknown_type' } : await handler(event, tx);
        await this.#record(tx, event, result);
        return result;
      });
      this.#handled.inc({ type: knownType(event, handling), result: handling.kind });
      if (handling.kind === 'parked') {
        this.logger.warn(
          { event_id: event.id, webhook_type: event.type, reason: handling.reason },
          'webhook parked',
        );
      }
      if (handling.kind === 'done') handling.afterCommit?.();
    } catch (error) {
      if (error instanceof LeaseLostError) return;
      this.logger.error(
        { err: error, event_id: event.id, webhook_type: event.type },
        'webhook handler failed',
      );
      await this.#postpone(event).catch((failure: unknown) => {
        this.logger.error(
          { err: failure, event_id: event.id },
          'webhook could not be postponed; its lease will free it',
        );
      });
    }
  }

  async #record(tx: EntityManager, event: WebhookEvent, handling: Handling): Promise<void> {
    const reason = handling.kind === 'parked' ? handling.reason : null;
    const correlationKey = handling.kind === 'waiting' ? handling.correlationKey : null;
    const [, updated] = await tx.query<[unknown, number]>(
      `UPDATE webhook_event
       SET status = $3, reason = $4, correlation_key = $5, lease_owner = NULL, attempts = attempts + 1,
           handled_at = clock_timestamp(),
           not_before = CASE WHEN $3 = 'waiting' THEN clock_timestamp()
             + least($6 * power(2, least(attempts, 20)), $7) * interval '1 second' END
       WHERE id = $1 AND status = 'new' AND lease_owner = $2`,
      [
        event.id,
        this.instances.id,
        handling.kind,
        reason,
        correlationKey,
        WAITING_RETRY_BASE_SECONDS,
        WAITING_RETRY_MAX_SECONDS,
      ],
    );
    if (updated !== 1) throw new LeaseLostError(`event ${event.id} was taken over`);
  }

  async #postpone(event: WebhookEvent): Promise<void> {
    const { max_attempts, retry_after_ms } = this.settings.engine.inbox;
    await this.dataSource.query(
      `UPDATE webhook_event
       SET attempts = attempts + 1, lease_owner = NULL,
           status = CASE WHEN attempts + 1 >= $3 THEN 'parked' ELSE 'new' END,
           reason = CASE WHEN attempts + 1 >= $3 THEN 'handler_failed' END,
           not_before = clock_timestamp() + $4 * power(2, attempts) * interval '1 millisecond'
       WHERE id = $1 AND status = 'new' AND lease_owner = $2`,
      [event.id, this.instances.id, max_attempts, retry_after_ms],
    );
  }

  /** Claims free events, oldest first, as many as the handlers can take now. */
  async #sweep(): Promise<void> {
    const room = this.settings.engine.inbox.handlers * 4 - this.#queue.length;
    if (room <= 0) return;
    const [rows] = await this.dataSource.query<[ClaimedRow[], number]>(
      `UPDATE webhook_event SET lease_owner = $1, status = 'new', correlation_key = NULL
       WHERE id IN (
         SELECT id FROM webhook_event
         WHERE status IN ('new', 'waiting') AND (lease_owner IS NULL OR NOT instance_is_alive(lease_owner))
           AND (not_before IS NULL OR not_before <= clock_timestamp())
         ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id, received_at, raw_key_id, raw_ciphertext`,
      [this.instances.id, room],
    );
    for (const row of rows) {
      const event = this.#reread(row);
      if (event === undefined) await this.#parkUnreadable(row.id);
      else this.#queue.push(event);
    }
    this.#startNext();
  }

  #reread(row: ClaimedRow): WebhookEvent | undefined {
    try {
      const raw = this.cipher.decrypt({ keyId: row.raw_key_id, ciphertext: row.raw_ciphertext });
      const envelope = this.gate.reread(raw);
      return envelope && { id: row.id, receivedAt: row.received_at, ...envelope };
    } catch (error) {
      this.logger.error({ err: error, event_id: row.id }, 'stored webhook cannot be read again');
      return undefined;
    }
  }

  async #parkUnreadable(id: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE webhook_event SET status = 'parked', reason = 'unreadable', lease_owner = NULL WHERE id = $1`,
      [id],
    );
  }
}

/** Another process holds the row now: what this one did is rolled back. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The label of a metric must be one of few values: whatever nobody handles is counted together. */
function knownType(event: WebhookEvent, handling: Handling): string {
  if (handling.kind === 'parked' && handling.reason === 'unknown_type') return 'unknown';
  return event.type ?? 'none';
}
