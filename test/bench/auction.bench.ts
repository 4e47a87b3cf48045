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
import { measure, measureGrowth, measureSpread, type Figures } from './auction/measure';
import { Meter, METER_SETTINGS } from './auction/meter';
import { readOptions, USAGE, type Options } from './auction/options';
import { Requests } from './auction/requests';
import { progress, type Ground } from './auction/scene';
import { TITLES, type SubjectName } from './auction/subjects';
import { table } from './auction/table';
import { emptyDatabase } from '../support/test-database';

const REPORT = '.data/reports/auction.json';

async function main(): Promise<void> {
  const options = optionsOrUsage();
  const { figures, growth, spread } = await onGround(options, async (ground) => {
    const all: Partial<Record<SubjectName, Figures>> = {};
    for (const name of options.subjects) {
      progress(TITLES[name]);
      all[name] = await measure(ground, name);
    }
    return {
      figures: all,
      growth: options.stored > 0 ? await measureGrowth(ground) : undefined,
      spread: options.processes > 1 ? await measureSpread(ground) : undefined,
    };
  });
  const verdicts = goals(figures, growth, spread);
  const ours = figures.arremate;
  console.table(table(figures));
  if (growth)
    console.log(
      `${growth.stored} auctions stored: ${growth.sustained}/s ${times(growth.sustained, ours?.sustained)}`,
    );
  if (spread) {
    const { processes, sustained, repeated } = spread;
    const alone = ours === undefined ? undefined : ours.sustained * processes;
    console.log(
      `${processes} processes: ${sustained}/s ${times(sustained, alone)}, ${repeated} bid on more than once`,
    );
  }
  if (ours?.soak) {
    const { minutes, perSecond, auctions, bids, mbPerHour } = ours.soak;
    console.log(
      `${minutes} min at ${perSecond}/s: ${bids} of ${auctions} bid on, memory ${mbPerHour.toFixed(1)} MB an hour`,
    );
  }
  if (verdicts.length > 0) console.table(verdicts);
  mkdirSync('.data/reports', { recursive: true });
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, load: loadavg()[0] };
  const report = { at: new Date().toISOString(), machine, options, figures, growth, spread, goals: verdicts };
  writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
  progress(`written to ${REPORT}`);
}

/** One server for everybody: durable, with counters on. */
async function onGround<Result>(
  options: Options,
  work: (ground: Ground) => Promise<Result>,
): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  const postgres = await startEmbeddedPostgres(home, { settings: METER_SETTINGS });
  try {
    const meter = await Meter.open(home, await emptyDatabase(postgres.url));
    try {
      return await work({ postgresUrl: postgres.url, meter, home, requests: new Requests(), options });
    } finally {
      await meter.close();
    }
  } finally {
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** How the rate compares with what it would be at best. */
function times(rate: number, best: number | undefined): string {
  return best === undefined ? '' : `(${(rate / best).toFixed(2)} times ${best})`;
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
