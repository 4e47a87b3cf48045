/**
 * npm run bench -- proposals [PROPOSALS] [A SECOND]: how long a loan without an auction takes from the webhook of its balance
 * to its offer, and how many a second there can be, beside a bare pipeline that makes the same calls of QI and judges,
 * prices and compares nothing. docs/performance.md says what each row means.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { emptyDatabase } from '../support/test-database';
import { Meter, METER_SETTINGS } from './auction/meter';
import { progress } from './auction/scene';
import { measure, type Figures, type Latency } from './proposals/measure';
import { TITLES } from './proposals/subjects';

const REPORT = '.data/reports/proposals.json';

async function main(): Promise<void> {
  const options = { proposals: positive(process.argv[2], 300), slowPerSecond: positive(process.argv[3], 5) };
  const { bare, ours } = await onGround(options);
  const columns = { [TITLES.bare]: bare, [TITLES.arremate]: ours };
  console.table(
    Object.fromEntries(
      Object.entries(ROWS).map(([row, read]) => [
        row,
        Object.fromEntries(Object.entries(columns).map(([title, figures]) => [title, read(figures)])),
      ]),
    ),
  );
  console.log(
    `throughput ${(ours.perSecond / bare.perSecond).toFixed(2)} times the bare pipeline's, ` +
      `p50 ${(ours.atSlow.p50 / bare.atSlow.p50).toFixed(1)} and p99 ${(ours.atSlow.p99 / bare.atSlow.p99).toFixed(1)} times`,
  );
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, load: loadavg()[0] };
  const report = { at: new Date().toISOString(), machine, options, bare, ours };
  mkdirSync('.data/reports', { recursive: true });
  writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
  progress(`written to ${REPORT}`);
}

const ROWS: Readonly<Record<string, (figures: Figures) => string>> = {
  'proposals/s': ({ perSecond }) => perSecond.toFixed(1),
  'at half of it, p50 / p99 ms': ({ atHalf }) => pair(atHalf),
  'slowly, p50 / p99 ms': ({ atSlow }) => pair(atSlow),
  'statements a proposal': ({ perProposal }) => perProposal.statements.toFixed(1),
  'commits a proposal': ({ perProposal }) => perProposal.commits.toFixed(1),
  'fsyncs of WAL a proposal': ({ perProposal }) => perProposal.fsyncs.toFixed(1),
  'WAL kB a proposal': ({ perProposal }) => (perProposal.walBytes / 1_000).toFixed(1),
  'CPU ms a proposal, service': ({ perProposal }) => perProposal.serviceCpuMs.toFixed(1),
  'CPU ms a proposal, PostgreSQL': ({ perProposal }) => perProposal.postgresCpuMs.toFixed(1),
  'balances without an offer': ({ missing }) => String(missing),
};

const pair = ({ perSecond, p50, p99 }: Latency): string =>
  `${p50.toFixed(0)} / ${p99.toFixed(0)} at ${perSecond.toFixed(0)}/s`;

/** Both in turn on one durable PostgreSQL that counts, and stamps its commits. */
async function onGround(options: {
  readonly proposals: number;
  readonly slowPerSecond: number;
}): Promise<{ readonly bare: Figures; readonly ours: Figures }> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  const settings = { ...METER_SETTINGS, track_commit_timestamp: 'on' };
  const postgres = await startEmbeddedPostgres(home, { settings });
  try {
    const meter = await Meter.open(home, await emptyDatabase(postgres.url));
    const ground = { postgresUrl: postgres.url, meter, home, options };
    progress(TITLES.bare);
    const bare = await measure(ground, 'bare');
    progress(TITLES.arremate);
    const ours = await measure(ground, 'arremate');
    await meter.close();
    return { bare, ours };
  } finally {
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function positive(text: string | undefined, usual: number): number {
  const value = Number(text ?? usual);
  if (!(value > 0)) throw new Error(`not a positive number: ${String(text)}`);
  return value;
}

void main();
