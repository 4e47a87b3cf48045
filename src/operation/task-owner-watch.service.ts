import { Inject, Injectable, type OnModuleDestroy, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { eachApart, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { WORKFORCE, type Workforce } from './ports';
import { TaskActions } from './task-actions.service';

/** Whoever has left says nothing more: what they have claimed would be nobody else's for ever, and its loan with it. */
@Injectable()
export class TaskOwnerWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly actions: TaskActions,
    @Inject(WORKFORCE) private readonly workforce: Workforce,
    @Inject(OPERATION_LIMITS) limits: OperationLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'task_owner_watch',
      everyMs: limits.sweep_ms,
      run: () => this.sweep(),
      logger,
      failed: 'tasks of people who have left could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  /** Puts the tasks of whoever may work no more back into the queue. */
  async sweep(): Promise<void> {
    const claimed = await this.dataSource.query<{ id: string; owner: string }[]>(
      `SELECT id, owner FROM task WHERE status = 'claimed' ORDER BY due_at, id`,
    );
    const present = await this.workforce.present([...new Set(claimed.map(({ owner }) => owner))]);
    await eachApart(
      claimed.filter(({ owner }) => !present.has(owner)),
      ({ id }) => `task ${id}`,
      ({ id, owner }) => this.actions.releaseOfAbsent(id, owner),
    );
  }
}
