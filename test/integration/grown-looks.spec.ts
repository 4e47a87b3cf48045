import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { LiveFeed } from '../../src/history/live-feed.service';
import { calendarDateAt } from '../../src/kernel';
import { Periodic } from '../../src/platform';
import { NOTIFICATION_DESK, type NotificationDesk } from '../../src/reconciliation/ports';
import { ObservationKeeper } from '../../src/winning';
import { engineFile } from '../support/engine-file';
import { growAllTables } from '../support/grown-tables';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';
import { watchReads, type TableRead } from '../support/watched-plans';
import { createAccessWorld, type AccessWorld } from './access-world';

/** With fewer PostgreSQL rightly reads a table whole for the hundred rows that the live page shows. */
const ROWS = 12_000;

const NOT_TRIED: Readonly<Record<string, string>> = {
  retention: 'once a day, and reads what it erases from',
  binding_stage: 'only until `npm run rotate-keys` has gone through old rows',
  command_lease: 'only during a call to QI, and asks for one row by its key',
  certificates: 'reads no table',
  replica: 'reads no table',
};

describe(`with ${ROWS} auctions, loans and proposals behind it`, () => {
  let database: TestDatabase;
  let sql: Pool;
  let grown: readonly string[];
  let world: AccessWorld;
  let stopWatching: () => void;
  const reads: TableRead[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    sql = new Pool({ connectionString: database.url, max: 2 });
    sql.on('error', () => undefined); // the database may be gone before its connections are
    grown = await growAllTables(sql, ROWS);
    stopWatching = await watchReads(sql, (read) => reads.push(read));
    world = await createAccessWorld({
      DATABASE_URL: database.serviceUrl,
      ARREMATE_ENGINE_FILE: engineFile({
        monitoring: { stop_after_seconds: 3_600 },
        reconciliation: { max_calls: 1 },
      }),
    });
    // A run that QI gives no answer to is not called well.
    jest
      .spyOn(world.app.get<NotificationDesk>(NOTIFICATION_DESK), 'list')
      .mockResolvedValue({ kind: 'listed', notifications: [], isLast: true, isFull: false });
  }, 90_000);
  afterAll(async () => {
    stopWatching();
    await world.close();
    await sql.end();
    await database.drop();
  });

  /** A request declined a moment ago and a webhook that nobody can read: who looks goes on to what follows. */
  async function leaveWork(): Promise<void> {
    await sql.query(
      `INSERT INTO webhook_event (content_hash, received_at, webhook_type, event_key, raw_key_id, raw_ciphertext, status,
         correlation_key, not_before)
       VALUES (sha256('old'), now() - interval '15 days', 'debt', 'old', 'k', '', 'waiting', 'loan', now())`,
    );
    await sql.query(
      `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, ended_at, personal_key_id,
         personal_ciphertext)
       SELECT 'declined', max(id), 'declined', now(), now(), 'k', '' FROM webhook_event`,
    );
  }

  async function look(job: Periodic): Promise<void> {
    const since = performance.now();
    job.hurry();
    await waitFor(`${job.name} to have looked`, () =>
      job.quietMs >= 0 && job.quietMs < performance.now() - since ? true : undefined,
    );
  }

  it('every periodic job looks for its work without reading a table from end to end', async () => {
    await leaveWork();
    await world.app.get(LiveFeed).watch();
    const jobs = [...Periodic.all()].filter(({ name }) => NOT_TRIED[name] === undefined);
    for (const job of jobs) await look(job);

    const tried = jobs.map(({ name }) => name);
    const missing = periodicNames().filter(
      (name) => NOT_TRIED[name] === undefined && !tried.some((other) => isCalled(other, name)),
    );
    expect(missing).toEqual([]);
    expect(reads.some(({ statement }) => statement.includes('received_through'))).toBe(true); // they are told at all
    // By an index or without one: what follows the size of a table is a scan of it.
    expect(reads.filter(isScan)).toEqual([]);
  });

  it('what earlier releases learnt is looked at again without reading bids, or what became of them, from end to end', async () => {
    await sql.query(`UPDATE rate_model_observation SET ended = 'won', accepted = true, paid = true`);
    await sql.query(`VACUUM ANALYZE rate_model_observation`);
    reads.length = 0;
    await world.app.get(ObservationKeeper).reopen('grown', calendarDateAt(new Date()));
    // Whatever else looks at bids meanwhile does not count.
    const looked = reads
      .filter(({ table, statement }) => table === 'bid' && statement.includes('rate_model_observation'))
      .reduce((sum, { rows }) => sum + rows, 0);
    expect(looked).toBe(ROWS); // each of them, and some at a time
    expect(reads.filter(isScan)).toEqual([]);
  });

  const isScan = ({ table, rows }: TableRead): boolean => grown.includes(table) && rows >= ROWS / 2;
});

/** As the code writes them: a part of a name may be put in. */
function periodicNames(): readonly string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.spec)\.ts$/.test(name),
  );
  return files.flatMap((file) =>
    Array.from(
      readFileSync(join('src', file), 'utf8').matchAll(/new Periodic\(\{\s+name: ['`]([^'`]+)/g),
      ([, name = '']) => name,
    ),
  );
}

const isCalled = (name: string, written: string): boolean =>
  name === written || (written.includes('}') && name.endsWith(written.slice(written.indexOf('}') + 1)));
