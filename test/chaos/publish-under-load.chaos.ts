import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { startSandbox } from '../../sandbox';
import { publishUnderLoad } from '../support/publish-under-load';
import { ServiceProcess } from '../support/service-process';
import { emptyDatabase } from '../support/test-database';

/**
 * Policies are put in force one after the other while auctions come in, in two processes on one database. Every
 * auction must be decided; every decision must name one version that was in force, and come out byte for byte the same when it is made again; every
 * process must switch within two seconds. Arguments: auctions a second, activations.
 */
const PER_SECOND = Number(process.argv[2] ?? 100);
const ACTIVATIONS = Number(process.argv[3] ?? 50);
const SWITCH_WITHIN_MS = 2_000;

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-chaos-'));
  const postgres = await startEmbeddedPostgres(home);
  const databaseUrl = await emptyDatabase(postgres.url);
  const sandbox = await startSandbox({ seed: 7, behaviour: { keep: { auctions: 1_000_000 } } });
  const first = await ServiceProcess.start({ databaseUrl, qiBaseUrl: sandbox.url });
  const second = await ServiceProcess.start({ databaseUrl, qiBaseUrl: sandbox.url });
  const sql = new Pool({ connectionString: databaseUrl, max: 2 });
  try {
    const figures = await publishUnderLoad(
      { sandbox, services: [first, second], sql },
      { perSecond: PER_SECOND, activations: ACTIVATIONS, everyMs: 1_000 },
    );
    const report = {
      per_second: PER_SECOND,
      activations: ACTIVATIONS,
      load_average: loadavg()[0],
      ...figures,
    };
    console.log(report);
    writeFileSync('.data/reports/publish-under-load.json', `${JSON.stringify(report, null, 2)}\n`);
    const slowest = figures.switch_ms.at(-1) ?? Infinity;
    const isWhole = Object.keys(figures.undecided).length === 0;
    const isRight = isWhole && figures.early + figures.late + figures.not_identical === 0;
    process.exitCode = isRight && slowest < SWITCH_WITHIN_MS ? 0 : 1;
  } finally {
    await sql.end();
    await Promise.all([first.stop(), second.stop()]);
    await sandbox.close();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
  }
}

void main();
