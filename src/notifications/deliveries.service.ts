import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import {
  CLOCK,
  closedCounter,
  Draining,
  freeRows,
  InstanceRegistry,
  isDatabaseAway,
  LOGGER,
  METRICS,
  Periodic,
  SETTINGS,
  type EngineSettings,
  type Logger,
  type Settings,
} from '../platform';
import { ChannelSender, type SendingEndpoint } from './channel-sender.service';
import { waitAfter } from './domain';
import { EVENT_COLUMNS, eventOf, type EventRow } from './event-row';
import type { SendResult } from './webhook-sender';

interface ClaimedDelivery extends EventRow, SendingEndpoint {
  readonly id: string;
  readonly attempts: number;
  readonly overtaken: boolean;
  /** Of a mail that was not taken for all. */
  readonly taken_by: readonly string[] | null;
}

/** What goes in one message. */
type DeliveryGroup = readonly [ClaimedDelivery, ...ClaimedDelivery[]];

const GONE = 410;

/**
 * Sends what the outbox holds, at least once. A sweep claims what is due, a few per endpoint, so that a slow one keeps
 * nobody waiting but itself; what a dead process was sending is sent again under the same webhook-id.
 */
@Injectable()
export class Deliveries implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sent: Counter<'result'>;
  readonly #limits: EngineSettings['notifications'];
  readonly #sweeps: Periodic;
  /** What is in our hands, by the delivery's id. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
    private readonly sender: ChannelSender,
    private readonly draining: Draining,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#limits = settings.engine.notifications;
    this.#sent = closedCounter(metrics, {
      name: 'arremate_notifications_total',
      help: 'Sendings to notification endpoints, by what became of them',
      labels: { result: ['delivered', 'failed', 'given_up'] },
    });
    this.#sweeps = new Periodic({
      name: 'notifications',
      everyMs: this.#limits.sweep_ms,
      run: () => this.#sweep(),
      logger,
      failed: 'sweep of notifications failed',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start();
  }

  /** What is being sent may end; the rest is freed with our leases. */
  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
    await Promise.all(this.#underWay.values());
  }

  async #sweep(): Promise<void> {
    if (this.draining.hasBegun) return;
    for (const group of groupsOf(await this.#claim())) {
      const sending = this.#deliver(group)
        .catch(async (error: unknown): Promise<boolean> => {
          this.logger.error(
            { err: error, delivery: group[0].id },
            'a notification was not sent or not recorded; its lease is given back',
          );
          for (const { id } of group) await this.#release(id);
          return false;
        })
        .then((isTaken) => {
          for (const { id } of group) this.#underWay.delete(id);
          // Who takes what he is sent gets the next at once; who does not is left in peace until the next look.
          if (isTaken) this.#sweeps.hurry();
        });
      for (const { id } of group) this.#underWay.set(id, sending);
    }
  }

  /** What was in hands that died, or could not record what came of it, is withdrawn where there was a later word meanwhile. */
  async #claim(): Promise<ClaimedDelivery[]> {
    const [rows] = await this.dataSource.query<[ClaimedDelivery[], number]>(
      `WITH due AS MATERIALIZED (
         SELECT due.id FROM notification_endpoint listening CROSS JOIN LATERAL (
           ${freeRows({
             table: 'notification_delivery',
             where: `endpoint_id = listening.id AND status = 'waiting' AND not_before <= now()`,
             orderBy: 'not_before',
             limit: `greatest(0, CASE WHEN listening.channel = 'webhook' THEN $2::bigint ELSE $4::bigint END - (SELECT count(*) FROM notification_delivery
               WHERE endpoint_id = listening.id AND lease_owner = $1 AND id = ANY ($3)))`,
             me: '$1',
             inHands: '$3',
           })}) due
         WHERE listening.enabled)
       UPDATE notification_delivery d
       SET lease_owner = CASE WHEN NOT d.overtaken THEN $1::uuid END,
           status = CASE WHEN d.overtaken THEN 'withdrawn' ELSE d.status END,
           settled_at = CASE WHEN d.overtaken THEN clock_timestamp() END
       FROM due, notification_event e, notification_endpoint p
       WHERE d.id = due.id AND e.id = d.event_id AND p.id = d.endpoint_id
       RETURNING d.id, d.overtaken, d.endpoint_id, d.attempts, d.taken_by, ${EVENT_COLUMNS}, p.channel, p.url, p.secret_key_id, p.secret_ciphertext,
         CASE WHEN p.former_secret_until > clock_timestamp() THEN p.former_secret_key_id END AS former_secret_key_id,
         p.former_secret_ciphertext`,
      [this.instances.id, this.#limits.per_endpoint, [...this.#underWay.keys()], this.#limits.per_message],
    );
    return rows.filter(({ overtaken }) => !overtaken);
  }

  /** @returns whether it was taken */
  async #deliver(group: DeliveryGroup): Promise<boolean> {
    const [first, ...more] = group;
    const sentAt = this.clock.now();
    const startedAt = this.clock.monotonicMs();
    const result = await this.#send(first, [eventOf(first), ...more.map(eventOf)], first.taken_by ?? []);
    const durationMs = Math.round(this.clock.monotonicMs() - startedAt);
    // One message fails whole: what was in it is repeated in one message.
    const jitter = Math.random();
    for (const delivery of group) await this.#settle(delivery, result, sentAt, durationMs, jitter);
    return isTaken(result);
  }

  /** One that cannot be made, as with a secret that cannot be opened, is tried as often as one that is not taken, and no more. */
  async #send(...message: Parameters<ChannelSender['send']>): Promise<SendResult> {
    try {
      return await this.sender.send(...message);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      this.logger.error({ err: error, endpoint: message[0].endpoint_id }, 'a notification cannot be made');
      return { kind: 'no_answer', error: 'failed_on_our_side' };
    }
  }

  async #settle(
    { id, endpoint_id, attempts }: ClaimedDelivery,
    result: SendResult,
    sentAt: Date,
    durationMs: number,
    jitter: number,
  ): Promise<void> {
    const httpStatus = result.kind === 'answered' ? result.httpStatus : null;
    const takenBy = result.kind === 'no_answer' ? (result.takenBy ?? null) : null;
    const isGone = httpStatus === GONE;
    const wait = isTaken(result) || isGone ? undefined : waitAfter(attempts + 1, this.#schedule, jitter);
    const status = isTaken(result) ? 'delivered' : wait === undefined ? 'given_up' : 'waiting';
    await this.dataSource.transaction(async (tx) => {
      // The endpoint first, as where it is removed: two that hold one and wait for the other would be a deadlock.
      const changing = await tx.query<unknown[]>(
        `SELECT FROM notification_endpoint
         WHERE id = $1 AND ((failing_since IS NULL) <> ($2 = 'delivered')
           OR $2 <> 'waiting' AND ((given_up_since IS NOT NULL) <> ($2 = 'given_up') OR $3 AND enabled))
         FOR NO KEY UPDATE`,
        [endpoint_id, status, isGone],
      );
      await tx.query(
        `INSERT INTO notification_attempt (delivery_id, sent_at, duration_ms, http_status, error)
         VALUES ($1, $2, $3, $4, $5)`,
        [id, sentAt, durationMs, httpStatus, result.kind === 'no_answer' ? result.error : null],
      );
      const [, settled] = await tx.query<[unknown, number]>(
        `UPDATE notification_delivery
         SET status = CASE WHEN $3 = 'waiting' AND overtaken THEN 'withdrawn' ELSE $3 END,
             attempts = attempts + 1, lease_owner = NULL,
             not_before = clock_timestamp() + $4 * interval '1 millisecond',
             settled_at = CASE WHEN $3 <> 'waiting' OR overtaken THEN clock_timestamp() END,
             taken_by = CASE WHEN $3 <> 'delivered' THEN taken_by || $5::text[] END
         WHERE id = $1 AND lease_owner = $2`,
        [id, this.instances.id, status, wait ?? 0, takenBy],
      );
      // Of one that is in other hands meanwhile, what comes of it there holds.
      if (settled === 0 || changing.length === 0) return;
      await tx.query(
        `UPDATE notification_endpoint AS endpoint
         SET failing_since = CASE WHEN $2 <> 'delivered' THEN coalesce(failing_since, clock_timestamp()) END,
             given_up_since = CASE $2 WHEN 'given_up' THEN coalesce(given_up_since, settled_at) WHEN 'waiting' THEN given_up_since END,
             enabled = enabled AND NOT $3,
             disabled_reason = CASE WHEN enabled AND $3 THEN 'gone' ELSE disabled_reason END
         FROM notification_delivery AS delivery WHERE endpoint.id = $1 AND delivery.id = $4`,
        [endpoint_id, status, isGone, id],
      );
    });
    this.#sent.inc({ result: status === 'waiting' ? 'failed' : status });
    if (!isTaken(result)) {
      const why = result.kind === 'answered' ? `HTTP ${result.httpStatus}` : result.error;
      this.logger.warn({ endpoint: endpoint_id, delivery: id, why, status }, 'a notification was not taken');
    }
  }

  async #release(id: string): Promise<void> {
    await this.dataSource
      .query(
        `UPDATE notification_delivery
         SET lease_owner = NULL, not_before = clock_timestamp() + $3 * interval '1 millisecond'
         WHERE id = $1 AND lease_owner = $2`,
        [id, this.instances.id, this.#limits.retry_base_ms],
      )
      .catch((error: unknown) => {
        this.logger.error(
          { err: error, delivery: id },
          'the lease of a notification could not be given back',
        );
      });
  }

  get #schedule() {
    const { retry_base_ms, retry_factor, retry_max_ms, max_attempts } = this.#limits;
    return {
      baseMs: retry_base_ms,
      factor: retry_factor,
      longestMs: retry_max_ms,
      maxAttempts: max_attempts,
    };
  }
}

function isTaken(result: SendResult): boolean {
  return result.kind === 'answered' && result.httpStatus >= 200 && result.httpStatus < 300;
}

/** Of people what is due together is told together, to the same of them; a system gets each event by itself. */
function groupsOf(deliveries: readonly ClaimedDelivery[]): DeliveryGroup[] {
  const groups = new Map<string, [ClaimedDelivery, ...ClaimedDelivery[]]>();
  for (const delivery of deliveries) {
    const { id, channel, endpoint_id, taken_by } = delivery;
    const key = channel === 'webhook' ? id : [endpoint_id, ...(taken_by ?? [])].join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [delivery]);
    else group.push(delivery);
  }
  return [...groups.values()];
}
