import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startEmbeddedPostgres, type RunningPostgres } from '../../launcher/embedded-postgres';
import { engineFile } from '../support/engine-file';
import { ServiceProcess } from '../support/service-process';
import { startStreamingReplica } from '../support/streaming-replica';
import { asService } from '../support/test-database';
import { waitFor } from '../support/wait-for';

/** Two servers of our own: one works, the other follows it by streaming. */
describe('a replica that history is read from', () => {
  const home = mkdtempSync(join(tmpdir(), 'arremate-replica-'));
  let [primary, replica]: (RunningPostgres | undefined)[] = [];
  let [working, copy]: Pool[] = [];
  let service: ServiceProcess;

  beforeAll(async () => {
    chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
    const postgresHome = join(home, 'primary');
    primary = await startEmbeddedPostgres(postgresHome);
    replica = await startStreamingReplica({ home: postgresHome, url: primary.url }, join(home, 'replica'));
    [working, copy] = [primary, replica].map(({ url }) => {
      const pool = new Pool({ connectionString: url, max: 2 });
      pool.on('error', () => undefined); // cut with the server
      return pool;
    }) as [Pool, Pool];
    service = await ServiceProcess.start({
      databaseUrl: primary.url,
      qiBaseUrl: 'http://127.0.0.1:9',
      env: {
        DATABASE_REPLICA_URL: asService(replica.url),
        ARREMATE_ENGINE_FILE: engineFile({ database: { replica_max_lag_ms: 3_000 } }),
      },
    });
  }, 90_000);
  afterAll(async () => {
    await service.stop();
    for (const pool of [working, copy]) await pool?.end();
    for (const server of [replica, primary]) await server?.stop();
    rmSync(home, { recursive: true, force: true });
  }, 30_000);

  /** How many auctions the list has, and how old the answer says that it may be. */
  async function list(): Promise<{ readonly received: number; readonly age: string | null }> {
    const response = await fetch(`${service.url}/api/v1/history/auctions`, { headers: service.credentials });
    expect(response.status).toBe(200);
    const { items } = (await response.json()) as { items: unknown[] };
    return { received: items.length, age: response.headers.get('x-data-age-seconds') };
  }
  const until = (what: string, isSo: (seen: Awaited<ReturnType<typeof list>>) => boolean) =>
    waitFor(what, async () => (isSo(await list()) ? true : undefined), { timeoutMs: 30_000 });
  const lagTold = async (): Promise<number> => {
    const { body } = await service.get('/metrics');
    return Number(/^arremate_replica_lag_seconds (\S+)$/m.exec(String(body))?.[1]);
  };
  const receive = (key: string) =>
    working?.query(
      `WITH event AS (
         INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
         VALUES (sha256($1::text::bytea), now(), 'k', '', 'done') RETURNING id)
       INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id, personal_ciphertext)
       SELECT $1::text, id, 'declined', now(), 'k', '' FROM event`,
      [key],
    );

  it('answers while it is close, says how old that is, and gives way to the database that works when it is not', async () => {
    await receive('first');
    await until('the replica to answer', ({ received, age }) => received === 1 && age !== null);
    const readers = await copy?.query(
      `SELECT FROM pg_stat_activity WHERE application_name = 'arremate-reads' AND query LIKE '%cursor_at%'`,
    );
    expect(readers?.rowCount).toBeGreaterThan(0);

    // It goes on answering questions, and hears nothing new.
    await copy?.query('SELECT pg_wal_replay_pause()');
    await receive('second');
    await until('the primary to answer', ({ received, age }) => received === 2 && age === null);
    await waitFor('the word that it is late', async () => {
      const { body } = await service.get('/health/ready');
      return (body as { replica: { standing: string } }).replica.standing === 'late' ? true : undefined;
    });
    expect(await lagTold()).toBe(-1);
    await copy?.query('SELECT pg_wal_replay_resume()');
    await until('the replica to answer again', ({ received, age }) => received === 2 && age !== null);
    expect(await lagTold()).toBeGreaterThanOrEqual(0);
  });

  it('is not missed when it is gone', async () => {
    await until('the replica to answer', ({ age }) => age !== null);
    replica?.kill();
    expect((await list()).received).toBe(2);
    await until('the primary to answer', ({ age }) => age === null);
    await receive('third');
    expect(await list()).toEqual({ received: 3, age: null });
  });
});
