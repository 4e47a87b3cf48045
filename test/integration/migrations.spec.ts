import { Pool, type PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import { createDataSource } from '../../src/platform';
import { createIndexConcurrently } from '../../src/platform/database/concurrent-index';
import { migrate, type MigrateOptions } from '../../src/platform/database/migrate';
import { assertSchemaFits, SchemaError, type Migration } from '../../src/platform/database/schema-range';
import { growTables } from '../support/grown-tables';
import { newMigrations, releasedMigrations } from '../support/released-schema';
import { holdUpsOf } from '../support/schema-watch';
import { latch } from '../support/scripted-qi';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

type Kind = new () => Migration;

let numbers = 1_700_000_900_000;
function migration(
  up: string | ((runner: QueryRunner) => Promise<unknown>),
  says: Pick<Migration, 'transaction' | 'breaksOlderCode'> = {},
): Kind {
  const name = `Sample${(numbers += 1)}`;
  return class implements Migration {
    readonly name = name;
    constructor() {
      Object.assign(this, says);
    }
    up(runner: QueryRunner): Promise<unknown> {
      return typeof up === 'string' ? runner.query(up) : up(runner);
    }
    down(): Promise<void> {
      return Promise.resolve();
    }
  };
}

let database: TestDatabase;
let sql: Pool;
let lines: string[];
beforeEach(() => (lines = []));
afterEach(async () => {
  await sql.end();
  await database.drop();
});

async function take(contents: 'schema' | 'nothing'): Promise<void> {
  database = await createTestDatabase(contents);
  sql = new Pool({ connectionString: database.url, max: 4 });
  sql.on('error', () => undefined);
}

function run(options: MigrateOptions = {}): Promise<readonly string[]> {
  const say = (_: object, line: string): number => lines.push(line);
  return migrate(database.url, { info: say, warn: say }, options);
}

const said = (part: RegExp): Promise<true> =>
  waitFor(`a line ${String(part)}`, () => (lines.some((line) => part.test(line)) ? true : undefined));

async function holding(statement: string): Promise<PoolClient> {
  const client = await sql.connect();
  await client.query('BEGIN');
  await client.query(statement);
  return client;
}

async function letGo(client: PoolClient): Promise<void> {
  await client.query('COMMIT');
  client.release();
}

describe('the schema of the last release with rows', () => {
  beforeEach(async () => {
    await take('nothing');
    await run({ migrations: releasedMigrations });
    await growTables(sql, 1_000);
  });

  it('is not held up by any migration since', async () => {
    const bad: Record<string, readonly string[]> = {};
    for (const file of newMigrations) {
      const holdUps = await holdUpsOf(sql, () => run({ migrations: [file] }));
      if (holdUps.length > 0) bad[file] = holdUps;
    }
    expect(bad).toEqual({});
    expect(lines.filter((line) => line === 'migration applied')).toHaveLength(
      releasedMigrations.length + newMigrations.length,
    );
  });

  it('is too old for this code until it is migrated; a newer one that breaks nothing is good', async () => {
    const present = await createDataSource(database.url).initialize();
    try {
      await expect(assertSchemaFits(present)).rejects.toThrow(/too old .* it has not \w+17000000\d{5}/);
      await run();
      await assertSchemaFits(present);
      await run({ migrations: [migration('CREATE TABLE since ()')] });
      await assertSchemaFits(present);
    } finally {
      await present.destroy();
    }
  });

  it('has endpoints that are told of what came to be told since, beside what they listen to', async () => {
    await sql.query(
      `INSERT INTO notification_endpoint (id, url, description, event_types, enabled, secret_key_id, secret_ciphertext,
         created_by, created_at)
       SELECT gen_random_uuid(), 'https://example.com', description, types, true, 'k', '', 'x', now()
       FROM (VALUES ('both', ARRAY['alert.wins_silent', 'alert.approvals_waiting']),
         ('told', ARRAY['alert.wins_silent', 'alert.bidding_stopped']), ('other', ARRAY['auction.won']),
         ('unhandled', ARRAY['alert.webhooks_unhandled']), ('nobody', ARRAY['alert.nobody_works']))
         AS endpoint (description, types)`,
    );
    await run();
    const { rows } = await sql.query<{ description: string; event_types: string[] }>(
      `SELECT description, event_types FROM notification_endpoint WHERE description IN ('both', 'told', 'other', 'unhandled', 'nobody')`,
    );
    expect(Object.fromEntries(rows.map((row) => [row.description, row.event_types]))).toEqual({
      both: [
        'alert.wins_silent',
        'alert.approvals_waiting',
        'alert.bidding_stopped',
        'alert.activation_refused',
        'alert.restore_unconfirmed',
      ],
      told: ['alert.wins_silent', 'alert.bidding_stopped', 'alert.restore_unconfirmed'],
      other: ['auction.won'],
      unhandled: ['alert.webhooks_unhandled', 'alert.webhooks_parked'],
      nobody: ['alert.nobody_works', 'alert.work_late', 'alert.audit_unanchored'],
    });
  });

  it('gives way to work on its tables, and goes on when that is done', async () => {
    const reading = await holding('LOCK TABLE instance IN ACCESS SHARE MODE');
    await expect(run({ patienceMs: 100 })).rejects.toThrow(/did not get its locks within 0.1 s/);
    const migrating = run();
    await said(/gave way/);
    await sql.query('SELECT FROM instance');
    await letGo(reading);
    expect(await migrating).toContain('SchemaRange1700000011300');
  });
});

describe('several that start at once', () => {
  it('apply each migration once', async () => {
    await take('nothing');
    const applied = await Promise.all([run(), run(), run()]);
    const { rows } = await sql.query<{ name: string }>('SELECT name FROM migration ORDER BY timestamp');
    expect(rows).toHaveLength(releasedMigrations.length + newMigrations.length);
    expect(applied.flat().sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it('wait for the one at work, for so long, and go on when it has done everything', async () => {
    await take('schema');
    const { released, release } = latch();
    const migrations = [migration(() => released)];
    const first = run({ migrations });
    await waitFor('its turn', async () => {
      const { rows } = await sql.query(`SELECT FROM pg_locks WHERE locktype = 'advisory'`);
      return rows.length > 0 ? true : undefined;
    });
    await expect(run({ migrations, patienceMs: 100 })).rejects.toThrow(SchemaError);
    const second = run({ migrations });
    await said(/waiting/);
    release();
    expect([(await first).length, await second]).toEqual([1, []]);
  });
});

describe('an index made concurrently', () => {
  it('lets others write, and is made anew when it was cut', async () => {
    await take('schema');
    const migrations = [
      migration((runner) => createIndexConcurrently(runner, 'sample', 'ON instance (host)'), {
        transaction: false,
      }),
    ];
    const indexed = async (): Promise<boolean | undefined> => {
      const { rows } = await sql.query<{ valid: boolean }>(
        `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('sample')`,
      );
      return rows[0]?.valid;
    };
    const appear = `INSERT INTO instance (id, host, role, version, alive_until) VALUES (gen_random_uuid(), 'h', 'all', '', now())`;
    const writing = await holding(appear);
    const cut = run({ migrations });
    await waitFor('the index', async () => ((await indexed()) === false ? true : undefined));
    await sql.query(appear);
    await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'arremate-migrate'`,
    );
    await expect(cut).rejects.toThrow();
    await letGo(writing);
    expect(await indexed()).toBe(false);
    expect(await run({ migrations })).toHaveLength(1);
    expect(await indexed()).toBe(true);
  });
});

describe('a migration that breaks older code', () => {
  it('waits until none runs, lets others pass, and keeps older code from starting', async () => {
    await take('schema');
    await sql.query(
      `INSERT INTO instance (id, host, role, version, newest_migration, alive_until)
       VALUES (gen_random_uuid(), 'old', 'all', '', 1, now() + interval '1 hour')`,
    );
    const migrations = [
      migration('CREATE TABLE away ()', { breaksOlderCode: true }),
      migration('CREATE TABLE beside ()'),
    ];
    expect(await run({ migrations })).toHaveLength(1);
    expect(lines).toContainEqual(expect.stringMatching(/left for later/));
    await sql.query('DELETE FROM instance');
    const [breaking] = await run({ migrations });
    await expect(run()).rejects.toThrow(new RegExp(`too new .* ${String(breaking)} broke code`));
    const older = await createDataSource(database.url).initialize();
    await expect(assertSchemaFits(older)).rejects.toThrow(SchemaError);
    await older.destroy();
  });
});

describe('what holds up a service', () => {
  /** One database for all: each sample stays. */
  it('is seen, whatever the statements look like', async () => {
    await take('schema');
    await growTables(sql, 10);
    const cases: [Kind, readonly string[]][] = [
      [migration('CREATE INDEX one ON auction (ended_at)'), ['one is not made concurrently on auction']],
      [
        migration('CREATE INDEX two ON auction (ended_at)', { transaction: false }),
        ['two is not made concurrently on auction'],
      ],
      [
        migration('ALTER TABLE bid ADD CONSTRAINT three UNIQUE (request_control_key, status)'),
        ['three is not made concurrently on bid'],
      ],
      [migration('ALTER TABLE bid_attempt ALTER http_status TYPE bigint'), ['bid_attempt is written anew']],
      [
        migration('ALTER TABLE exposure ADD COLUMN drawn uuid DEFAULT gen_random_uuid()'),
        ['exposure is written anew'],
      ],
      [migration(`UPDATE decision SET policy_hash = 'x'`), ['rows of decision are changed']],
      [migration(`ALTER TABLE auction ADD COLUMN constant text NOT NULL DEFAULT 'x'`), []],
      [migration('CREATE TABLE since (id integer PRIMARY KEY, other integer UNIQUE)'), []],
      [
        migration((runner) => createIndexConcurrently(runner, 'four', 'ON auction (ended_at)'), {
          transaction: false,
        }),
        [],
      ],
    ];
    const seen: (readonly string[])[] = [];
    for (const [kind] of cases) seen.push(await holdUpsOf(sql, () => run({ migrations: [kind] })));
    expect(seen).toEqual(cases.map(([, expected]) => expected));
  });
});
