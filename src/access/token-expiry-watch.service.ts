import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DAY_MS, type Clock } from '../kernel';
import { CLOCK, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';

const FIRST_AFTER_MS = 10_000;

/** Says once a day which API tokens will end soon, while there is time to make others. */
@Injectable()
export class TokenExpiryWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'token_expiry',
      everyMs: DAY_MS,
      run: () => this.look(),
      logger,
      failed: 'tokens that will end could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'worker') this.#work.start(FIRST_AFTER_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.#work.stop();
  }

  async look(): Promise<void> {
    const now = this.clock.now();
    const soon = new Date(now.getTime() + this.settings.engine.access.token_warning_days * DAY_MS);
    const ending = await this.dataSource.query<{ actor: string; expires_at: Date }[]>(
      `SELECT actor, expires_at FROM api_token
       WHERE revoked_at IS NULL AND expires_at > $1 AND expires_at <= $2 ORDER BY expires_at`,
      [now, soon],
    );
    for (const { actor, expires_at } of ending)
      this.logger.warn({ token: actor, expires_at }, 'an API token will end soon: make another in time');
  }
}
