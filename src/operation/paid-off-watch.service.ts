import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HOUR_MS } from '../kernel';
import { eachApart, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { IS_PAYOFF } from './paid-off';

const BATCH = 200;
/** A release before may go on beside this one for so long. */
const BESIDE = `interval '2 days'`;

/**
 * Frees what loans still put at risk of which a release before heard that they are paid off. All that was ever heard is looked
 * at once in the life of a process, afterwards what was heard of late.
 */
@Injectable()
export class PaidOffWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;
  #hasSeenAll = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'paid_off_watch',
      everyMs: HOUR_MS,
      run: () => this.sweep(),
      logger,
      failed: 'what loans put at risk that are paid off could not be freed',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start(this.limits.sweep_ms);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  async sweep(): Promise<void> {
    const counted = await this.dataSource.query<{ key: string }[]>(
      `SELECT DISTINCT operation.credit_operation_key AS key FROM operation_event AS told
       JOIN operation USING (credit_operation_key)
       JOIN exposure ON exposure.request_control_key = operation.request_control_key AND exposure.status <> 'released'
       WHERE ${IS_PAYOFF} AND told.recorded_at > ${this.#hasSeenAll ? `now() - ${BESIDE}` : `'-infinity'`}
       LIMIT $1`,
      [BATCH],
    );
    await eachApart(
      counted,
      ({ key }) => `loan ${key}`,
      ({ key }) =>
        this.dataSource.transaction(async (tx) => {
          const operation = await this.life.lock(tx, key);
          if (operation !== undefined) await this.life.freeExposure(tx, operation);
        }),
    );
    if (counted.length === BATCH) this.#sweeps.hurry();
    else this.#hasSeenAll = true;
  }
}
