import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { eachApart, LOGGER, Periodic, type Logger } from '../platform';
import { PolicyApproval, type DueVersion } from './policy-approval.service';

/** It is looked so far ahead, and again at the very moment. The process in which a time is set looks at once. */
const LOOK_EVERY_MS = 10_000;

interface Scheduled extends DueVersion {
  /** Until its time; 0 when that has come. */
  readonly in_ms: number;
}

/** Activates versions at the time set for them. Any process may: whoever comes second finds it done. */
@Injectable()
export class ScheduledActivations implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #looks: Periodic;
  #nextInMs = LOOK_EVERY_MS;

  constructor(
    private readonly dataSource: DataSource,
    private readonly approval: PolicyApproval,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#looks = new Periodic({
      name: 'scheduled_activations',
      everyMs: () => this.#nextInMs,
      lateAfterMs: 30_000,
      run: () => this.#look(),
      logger,
      failed: 'scheduled activations could not be looked after',
    });
  }

  onApplicationBootstrap(): void {
    this.#looks.start(0);
    this.approval.onSchedule(() => {
      this.#looks.hurry();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#looks.stop();
  }

  async #look(): Promise<void> {
    this.#nextInMs = LOOK_EVERY_MS;
    const rows = await this.dataSource.query<Scheduled[]>(
      `SELECT number, activate_at, scheduled_by,
         greatest(0, ceil(extract(epoch FROM activate_at - clock_timestamp()) * 1000))::integer AS in_ms
       FROM policy_version
       WHERE state = 'scheduled' AND activate_at < now() + $1 * interval '1 millisecond'
       ORDER BY activate_at, number`,
      [LOOK_EVERY_MS],
    );
    for (const { in_ms: inMs } of rows) if (inMs > 0) this.#nextInMs = Math.min(this.#nextInMs, inMs);
    await eachApart(
      rows.filter(({ in_ms: inMs }) => inMs <= 0),
      ({ number }) => `policy version ${String(number)}`,
      (due) => this.#activate(due),
    );
  }

  /**
   * What stands in its way now did not when it was scheduled: people must look at it again. One whose date was moved or taken
   * back since it was looked for stays as it is.
   */
  async #activate(due: DueVersion): Promise<void> {
    const outcome = await this.approval.activateDue(due);
    if (outcome.kind !== 'not_ready') return;
    const { obstacles } = outcome;
    const refused = await this.approval.refuseDue(due, obstacles.map(({ message }) => message).join(' '));
    if (refused.kind === 'done')
      this.logger.error({ policy_version: due.number, obstacles }, 'scheduled policy refused');
  }
}
