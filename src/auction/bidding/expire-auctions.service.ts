import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExposureBook } from '../../exposure';
import {
  eachApart,
  isDatabaseAway,
  LOGGER,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../../platform';
import type { StatusReason } from '../domain/status-reasons';

/** Minutes of grace need no closer look. */
const EVERY_MS = 10_000;
const AT_ONCE = 100;
const AT_ONCE_APART = 1_000;
const DUE = `status IN ('bid', 'unknown') AND expiration_at < now() - $1 * interval '1 minute'`;
const NO_OUTCOME: StatusReason = 'no_outcome_came';

/** Closes auctions whose outcome never came: the request is over and the grace for late webhooks too. */
@Injectable()
export class ExpireAuctionsService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #looks: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly exposure: ExposureBook,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#looks = new Periodic({
      name: 'expire_auctions',
      everyMs: EVERY_MS,
      run: () => this.expire(),
      logger,
      failed: 'auctions could not be expired',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#looks.start(0);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#looks.stop();
  }

  /** Until none is left that is due. Where some cannot be closed together, each is closed apart: one must not hold up the others. */
  async expire(): Promise<void> {
    // A look costs one statement, the transaction three.
    if ((await this.#due(1)).length === 0) return;
    try {
      while ((await this.#expireSome()) === AT_ONCE);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      await eachApart(
        await this.#due(AT_ONCE_APART),
        (key) => `auction ${key}`,
        (key) => this.#expireSome(key),
      );
    }
  }

  async #due(limit: number): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ key: string }[]>(
      `SELECT issuer_proposal_request_key AS key FROM auction WHERE ${DUE} ORDER BY expiration_at LIMIT $2`,
      [this.settings.engine.auction.outcome_grace_minutes, limit],
    );
    return rows.map(({ key }) => key);
  }

  /** @param key of the only one, where it is one */
  async #expireSome(key?: string): Promise<number> {
    const expired = await this.dataSource.transaction(async (tx) => {
      const [rows] = await tx.query<[{ key: string; was: string }[], number]>(
        `UPDATE auction SET status = 'expired', status_reason = '${NO_OUTCOME}', ended_at = clock_timestamp()
       FROM (
         SELECT issuer_proposal_request_key AS key, status AS was FROM auction
         WHERE ${DUE} AND ($2::text IS NULL OR issuer_proposal_request_key = $2)
         ORDER BY expiration_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED) AS due
       WHERE issuer_proposal_request_key = due.key
       RETURNING due.key, due.was`,
        [this.settings.engine.auction.outcome_grace_minutes, key ?? null],
      );
      if (rows.length > 0)
        await this.exposure.release(
          tx,
          rows.map((row) => row.key),
          'expired',
        );
      return rows;
    });
    for (const { key: auction, was } of expired)
      this.logger.warn({ auction, was }, 'auction expired without an outcome');
    return expired.length;
  }
}
