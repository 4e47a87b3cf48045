import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import { CLOCK, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';

/** That was told, so many days after the question. */
export interface ConsentReminder {
  readonly day: number;
  readonly toldAt: Date;
}

/**
 * Reminds of consents that are waited for, on fixed days after the question. A reminder is a row, made once a day and
 * question whoever looks; the row tells the endpoints (operation.consent_reminder).
 */
@Injectable()
export class ConsentWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'consent_watch',
      everyMs: limits.sweep_ms,
      run: () => this.sweep(),
      logger,
      failed: 'consents that are waited for could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  /** Those that fell due while nobody looked are told now, oldest first. @returns how many were told */
  async sweep(): Promise<number> {
    const told = await this.dataSource.query<unknown[]>(
      `INSERT INTO consent_reminder (credit_operation_key, asked_at, day, told_at)
       SELECT credit_operation_key, consent_asked_at, day, $1
       FROM operation CROSS JOIN unnest($2::int[]) AS reminders (day)
       WHERE margin_status = 'pending_consent' AND ended_at IS NULL
         AND consent_asked_at + day * interval '1 day' <= $1 AND consent_until > $1
       ORDER BY consent_asked_at, day
       ON CONFLICT DO NOTHING RETURNING day`,
      [this.clock.now(), this.limits.consent_reminder_days],
    );
    return told.length;
  }

  /** What was told of the latest question. */
  remindersOf({ key, consentAskedAt }: OperationEntity): Promise<readonly ConsentReminder[]> {
    return this.dataSource.query<ConsentReminder[]>(
      `SELECT day, told_at AS "toldAt" FROM consent_reminder
       WHERE credit_operation_key = $1 AND asked_at = $2 ORDER BY day`,
      [key, consentAskedAt],
    );
  }
}
