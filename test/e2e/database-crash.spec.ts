import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startEmbeddedPostgres, type RunningPostgres } from '../../launcher/embedded-postgres';
import { audit } from '../support/auditor';
import { times } from '../support/repetitions';
import { ScriptedQi } from '../support/scripted-qi';
import { ServiceProcess } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest } from '../support/webhooks';
import { pause } from './fault-world';

const ROUNDS = times(3, 20);
const UNDER_WAY_MS = 700;
const PUSH_EVERY_MS = 40;

/** A server of our own, which writes through to the disk: that of the other tests must not die, and has fsync off. */
describe(`kill -9 of PostgreSQL under load, ${ROUNDS} times`, () => {
  const home = mkdtempSync(join(tmpdir(), 'arremate-crash-'));
  const postgresHome = join(home, 'postgres');
  let postgres: RunningPostgres;
  let qi: ScriptedQi;
  let sql: Pool;
  let service: ServiceProcess;
  beforeAll(async () => {
    chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
    postgres = await startEmbeddedPostgres(postgresHome);
    qi = await ScriptedQi.start();
    sql = new Pool({ connectionString: postgres.url, max: 4 });
    sql.on('error', () => undefined); // cut with the server
    service = await ServiceProcess.start({ databaseUrl: postgres.url, qiBaseUrl: qi.url });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await qi.close();
    await sql.end();
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }, 30_000);

  function killServer(): void {
    const [pid] = readFileSync(join(postgresHome, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
  }

  it('loses nothing acknowledged, bids on nothing twice and leaves nothing lying', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      let isLoaded = true;
      const deliveries: Promise<void>[] = [];
      const load = async (): Promise<void> => {
        while (isLoaded) {
          const key = randomUUID();
          const delivery = service
            .post('/webhooks/qi', proposalRequest({ key, cpf: newCpf(), windowSeconds: 30 }))
            .then(({ status }) => {
              if (status === 200) acknowledged.push(key);
            });
          deliveries.push(delivery);
          await pause(PUSH_EVERY_MS);
        }
      };
      const loading = load();
      await pause(UNDER_WAY_MS);
      killServer();
      await pause(200);
      isLoaded = false;
      await loading;
      postgres = await startEmbeddedPostgres(postgresHome);
      await Promise.all(deliveries);
    }

    await audit(sql, qi);
    // What came last may still be on its way: the auditor lets it.
    const unanswered = async (): Promise<readonly unknown[]> => {
      const { rows } = await sql.query<{ key: string; status: string | null }>(
        `SELECT key, status FROM unnest($1::text[]) AS key LEFT JOIN auction ON issuer_proposal_request_key = key
         WHERE status IS NULL OR status NOT IN ('bid', 'unknown')`,
        [acknowledged],
      );
      return rows;
    };
    await waitFor('all to be bid on', async () => ((await unanswered()).length === 0 ? true : undefined), {
      timeoutMs: 5_000,
    }).catch(() => undefined);
    expect(await unanswered()).toEqual([]);
    await audit(sql, qi);
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 5);
    const keys = qi.received.map(({ requestKey }) => requestKey);
    expect(keys).toHaveLength(new Set(keys).size);
  }, 300_000);
});
