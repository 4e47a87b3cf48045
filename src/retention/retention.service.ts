import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HOUR_MS, type Clock } from '../kernel';
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
import { erase, lastApplied } from './erase';
import { readRetentionPeriods } from './retention-periods';

/** A process that is started anew every day must not wait for a whole period each time. */
const LOOK_EVERY_MS = 600_000;
/** To count what is due whole tables are read: minutes, some hundred gigabytes in the longest. Beyond that nobody answers. */
const LONGEST_STATEMENT_MS = HOUR_MS;
const ACTOR = 'retention';

/** Erases by itself when the last time is so many hours ago, whatever was started meanwhile; in one process at a time. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;
  /** Of this process, also where there was nothing to erase: that is in no trail. */
  #lastRun: Date | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'retention',
      everyMs: LOOK_EVERY_MS,
      run: () => this.runIfDue(),
      logger,
      failed: 'what is kept too long could not be erased',
    });
  }

  onApplicationBootstrap(): void {
    readRetentionPeriods(this.clock); // a wrong file ends the start
    if (this.settings.ARREMATE_ROLE !== 'web') this.#work.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  /** @returns whether it was due, and nobody else at it */
  async runIfDue(): Promise<boolean> {
    const since = this.clock.now().getTime() - this.settings.engine.retention.every_hours * HOUR_MS;
    const isRecent = (at: Date | undefined): boolean => at !== undefined && at.getTime() > since;
    if (isRecent(this.#lastRun) || isRecent(await lastApplied(this.dataSource, ACTOR))) return false;
    const now = this.clock.now();
    const isDone = await this.#run();
    if (isDone && !this.#work.isStopping) this.#lastRun = now;
    return isDone;
  }

  /** On connections of its own: its statements may take long, those of everybody else may not. */
  async #run(): Promise<boolean> {
    const dataSource = await createDataSource(this.settings.DATABASE_URL, {
      poolSize: 2, // one holds the lock of the run
      applicationName: 'arremate-retention',
      queryTimeoutMs: LONGEST_STATEMENT_MS,
    }).initialize();
    try {
      const erased = await erase(dataSource, this.audit, {
        clock: this.clock,
        periods: readRetentionPeriods(this.clock),
        actor: ACTOR,
        batchRows: this.settings.engine.retention.batch_rows,
        isStopping: () => this.#work.isStopping,
      });
      return erased !== undefined;
    } finally {
      await dataSource.destroy();
    }
  }
}
