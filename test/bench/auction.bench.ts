/**
 * npm run bench -- auction [--only usual,bare,grouped,arremate] [--quick] [--stored N] [--soak MINUTES] [--processes N]:
 * what an auction costs from webhook to proposal, beside three peers that do the same with less care, in turn on one
 * durable PostgreSQL; then issue 12's goals, each met or short by so much. docs/performance.md says what each row means.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { goals } from './auction/goals';
import { measure, progress, type Figures, type Ground } from './auction/measure';
import { Meter, METER_SETTINGS } from './auction/meter';
import { readOptions, USAGE, type Options } from './auction/options';
import { Requests } from './auction/requests';
import { TITLES, type SubjectName } from './auction/subjects';
import { table } from './auction/table';
import { emptyDatabase } from '../support/test-database';

const REPORT = '.data/reports/auction.json';

async function main(): Promise<void> {
  const options = optionsOrUsage();
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  const postgres = await startEmbeddedPostgres(home, { settings: METER_SETTINGS });
  const meter = await Meter.open(home, await emptyDatabase(postgres.url));
  const ground: Ground = { postgresUrl: postgres.url, meter, home, requests: new Requests(), options };
  const all: Partial<Record<SubjectName, Figures>> = {};
  try {
    for (const name of options.subjects) {
      progress(TITLES[name]);
      all[name] = await measure(ground, name);
    }
  } finally {
    await meter.close();
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
  const verdicts = goals(all);
  console.table(table(all));
  if (verdicts.length > 0) console.table(verdicts);
  mkdirSync('.data/reports', { recursive: true });
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, load: loadavg()[0] };
  const report = { at: new Date().toISOString(), machine, options, figures: all, goals: verdicts };
  writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
  progress(`written to ${REPORT}`);
}

function optionsOrUsage(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
}

void main();
