import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { eachApart, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import { ApprovalBook } from './approval-book.service';
import { reversalWithheldReason } from './domain';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';
import { SYSTEM_ACTOR, TaskDesk } from './task-desk.service';
import { Withdrawals } from './withdrawals.service';

/**
 * Withdrawals that were asked for in time, and are not at QI when the time is over: they are neither sent, for nobody knows
 * what QI makes of one that late, nor forgotten. People settle them with QI.
 */
@Injectable()
export class LateWithdrawals implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly approvals: ApprovalBook,
    private readonly tasks: TaskDesk,
    private readonly withdrawals: Withdrawals,
    @Inject(OPERATION_LIMITS) limits: OperationLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'late_withdrawals',
      everyMs: limits.sweep_ms,
      run: () => this.sweep(),
      logger,
      failed: 'withdrawals that were agreed to too late could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  /** Those that wait for their second person. */
  async sweep(): Promise<void> {
    const waiting = await this.dataSource.query<{ key: string }[]>(
      `SELECT credit_operation_key AS key FROM approval
       WHERE status = 'pending' AND action = 'request_reversal' ORDER BY requested_at`,
    );
    await eachApart(
      waiting,
      ({ key }) => `loan ${key}`,
      ({ key }) => this.dataSource.transaction((tx) => this.#letGo(tx, key)),
    );
  }

  async #letGo(tx: EntityManager, key: string): Promise<void> {
    const operation = await this.life.lock(tx, key);
    if (operation === undefined) return;
    const pending = await this.approvals.pendingOf(tx, key);
    if (pending?.action === 'request_reversal' && (await this.tell(tx, operation)))
      await this.approvals.withdraw(tx, operation);
  }

  /**
   * Tells people of a reversal that is not to be sent any more.
   * @param command that did not leave, or did not reach QI, and whose it is
   * @returns whether there was something to tell
   */
  async tell(
    tx: EntityManager,
    operation: OperationEntity,
    command?: { readonly id: string; readonly actor: string },
  ): Promise<boolean> {
    const { obstacle } = await this.withdrawals.of(tx, operation);
    if (obstacle === undefined) return false;
    await this.life.note(tx, operation, {
      kind: 'request_reversal_not_taken',
      actor: command?.actor ?? SYSTEM_ACTOR,
      summary: { why: obstacle.kind, ...(command !== undefined && { command_id: command.id }) },
    });
    await this.tasks.openRefusal(tx, operation, reversalWithheldReason(obstacle));
    return true;
  }
}
