import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { startSandbox } from '../../sandbox';
import { ServiceProcess } from '../support/service-process';
import { emptyDatabase } from '../support/test-database';
import { stretch } from '../support/uploads-under-load';

/**
 * People send good, huge and hostile files, one after the other, while auctions come in. No bid may be late for it; the
 * figures of as much time without files stand beside. Arguments: auctions a second, seconds of each stretch, people.
 */
const PER_SECOND = Number(process.argv[2] ?? 40);
const SECONDS = Number(process.argv[3] ?? 30);
const PEOPLE = Number(process.argv[4] ?? 6);

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-chaos-'));
  const postgres = await startEmbeddedPostgres(home);
  const databaseUrl = await emptyDatabase(postgres.url);
  const sandbox = await startSandbox({ seed: 7, behaviour: { keep: { auctions: 1_000_000 } } });
  const service = await ServiceProcess.start({ databaseUrl, qiBaseUrl: sandbox.url });
  const sql = new Pool({ connectionString: databaseUrl, max: 2 });
  try {
    sandbox.control.deliverTo(`${service.url}/webhooks/qi`);
    const world = { sandbox, service, sql };
    const without = await stretch(world, { perSecond: PER_SECOND, seconds: SECONDS, people: 0 });
    const withFiles = await stretch(world, { perSecond: PER_SECOND, seconds: SECONDS, people: PEOPLE });
    const report = { per_second: PER_SECOND, load_average: loadavg()[0], without, with_files: withFiles };
    console.log(report);
    writeFileSync('.data/reports/uploads-under-load.json', `${JSON.stringify(report, null, 2)}\n`);
    const hasRead = (withFiles.files['422'] ?? 0) > 0 && (withFiles.files['201'] ?? 0) > 0;
    process.exitCode = hasRead && withFiles.late === 0 ? 0 : 1;
  } finally {
    await sql.end();
    await service.stop();
    await sandbox.close();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
  }
}

void main();
