import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, MigrationExecutor, type Migration as Pending, type QueryRunner } from 'typeorm';
import { codeOf, growingWaitMs } from '../../kernel';
import { MIGRATIONS } from './data-source';
import { opened } from './database-refusal';
import { KEEP_ALIVE } from './pool';
import { appliedMigrations, assertNothingBreaks, SchemaError, type Migration } from './schema-range';
import { untilDone } from '../process/until-done';

/** Any number nobody else in this database locks. */
const ONE_AT_A_TIME = 7_274_202;
/**
 * Whoever needs a table that a migration waits for waits behind it: no longer than this, which no heartbeat misses.
 * Then everybody goes first, and the migration tries again.
 */
const LOCK_TIMEOUT_MS = 300;
const TRY_AGAIN = { baseMs: 500, maxMs: 30_000 };
const LOOK_AGAIN = { baseMs: 100, maxMs: 2_000 };
const PATIENCE_MS = 600_000;

/** Did not get its locks in time, or would have waited for ever: nothing is wrong with it. */
const IN_THE_WAY = new Set(['55P03', '40P01']);

export interface MigrationLog {
  info(fields: object, line: string): void;
  warn(fields: object, line: string): void;
}

export interface MigrateOptions {
  /** Those of this release unless others are named. */
  readonly migrations?: readonly (string | (new () => Migration))[];
  /** How long to wait for another process that migrates, and for the locks of one migration. */
  readonly patienceMs?: number;
}

/**
 * Brings a database to the schema of this code: one process at a time, each migration in a transaction of its own
 * unless it says otherwise, and nobody who works meanwhile is held up for longer than a moment (docs/adr/migrations.md).
 * What breaks older code is left for later while such code runs.
 * @returns the names of those applied
 * @throws SchemaError when this code is too old for the database, or something stayed in the way for too long
 */
export async function migrate(
  url: string,
  log: MigrationLog,
  { migrations = MIGRATIONS, patienceMs = PATIENCE_MS }: MigrateOptions = {},
): Promise<readonly string[]> {
  const dataSource = await opened(migrationDataSource(url, migrations));
  const runner = dataSource.createQueryRunner();
  try {
    assertNothingBreaks(dataSource, await appliedMigrations(runner));
    const executor = new MigrationExecutor(dataSource, runner);
    const applied: string[] = [];
    if (!(await isOurTurn(runner, executor, log, patienceMs))) return applied;
    for (const migration of await executor.getPendingMigrations()) {
      if (await mustWait(runner, migration, log)) continue;
      await applyPatiently(runner, executor, migration, { log, patienceMs });
      applied.push(migration.name);
    }
    return applied;
  } finally {
    await runner.release();
    await dataSource.destroy(); // and with its connection the lock
  }
}

/** One connection without the service's time-outs: an index may take an hour. */
function migrationDataSource(url: string, migrations: NonNullable<MigrateOptions['migrations']>): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'arremate-migrate',
    poolSize: 1,
    migrations: [...migrations],
    migrationsTableName: 'migration',
    connectTimeoutMS: 5_000,
    extra: {
      options: `-c timezone=UTC -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=${LOCK_TIMEOUT_MS}`,
      ...KEEP_ALIVE,
    },
  });
}

/**
 * Asks again and again instead of standing in PostgreSQL's queue: an index made concurrently waits for every statement
 * that has begun before it, so for the one that stands there for the lock, too.
 * @returns false when nothing is left to do: nothing was, or another process has done it
 */
async function isOurTurn(
  runner: QueryRunner,
  executor: MigrationExecutor,
  log: MigrationLog,
  patienceMs: number,
): Promise<boolean> {
  const end = performance.now() + patienceMs;
  for (let looks = 1; ; looks += 1) {
    if ((await executor.getPendingMigrations()).length === 0) return false;
    const [lock] = (await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [ONE_AT_A_TIME])) as {
      mine: boolean;
    }[];
    if (lock?.mine === true) return true;
    if (performance.now() >= end)
      throw new SchemaError(
        `Another process has been migrating the database for more than ${patienceMs / 1_000} s: docs/runbooks/start.md.`,
      );
    if (looks === 1) log.warn({ up_to_ms: patienceMs }, 'another process migrates the database: waiting');
    await pause(growingWaitMs(looks, LOOK_AGAIN));
  }
}

async function mustWait(runner: QueryRunner, migration: Pending, log: MigrationLog): Promise<boolean> {
  if (!breaksOlderCode(migration)) return false;
  const processes = (await runner.query(
    `SELECT host, version FROM instance WHERE instance_is_alive(id) AND newest_migration < $1`,
    [migration.timestamp],
  )) as readonly object[];
  if (processes.length === 0) return false;
  log.warn(
    { migration: migration.name, processes },
    'a migration is left for later: it would break processes of an older release. When they have ended: npm run migrate',
  );
  return true;
}

async function applyPatiently(
  runner: QueryRunner,
  executor: MigrationExecutor,
  migration: Pending,
  { log, patienceMs }: { readonly log: MigrationLog; readonly patienceMs: number },
): Promise<void> {
  const begun = performance.now();
  await untilDone(() => apply(runner, executor, migration), {
    waits: TRY_AGAIN,
    onFailure: (error, attempt) => {
      if (!isInTheWay(error)) throw error;
      const wait_ms = growingWaitMs(attempt, TRY_AGAIN);
      if (performance.now() + wait_ms >= begun + patienceMs)
        throw new SchemaError(
          `${migration.name} did not get its locks within ${patienceMs / 1_000} s: docs/runbooks/start.md.`,
          { cause: error },
        );
      log.warn(
        { migration: migration.name, attempt, wait_ms },
        'a migration gave way to work on the same tables: it tries again',
      );
    },
  });
  const took_ms = Math.round(performance.now() - begun);
  log.info({ migration: migration.name, took_ms }, 'migration applied');
}

async function apply(runner: QueryRunner, executor: MigrationExecutor, migration: Pending): Promise<void> {
  const isWhole = migration.instance?.transaction !== false;
  if (isWhole) await runner.startTransaction();
  try {
    await executor.executeMigration(migration);
    if (breaksOlderCode(migration))
      await runner.query(`UPDATE migration SET breaks_older_code = true WHERE name = $1`, [migration.name]);
    if (isWhole) await runner.commitTransaction();
  } catch (error) {
    if (isWhole) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

function breaksOlderCode({ instance }: Pending): boolean {
  const ours: Migration | undefined = instance;
  return ours?.breaksOlderCode === true;
}

function isInTheWay(error: unknown): boolean {
  return IN_THE_WAY.has(codeOf(error) ?? '');
}
