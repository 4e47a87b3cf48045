import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { HOUR_MS } from '../kernel';
import { eachApart, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import { CAME_BACK, isAtRisk } from './came-back';
import { contradictionReason } from './domain';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { isPaidOff } from './paid-off';
import { TaskDesk } from './task-desk.service';

const BATCH = 200;

/** Whose key is `key`; `is_untold`: that it was paid without its guarantee was told to nobody. What is counted matches no more. */
const UNCOUNTED = `
  SELECT operation.credit_operation_key AS key, operation.status = 'disbursed'
    AND bool_or(told.kind = 'disbursed' AND told.from_status = 'reservation_failed' AND NOT told.contradiction) AS is_untold
  FROM operation_event AS told JOIN operation USING (credit_operation_key)
  WHERE ${CAME_BACK} AND ${isAtRisk('operation.status', 'operation.margin_status')} AND NOT ${isPaidOff('operation')}
    AND operation.origin = 'active' AND disbursed_issue_amount IS NOT NULL AND monthly_interest_rate IS NOT NULL
    AND NOT EXISTS (SELECT FROM exposure WHERE exposure.request_control_key = operation.request_control_key
      AND exposure.status <> 'released')`;

/**
 * Counts loans again that were closed unpaid and came back under a release before, which let them count nowhere, and takes
 * what they take still: as if they came back now. One of that release may go on beside this one.
 */
@Injectable()
export class ComebackWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly tasks: TaskDesk,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'comeback_watch',
      everyMs: HOUR_MS,
      run: () => this.sweep(),
      logger,
      failed: 'loans that came back could not be counted',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start(this.limits.sweep_ms);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  async sweep(): Promise<void> {
    const left = await this.dataSource.query<{ key: string }[]>(
      `${UNCOUNTED} GROUP BY operation.credit_operation_key LIMIT $1`,
      [BATCH],
    );
    await eachApart(
      left,
      ({ key }) => `loan ${key}`,
      ({ key }) => this.dataSource.transaction((tx) => this.#count(tx, key)),
    );
    if (left.length === BATCH) this.#sweeps.hurry();
  }

  async #count(tx: EntityManager, key: string): Promise<void> {
    const operation = await this.life.lock(tx, key);
    const [left] = await tx.query<{ is_untold: boolean }[]>(
      `${UNCOUNTED} AND operation.credit_operation_key = $1 GROUP BY operation.credit_operation_key`,
      [key],
    );
    // Another has counted it, or it has ended since.
    if (operation === undefined || left === undefined) return;
    if (left.is_untold)
      await this.tasks.openContradiction(
        tx,
        operation,
        contradictionReason('disbursed', 'reservation_failed'),
      );
    // What is closed as paid takes nothing any more: another may have it since.
    if (operation.endedAt === null) await this.life.retakeClaim(tx, operation);
    await this.life.countAgain(tx, operation);
    this.logger.info({ operation: key }, 'a loan that had come back counts again');
  }
}
