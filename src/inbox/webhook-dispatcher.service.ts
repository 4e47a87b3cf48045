import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import {
  Draining,
  FieldCipher,
  InstanceRegistry,
  LOGGER,
  METRICS,
  Periodic,
  SETTINGS,
  isAwaitedKey,
  isDatabaseAway,
  type Logger,
  type Settings,
} from '../platform';
import { MINUTE_MS } from '../kernel';
import { webhookSourcesOf, type ParkReason } from './domain';
import { CLAIM, GIVE_BACK } from './event-leases';
import { WEBHOOK_GATE, type WebhookGate } from './ports';
import type { WebhookEvent } from './webhook-event';
import type { Handling, TakenEvent, WebhookHandler, WebhookRoute } from './webhook-handler';

/** Knows who deals with which event. Bound by the composition root. */
export interface WebhookRouter {
  /** Whether anybody acts on events of this type. */
  knows(type: string | undefined): boolean;
  /** Undefined for types nobody handles. */
  routeOf(event: WebhookEvent): WebhookRoute | undefined;
}
export const WEBHOOK_ROUTER = Symbol('WebhookRouter');

interface ClaimedRow {
  readonly id: string;
  readonly type: string | null;
  readonly received_at: Date;
  readonly content_hash: string;
  readonly raw_key_id: string;
  readonly raw_ciphertext: Buffer;
}

/** Why an event is parked that nobody acts on. */
export const UNKNOWN_TYPE = 'unknown_type' satisfies ParkReason;
const HANDLER_FAILED: ParkReason = 'handler_failed';
const UNREADABLE: ParkReason = 'unreadable';
/** What waits for its other half is looked at again once it has waited for as long again, within these. */
const WAITING_RETRY_BASE_SECONDS = 5;
const WAITING_RETRY_MAX_SECONDS = 3_600;
/** So long, and so many at the most, are left to processes that may have a key that we have not. */
const LEFT_FOR_MS = MINUTE_MS;
const MOST_LEFT = 1_000;
/** What one claim carries at most. */
const CLAIMED_PER_HANDLER = 16;

/** An event and the handler that applies it. */
interface Routed {
  readonly event: WebhookEvent;
  readonly handler: WebhookHandler;
}

const NOBODYS: WebhookHandler = () => Promise.resolve({ kind: 'parked', reason: UNKNOWN_TYPE });

