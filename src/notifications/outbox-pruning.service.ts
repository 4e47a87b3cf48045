import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HOUR_MS } from '../kernel';
import { LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';

const EVERY_MS = HOUR_MS;
const BATCH_ROWS = 2_000;

/** What the outbox has held for its time goes, with its deliveries and their log. What still waits so long is not wanted. */
@Injectable()
export class OutboxPruning implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'notifications_pruning',
      everyMs: EVERY_MS,
      run: () => this.prune(),
      logger,
      failed: 'the outbox could not be pruned',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#work.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  /** Many short transactions until nothing is due, whatever came in: a limit to a run would be a limit to the rate. */
  async prune(): Promise<void> {
    let deleted: number;
    do {
      [, deleted] = await this.dataSource.query<[unknown, number]>(
        `DELETE FROM notification_event WHERE id = ANY (ARRAY(
           SELECT id FROM notification_event WHERE occurred_at < now() - $1 * interval '1 day'
           ORDER BY occurred_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [this.settings.engine.notifications.keep_days, BATCH_ROWS],
      );
    } while (deleted > 0 && !this.#work.isStopping);
  }
}
