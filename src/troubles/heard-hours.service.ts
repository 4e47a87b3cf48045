import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MINUTE_MS } from '../kernel';
import { LOGGER, Periodic, type Logger } from '../platform';
import { HEARD, hourOf, WEEKS_LEARNT, type Heard, type HourlyCounts } from './domain';

const EVERY_MS = MINUTE_MS;
const FIRST_AFTER_MS = 1_000;
/** What one look counts, of each kind: after an upgrade a month is learnt within two hours, and nobody is held up. */
const HOURS_AT_ONCE = 6;
const KEPT_HOURS = (WEEKS_LEARNT + 1) * 168;

/** Whole hours since the first webhook that nobody has counted, newest first. Each count reads one hour of an index. */
const COUNT = `
  WITH missing AS (
    SELECT hour FROM generate_series(
      date_trunc('hour', greatest((SELECT min(received_at) FROM webhook_event), now() - $1 * interval '1 hour')),
      date_trunc('hour', now()) - interval '1 hour', interval '1 hour') AS hour
    WHERE NOT EXISTS (SELECT FROM heard_hour WHERE what = 'signatures' AND heard_hour.hour = hour.hour)
    ORDER BY hour DESC LIMIT $2)
  INSERT INTO heard_hour (what, hour, count)
  SELECT what, hour, count FROM missing, LATERAL (
    SELECT 'webhooks' AS what, count(*)::integer AS count FROM webhook_event
    WHERE received_at >= hour AND received_at < hour + interval '1 hour'
    UNION ALL
    SELECT 'wins', count(*)::integer FROM operation
    WHERE opened_at >= hour AND opened_at < hour + interval '1 hour' AND auction_key IS NOT NULL
    UNION ALL
    SELECT 'signatures', count(*)::integer FROM operation_event
    WHERE kind = 'signed' AND recorded_at >= hour AND recorded_at < hour + interval '1 hour') AS counted
  ON CONFLICT DO NOTHING`;

/** How much is usually heard at each hour of the week: counted once an hour by one statement, and kept in memory. */
@Injectable()
export class HeardHours implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;
  #counts: ReadonlyMap<Heard, HourlyCounts> = new Map();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'heard_hours',
      everyMs: EVERY_MS,
      run: () => this.learn(),
      logger,
      failed: 'what is usually heard could not be counted',
    });
  }

  onApplicationBootstrap(): void {
    this.#work.start(FIRST_AFTER_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.#work.stop();
  }

  /** As last learnt; nothing before the first look. */
  get counts(): ReadonlyMap<Heard, HourlyCounts> {
    return this.#counts;
  }

  async learn(): Promise<void> {
    await this.dataSource.query(COUNT, [KEPT_HOURS, HOURS_AT_ONCE]);
    await this.dataSource.query(`DELETE FROM heard_hour WHERE hour < now() - $1 * interval '1 hour'`, [
      KEPT_HOURS + 1,
    ]);
    const rows = await this.dataSource.query<{ what: Heard; hour: Date; count: number }[]>(
      `SELECT what, hour, count FROM heard_hour`,
    );
    this.#counts = new Map(
      HEARD.map((what) => [
        what,
        new Map(rows.filter((row) => row.what === what).map((row) => [hourOf(row.hour), row.count])),
      ]),
    );
  }
}
