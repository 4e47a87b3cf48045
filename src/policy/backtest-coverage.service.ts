import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DAY_MS, type Clock } from '../kernel';
import { CLOCK, SETTINGS, type Settings } from '../platform';
import { bestCoverage, coverageOf, type BacktestCoverage, type BacktestReach } from './domain';

/** The latest ones; who tries more often than that tries the same again. */
const JUDGED = 20;

/**
 * Requests that came after a backtest's period count against it only once they are a day old: nobody could put a version
 * in force while requests come in.
 */
const REACHES = `
  SELECT coalesce((figures ->> 'requests')::int, 0) AS decided,
    (SELECT count(*)::int FROM (SELECT FROM auction
      WHERE received_at >= greatest(received_from, $2) AND received_at < ended LIMIT $4) AS held) AS held,
    (SELECT count(*)::int FROM (SELECT FROM auction
      WHERE received_at >= $2 AND received_at < greatest(ended, $3) LIMIT $4) AS stored) AS stored
  FROM (SELECT figures, received_from, least(received_before, requested_at) AS ended FROM backtest_report
        WHERE candidate_hash = $1 AND state = 'done' ORDER BY requested_at DESC LIMIT ${JUDGED}) AS report`;

/** What the backtests of a version (`src/trial`) say of whether it may be put in force. */
@Injectable()
export class BacktestCoverages {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** On how many requests of the last days a version was tried; undefined: on none, no backtest of it was done. */
  async of(
    candidateHash: string,
    tx: Pick<EntityManager, 'query'> = this.dataSource,
  ): Promise<BacktestCoverage | undefined> {
    const { backtest_min_requests: minimum, backtest_days: days } = this.settings.engine.policy;
    const now = this.clock.now().getTime();
    const since = new Date(now - days * DAY_MS);
    const parameters = [candidateHash, since, new Date(now - DAY_MS), minimum];
    const reaches = await tx.query<BacktestReach[]>(REACHES, parameters);
    const [row] = await tx.query<{ any: boolean }[]>('SELECT EXISTS (SELECT FROM auction) AS any');
    return bestCoverage(reaches.map((reach) => coverageOf(reach, minimum, row?.any !== false)));
  }
}
