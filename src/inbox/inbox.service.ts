import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Registry } from 'prom-client';
import type { Clock } from '../kernel';
import {
  CLOCK,
  closedCounter,
  inTime,
  LOGGER,
  METRICS,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { WEBHOOK_GATE, type Delivery, type WebhookGate } from './ports';
import {
  UNKNOWN_TYPE,
  WEBHOOK_ROUTER,
  WebhookDispatcher,
  type WebhookRouter,
} from './webhook-dispatcher.service';
import { WebhookStore, type Arrival, type Stored } from './webhook-store.service';

/** What the sender is told. `durable` is said only of what is on disk. */
export type Receipt =
  | { readonly kind: 'durable' }
  | { readonly kind: 'refused' | 'not_json' | 'not_durable'; readonly why: string };

/** The door: admit, make durable, hand on. It stands open for as long as the process listens: QI comes again after minutes. */
@Injectable()
export class InboxService {
  readonly #received: Counter<'result'>;

  constructor(
    @Inject(WEBHOOK_GATE) private readonly gate: WebhookGate,
    @Inject(WEBHOOK_ROUTER) private readonly router: WebhookRouter,
    private readonly store: WebhookStore,
    private readonly dispatcher: WebhookDispatcher,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#received = closedCounter(metrics, {
      name: 'arremate_webhooks_received_total',
      help: 'Deliveries at the webhook door, by what became of them',
      labels: { result: ['new', 'duplicate', 'refused', 'not_json', 'not_durable'] },
    });
  }

  async receive(delivery: Delivery): Promise<Receipt> {
    const receivedAt = this.clock.now();
    const admission = await this.gate.admit(delivery);
    if (admission.kind !== 'admitted') {
      this.logger.warn({ why: admission.why }, `webhook ${admission.kind}`);
      return this.#count(admission.kind, admission.why);
    }
    const { envelope } = admission;
    try {
      const isKnown = this.router.knows(envelope.type);
      const stored = await this.#storeInTime({
        envelope,
        rawBody: delivery.rawBody,
        authorization: delivery.headers['authorization'],
        receivedAt,
        parkedFor: isKnown ? undefined : UNKNOWN_TYPE,
      });
      if (stored.kind === 'new') {
        if (isKnown) this.dispatcher.take({ id: stored.id, receivedAt, ...envelope });
        else this.dispatcher.noteParked(envelope.type);
      }
      this.#received.inc({ result: stored.kind });
      return { kind: 'durable' };
    } catch (error) {
      this.logger.error(
        { err: error, webhook_type: envelope.type, event_key: envelope.key },
        'webhook not made durable',
      );
      return this.#count('not_durable', 'the webhook could not be made durable');
    }
  }

  #storeInTime(arrival: Arrival): Promise<Stored> {
    const { acknowledge_within_ms } = this.settings.engine.inbox;
    return inTime(this.store.store(arrival), acknowledge_within_ms, 'the database took longer than QI waits');
  }

  #count(kind: 'refused' | 'not_json' | 'not_durable', why: string): Receipt {
    this.#received.inc({ result: kind });
    return { kind, why };
  }
}