/**
 * Applies durable events: in batches where a module takes them, otherwise each in one transaction that also records
 * what became of it. Fresh events come straight from the door; a sweep picks up what a dead process left, what stands
 * in this one's name and is not in its hands, what failed and is due again, and what waits for its other half.
 */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  readonly #queue: Routed[] = [];
  /** Ids of everything between being taken and being recorded. */
  readonly #inHand = new Set<string>();
  readonly #handled: Counter<'type' | 'result'>;
  #active = 0;
  /** Of the last claim, what is still in hand; and whether it was full, so that more may wait. */
  #claimed = new Set<string>();
  #moreWaits = false;
  /** What wants a key that others may have, until when (monotonic): sweeps keep step, and we might be the first each time. */
  readonly #left = new Map<string, number>();
  #idle: (() => void) | undefined;
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
    private readonly cipher: FieldCipher,
    private readonly draining: Draining,
    @Inject(WEBHOOK_GATE) private readonly gate: WebhookGate,
    @Inject(WEBHOOK_ROUTER) private readonly router: WebhookRouter,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#sweeps = new Periodic({
      name: 'inbox_sweep',
      everyMs: settings.engine.instance.sweep_ms,
      run: () => this.#sweep(),
      logger,
      failed: 'sweep of webhook events failed',
    });
    draining.onBegin(() => {
      for (const { event } of this.#queue.splice(0)) this.#letGo(event.id);
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

  /** Lets the transactions under way end. */
  async onModuleDestroy(): Promise<void> {
    if (this.#active > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  /** The door stands open until now: what came through it was given back. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#sweeps.stop();
  }

  /** Notes an event that was stored as parked, because nobody acts on its type. */
  noteParked(type: string | undefined): void {
    this.#handled.inc({ type: 'unknown', result: 'parked' });
    this.logger.warn({ webhook_type: type, reason: UNKNOWN_TYPE }, 'webhook parked');
  }

  /**
   * Applies a fresh event, leased to this process. A process that only answers the web leaves it to the sweep of the
   * others; one that stops, or has too much in hand, to the sweep of whichever has room.
   */
  take(event: WebhookEvent): void {
    if (this.settings.ARREMATE_ROLE === 'web' || this.#inHand.has(event.id)) return;
    if (this.draining.hasBegun) {
      this.#sweeps.hurry();
      return;
    }
    if (this.#inHand.size >= this.settings.engine.inbox.queue_max_events) {
      void this.#leaveToOthers(event);
      return;
    }
    this.#inHand.add(event.id);
    const route = this.router.routeOf(event);
    const taking = route?.take?.();
    if (taking === undefined) this.#apply({ event, handler: route?.handler ?? NOBODYS });
    else void this.#follow(event, taking);
  }

  /** What a module has taken is recorded by it. */
  async #follow(event: WebhookEvent, taking: Promise<TakenEvent>): Promise<void> {
    try {
      const taken = await taking;
      if (taken.kind === 'handle') {
        this.#apply({ event, handler: taken.handler });
        return;
      }
      if (taken.kind === 'full' && !this.draining.hasBegun) {
        this.#moreWaits = false; // it would only be left again
        await this.#leaveToOthers(event);
      }
      if (taken.kind === 'recorded') this.#handled.inc({ type: event.type ?? 'none', result: 'done' });
    } catch (error) {
      await this.#fail(event, error);
    }
    this.#letGo(event.id);
  }

  async #leaveToOthers(event: WebhookEvent): Promise<void> {
    try {
      await this.dataSource.query(
        `UPDATE webhook_event SET lease_owner = NULL WHERE id = $1 AND status = 'new' AND lease_owner = $2`,
        [event.id, this.instances.id],
      );
    } catch (error) {
      this.logger.error({ err: error, event_id: event.id }, 'lease could not be given back');
    }
  }

  #apply(routed: Routed): void {
    if (this.draining.hasBegun) {
      this.#letGo(routed.event.id);
      return;
    }
    this.#queue.push(routed);
    this.#startNext();
  }

  #startNext(): void {
    while (!this.draining.hasBegun && this.#active < this.settings.engine.inbox.handlers) {
      const routed = this.#queue.shift();
      if (routed === undefined) return;
      this.#active += 1;
      void this.handle(routed).finally(() => {
        this.#active -= 1;
        if (this.#active === 0) this.#idle?.();
        this.#startNext();
        this.#letGo(routed.event.id);
      });
    }
  }

  /** Applies an event leased to this process, and what became of it, in one transaction; resolves when that is over. */
  async handle({ event, handler }: Routed): Promise<void> {
    try {
      const handling = await this.dataSource.transaction(async (tx) => {
        const result = await handler(event, tx);
        await this.#record(tx, event, result);
        return result;
      });
      if (handling.kind === 'parked') this.#tellParked(event, handling.reason);
      else this.#handled.inc({ type: event.type ?? 'none', result: handling.kind });
      if (handling.kind === 'done') handling.afterCommit?.();
    } catch (error) {
      await this.#fail(event, error);
    }
  }

  async #fail(event: WebhookEvent, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError) return;
    this.logger.error({ err: error, event_id: event.id, webhook_type: event.type }, 'webhook handler failed');
    if (isAwaitedKey(error)) this.#leaveForAWhile(event.id);
    try {
      const became = await this.#postpone(event.id, isDatabaseAway(error) || isAwaitedKey(error) ? 0 : 1);
      if (became === 'parked') this.#tellParked(event, HANDLER_FAILED);
    } catch (failure) {
      this.logger.error(
        { err: failure, event_id: event.id },
        'webhook could not be postponed; the next sweep takes it up',
      );
    }
  }

  /** The label of a metric must be one of few values: whatever nobody handles is counted together. */
  #tellParked({ id, type }: Pick<WebhookEvent, 'id' | 'type'>, reason: ParkReason): void {
    const known = this.router.knows(type) ? type : undefined;
    this.#handled.inc({ type: known ?? 'unknown', result: 'parked' });
    this.logger.warn({ event_id: id, webhook_type: type, reason }, 'webhook parked');
  }

  #leaveForAWhile(id: string): void {
    const [oldest] = this.#left.keys();
    if (this.#left.size >= MOST_LEFT && oldest !== undefined) this.#left.delete(oldest);
    this.#left.set(id, performance.now() + LEFT_FOR_MS);
  }

  #leftNow(): readonly string[] {
    for (const [id, until] of this.#left) if (until <= performance.now()) this.#left.delete(id);
    return [...this.#left.keys()];
  }

  /** To wait is no try in vain: whoever waited often would else be given up at the first mishap after it. */
  async #record(tx: EntityManager, event: WebhookEvent, handling: Handling): Promise<void> {
    const reason = handling.kind === 'parked' ? handling.reason : null;
    const correlationKey = handling.kind === 'waiting' ? handling.correlationKey : null;
    const [, updated] = await tx.query<[unknown, number]>(
      `UPDATE webhook_event
       SET status = $3, reason = $4, correlation_key = $5, lease_owner = NULL,
           attempts = attempts + CASE WHEN $3 = 'waiting' THEN 0 ELSE 1 END, handled_at = clock_timestamp(),
           not_before = CASE WHEN $3 = 'waiting' THEN clock_timestamp()
             + least(greatest(clock_timestamp() - received_at, $6 * interval '1 second'), $7 * interval '1 second') END
       WHERE id = $1 AND status = ANY ($8) AND lease_owner = $2`,
      [
        event.id,
        this.instances.id,
        handling.kind,
        reason,
        correlationKey,
        WAITING_RETRY_BASE_SECONDS,
        WAITING_RETRY_MAX_SECONDS,
        webhookSourcesOf(handling.kind),
      ],
    );
    if (updated !== 1) throw new LeaseLostError(`event ${event.id} was taken over`);
  }

  /**
   * @param tries what it is charged with: a database that was away, or a key that may come, is no reason to give it up
   * @returns undefined: another process has it
   */
  async #postpone(id: string, tries: 0 | 1): Promise<'new' | 'parked' | undefined> {
    const { max_attempts, retry_after_ms } = this.settings.engine.inbox;
    const [rows] = await this.dataSource.query<[{ readonly status: 'new' | 'parked' }[], number]>(
      `UPDATE webhook_event
       SET attempts = attempts + $5, lease_owner = NULL,
           status = CASE WHEN $5 > 0 AND attempts + $5 >= $3 THEN 'parked' ELSE 'new' END,
           reason = CASE WHEN $5 > 0 AND attempts + $5 >= $3 THEN '${HANDLER_FAILED}' END,
           not_before = clock_timestamp() + $4 * power(2, least(attempts, $3)) * interval '1 millisecond'
       WHERE id = $1 AND status = 'new' AND lease_owner = $2
       RETURNING status`,
      [id, this.instances.id, max_attempts, retry_after_ms, tries],
    );
    return rows[0]?.status;
  }

  /**
   * What a dead process or an outage leaves may be thousands, with limits that pass: the next claim follows when half of
   * a full one is done, not with the next beat.
   */
  #letGo(id: string): void {
    this.#inHand.delete(id);
    this.#claimed.delete(id);
    if (this.draining.hasBegun) this.#sweeps.hurry();
    if (!this.#moreWaits || this.#claimed.size > this.#roomOfAClaim / 2) return;
    this.#moreWaits = false;
    this.#sweeps.hurry();
  }

  get #roomOfAClaim(): number {
    return this.settings.engine.inbox.handlers * CLAIMED_PER_HANDLER;
  }

  /**
   * Claims events that nobody works on, oldest first, as many as the handlers can take now. One that stops claims none: it
   * gives back what stands in its name and is not in its hands.
   */
  async #sweep(): Promise<void> {
    if (this.draining.hasBegun) {
      await this.dataSource.query(GIVE_BACK, [this.instances.id, [...this.#inHand]]);
      return;
    }
    const room = this.#roomOfAClaim - this.#queue.length;
    if (room <= 0) return;
    const [rows] = await this.dataSource.query<[ClaimedRow[], number]>(CLAIM, [
      this.instances.id,
      [...this.#inHand],
      room,
      this.cipher.awaitedKeyIds,
      this.#leftNow(),
    ]);
    this.#claimed = new Set(rows.map(({ id }) => id));
    this.#moreWaits = rows.length >= room;
    for (const row of rows) {
      const event = this.#reread(row);
      if (event === 'awaits_key') await this.#postpone(row.id, 0);
      else if (event === undefined) await this.#parkUnreadable(row);
      else this.take(event);
    }
  }

  #reread(row: ClaimedRow): WebhookEvent | 'awaits_key' | undefined {
    try {
      const sealed = { keyId: row.raw_key_id, ciphertext: row.raw_ciphertext };
      const raw = this.cipher.decrypt(sealed, 'webhook_event.raw_ciphertext', row.content_hash);
      const envelope = this.gate.reread(raw);
      return envelope && { id: row.id, receivedAt: row.received_at, ...envelope };
    } catch (error) {
      this.logger.error({ err: error, event_id: row.id }, 'stored webhook cannot be read again');
      return isAwaitedKey(error) ? 'awaits_key' : undefined;
    }
  }

  /** Another process may have taken it, and applied it, if this one has stood still meanwhile. */
  async #parkUnreadable({ id, type }: ClaimedRow): Promise<void> {
    const [, parked] = await this.dataSource.query<[unknown, number]>(
      `UPDATE webhook_event SET status = 'parked', reason = '${UNREADABLE}', lease_owner = NULL, attempts = attempts + 1
       WHERE id = $1 AND status = 'new' AND lease_owner = $2`,
      [id, this.instances.id],
    );
    if (parked === 1) this.#tellParked({ id, type: type ?? undefined }, UNREADABLE);
  }
}

/** Another process holds the row now: what this one did is rolled back. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}
