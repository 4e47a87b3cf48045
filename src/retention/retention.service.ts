import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Clock } from '../kernel';
import {
  AuditTrail,
  CLOCK,
  createDataSource,
  LOGGER,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { erase } from './erase';
import { readRetentionPeriods } from './retention-periods';

const HOUR_MS = 3_600_000;

/** Erases by itself, every so many hours, in one process at a time. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;
  #stopping = false;

  constructor(
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'retention',
      everyMs: settings.engine.retention.every_hours * HOUR_MS,
      run: () => this.#run(),
      onError: (error) => {
        logger.error({ err: error }, 'what is kept too long could not be erased');
      },
    });
  }

  onApplicationBootstrap(): void {
    readRetentionPeriods(this.clock); // a wrong file ends the start
    if (this.settings.ARREMATE_ROLE !== 'web') this.#work.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    await this.#work.stop();
  }

  /** On connections of its own: its statements may take as long as they need, those of everybody else may not. */
  async #run(): Promise<void> {
    const dataSource = await createDataSource(this.settings.DATABASE_URL, {
      poolSize: 2, // one holds the lock of the run
      applicationName: 'arremate-retention',
    }).initialize();
    try {
      await erase(dataSource, this.audit, {
        clock: this.clock,
        periods: readRetentionPeriods(this.clock),
        actor: 'retention',
        batchRows: this.settings.engine.retention.batch_rows,
        isStopping: () => this.#stopping,
      });
    } finally {
      await dataSource.destroy();
    }
  }
}
