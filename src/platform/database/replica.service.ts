import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { hasCode, type Clock } from '../../kernel';
import { CLOCK } from '../process/clock';
import { createDataSource } from './data-source';
import { isDatabaseAway } from './database-away';
import { replicaStanding, type Advance, type ReplicaStanding } from '../domain';
import { LOGGER, type Logger } from '../telemetry/logger';
import { METRICS } from '../telemetry/metrics';
import { Periodic } from '../process/periodic';
import type { ReadDatabase } from './read-database';
import { ReadyDetails } from '../http/ready-details';
import { SETTINGS, type Settings } from '../settings';

const LOOK_EVERY_MS = 1_000;
const CONNECT_FAILED_MS = 30_000;
/** A standby that must go on with the log ends what reads old rows. */
const CONFLICT_WITH_RECOVERY = '40001';

/** Reads from the replica of DATABASE_REPLICA_URL while it is close enough; what it cannot answer the primary does. */
@Injectable()
export class ReplicaReads implements ReadDatabase, OnModuleInit, OnApplicationShutdown {
  readonly #looks: Periodic | undefined;
  readonly #replica: DataSource | undefined;
  readonly #lag: Gauge;
  /** Undefined: nobody has looked yet. */
  #standing: ReplicaStanding | undefined;
  /** On our monotonic clock, before it was asked. */
  #askedMs = 0;

  readonly query: DataSource['query'] = (sql, parameters) =>
    this.#read((database) => database.query(sql, parameters));

  constructor(
    private readonly primary: DataSource,
    readyDetails: ReadyDetails,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#lag = new Gauge({
      name: 'arremate_replica_lag_seconds',
      help: 'How far the replica is behind; -1 while it is not read from, NaN where there is none',
      registers: [metrics],
    });
    this.#lag.set(NaN);
    const { DATABASE_REPLICA_URL: url } = settings;
    if (url === undefined) return;
    this.#replica = createDataSource(url, {
      poolSize: settings.engine.database.connections,
      applicationName: 'arremate-reads',
      queryTimeoutMs: CONNECT_FAILED_MS,
    });
    this.#looks = new Periodic({
      name: 'replica',
      everyMs: LOOK_EVERY_MS,
      run: () => this.#look(),
      logger,
      failed: 'the replica could not be looked at',
    });
    readyDetails.add('replica', () => ({
      standing: this.#standing?.kind ?? null,
      lag_ms: this.lagMs ?? null,
    }));
  }

  /** What is younger than so many ms may be missing in what is read now; undefined: the primary is read. */
  get lagMs(): number | undefined {
    if (this.#standing?.kind !== 'usable') return undefined;
    // Whoever does not answer our next question may have stood still since the last.
    const lagMs = this.#standing.lagMs + this.clock.monotonicMs() - this.#askedMs;
    return lagMs > this.settings.engine.database.replica_max_lag_ms ? undefined : lagMs;
  }

  onModuleInit(): void {
    if (this.#looks === undefined) return;
    this.#lag.set(-1);
    this.#looks.start(0);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#looks?.stop();
    if (this.#replica?.isInitialized === true) await this.#replica.destroy();
  }

  transaction: DataSource['transaction'] = ((...how: Parameters<DataSource['transaction']>) =>
    this.#read((database) => database.transaction(...how))) as DataSource['transaction'];

  async #read<T>(read: (database: DataSource) => Promise<T>): Promise<T> {
    if (this.#replica === undefined || this.lagMs === undefined) return read(this.primary);
    try {
      return await read(this.#replica);
    } catch (error) {
      if (!isDatabaseAway(error) && !isConflict(error)) throw error;
      this.logger.warn({ err: error }, 'the replica could not answer: the primary is asked');
      return read(this.primary);
    }
  }

  async #look(): Promise<void> {
    const replica = this.#replica;
    if (replica === undefined) return;
    const askedMs = this.clock.monotonicMs();
    const working = await advanceOf(this.primary);
    try {
      if (!replica.isInitialized) await replica.initialize();
      const most = this.settings.engine.database.replica_max_lag_ms;
      const standing = replicaStanding(working, await advanceOf(replica), most);
      this.#askedMs = askedMs;
      this.#stand(standing);
    } catch (error) {
      this.#stand({ kind: 'away' }, error);
    }
  }

  #stand(standing: ReplicaStanding, error?: unknown): void {
    if (standing.kind !== this.#standing?.kind)
      this.logger[standing.kind === 'usable' ? 'info' : 'warn'](
        { ...standing, err: error },
        standing.kind === 'usable' ? 'the replica is read from' : 'the replica is not read from',
      );
    this.#standing = standing;
    this.#lag.set(standing.kind === 'usable' ? standing.lagMs / 1_000 : -1);
  }
}

async function advanceOf(database: DataSource): Promise<Advance> {
  const [row] = await database.query<Advance[]>(
    `SELECT generation::text AS generation, advanced_at AS at FROM recovery_generation`,
  );
  if (row === undefined) throw new Error('a database without a history');
  return row;
}

function isConflict(error: unknown): boolean {
  return hasCode(error, CONFLICT_WITH_RECOVERY);
}
