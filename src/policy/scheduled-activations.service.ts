import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER, type Logger } from '../platform';
import { PolicyApproval } from './policy-approval.service';

const LOOK_EVERY_MS = 500;

/** Activates versions at the time set for them. Any process may: whoever comes second finds it done. */
@Injectable()
export class ScheduledActivations implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly approval: PolicyApproval,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#lookLater();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) => {
          this.logger.error({ err: error }, 'scheduled activations could not be looked after');
        })
        .finally(() => {
          if (!this.#stopping) this.#lookLater();
        });
    }, LOOK_EVERY_MS);
  }

  async #look(): Promise<void> {
    const due = await this.dataSource.query<{ number: number; scheduled_by: string }[]>(
      `SELECT number, scheduled_by FROM policy_version
       WHERE state = 'scheduled' AND activate_at <= clock_timestamp() ORDER BY activate_at, number`,
    );
    for (const { number, scheduled_by: by } of due) await this.#activate(number, { id: by, roles: [] });
  }

  /** What stands in its way now did not when it was scheduled: people must look at it again. */
  async #activate(number: number, actor: { readonly id: string; readonly roles: readonly string[] }) {
    const outcome = await this.approval.activate(number, 'agendada', actor);
    if (outcome.kind !== 'not_ready') return;
    this.logger.error({ policy_version: number, obstacles: outcome.obstacles }, 'scheduled policy refused');
    await this.approval.unschedule(number, outcome.obstacles.map(({ message }) => message).join(' '), actor);
  }
}
