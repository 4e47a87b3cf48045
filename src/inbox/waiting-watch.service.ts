import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { LOGGER, METRICS, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import type { ParkReason } from './domain';

const EVERY_MS = 600_000;
const BATCH = 1_000;
const WAITED_TOO_LONG: ParkReason = 'waited_too_long';

/**
 * Parks webhooks that have waited too long for their other half: it will not come by itself any more, and they would
 * be tried again for ever. Parked, they are counted and a person sees them.
 */
@Injectable()
export class WaitingWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;
  readonly #parked: Counter<'type'>;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#work = new Periodic({
      name: 'waiting_watch',
      everyMs: EVERY_MS,
      run: () => this.parkOld(),
      logger,
      failed: 'webhooks that have waited too long could not be parked',
    });
    this.#parked = new Counter({
      name: 'arremate_webhooks_waited_too_long_total',
      help: 'Webhooks parked because what they waited for did not come, by type',
      labelNames: ['type'],
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#work.start(0);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  /**
   * Many short statements, if there are many. What is being tried at this moment is `new` and not looked at.
   * @returns how many were parked.
   */
  async parkOld(): Promise<number> {
    for (let parked = 0; ;) {
      const types = await this.#parkBatch();
      for (const type of types) this.#parked.inc({ type: type ?? 'none' });
      parked += types.length;
      if (types.length === BATCH) continue;
      if (parked > 0) this.logger.warn({ events: parked }, 'webhooks have waited too long and are parked');
      return parked;
    }
  }

  async #parkBatch(): Promise<readonly (string | null)[]> {
    const [rows] = await this.dataSource.query<[{ type: string | null }[], number]>(
      `UPDATE webhook_event SET status = 'parked', reason = '${WAITED_TOO_LONG}', not_before = NULL
       WHERE id = ANY (ARRAY(
         SELECT id FROM webhook_event
         WHERE status = 'waiting' AND received_at < now() - $1 * interval '1 day'
         ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))
       RETURNING webhook_type AS type`,
      [this.settings.engine.inbox.waiting_days, BATCH],
    );
    return rows.map(({ type }) => type);
  }
}
