import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExposureBook } from '../../exposure';
import { LOGGER, SETTINGS, type Logger, type Settings } from '../../platform';

/** Closes auctions whose outcome never came: the request is over and the grace for late webhooks too. */
@Injectable()
export class ExpireAuctionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly exposure: ExposureBook,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async expire(): Promise<void> {
    const expired = await this.dataSource.transaction(async (tx) => {
      const [rows] = await tx.query<[{ key: string; was: string }[], number]>(
        `UPDATE auction SET status = 'expired', status_reason = 'no_outcome_came', ended_at = clock_timestamp()
       FROM (
         SELECT issuer_proposal_request_key AS key, status AS was FROM auction
         WHERE status IN ('bid', 'unknown') AND expiration_at < now() - $1 * interval '1 minute'
         ORDER BY expiration_at LIMIT 100 FOR UPDATE SKIP LOCKED) AS due
       WHERE issuer_proposal_request_key = due.key
       RETURNING due.key, due.was`,
        [this.settings.engine.auction.outcome_grace_minutes],
      );
      if (rows.length > 0)
        await this.exposure.release(
          tx,
          rows.map(({ key }) => key),
          'expired',
        );
      return rows;
    });
    for (const { key, was } of expired)
      this.logger.warn({ auction: key, was }, 'auction expired without an outcome');
  }
}
