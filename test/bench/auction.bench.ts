import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { measure, type SubjectFigures } from './auction/figures';
import { goalsOf } from './auction/goals';
import { fillAuctions } from './auction/stored-auctions';
import { startCounterpart, startSubject, SUBJECTS, type SubjectName } from './auction/subjects';

/**
 * An auction from its webhook to QI's answer: Arremate, the usual way and two bare pipelines, in turn on one PostgreSQL,
 * each a process of its own, as is the QI that all of them bid to. docs/performance.md says what each row means.
 *
 *     npm run bench -- auction [--only arremate,grouped] [--quick] [--stored 1000000] [--processes 2] [--soak 30]
 */
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: SUBJECTS.join(',') },
    quick: { type: 'boolean', default: false },
    stored: { type: 'string', default: '0' },
    processes: { type: 'string', default: '1' },
    soak: { type: 'string', default: '0' },
  },
});

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  const settings = { shared_preload_libraries: 'pg_stat_statements', max_connections: '200' };
  const postgres = await startEmbeddedPostgres(join(home, 'postgres'), { settings });
  const figures: Partial<Record<SubjectName, SubjectFigures>> = {};
  try {
    for (const name of SUBJECTS.filter((each) => options.only.split(',').includes(each)))
      figures[name] = await measureSubject(name, postgres.url, join(home, 'log'));
  } finally {
    await stopEmbeddedPostgres(join(home, 'postgres'));
    rmSync(home, { recursive: true, force: true });
  }
  console.table(Object.entries(figures).map(([name, one]) => row(name, one)));
  const goals = goalsOf(figures);
  console.table(goals);
  mkdirSync('.data/reports', { recursive: true });
  const report = { at: new Date().toISOString(), options, figures, goals };
  writeFileSync('.data/reports/auction.json', `${JSON.stringify(report, null, 2)}\n`);
}

async function measureSubject(name: SubjectName, server: string, logFile: string): Promise<SubjectFigures> {
  const say = (line: string): void => {
    process.stderr.write(`${name}: ${line}\n`);
  };
  const counterpart = await startCounterpart();
  const processes = Number(options.processes);
  const subject = await startSubject(name, { server, qiUrl: counterpart.url, logFile, processes });
  try {
    if (name === 'arremate' && Number(options.stored) > 0)
      await fillAuctions(subject.databaseUrl, Number(options.stored), say);
    return await measure(
      subject,
      counterpart,
      {
        stepSeconds: options.quick ? 5 : 10,
        burst: options.quick ? 1_000 : name === 'usual' ? 3_000 : 5_000,
        soakMinutes: name === 'arremate' ? Number(options.soak) : 0,
      },
      say,
    );
  } finally {
    await subject.stop();
    counterpart.stop();
  }
}

function row(
  name: string,
  { sustained, half, slow, acknowledged, each, idleStatements, burst }: SubjectFigures,
) {
  return {
    who: name,
    'auctions/s': sustained.toFixed(0),
    'p50/p99 at half': `${half.p50} / ${half.p99}`,
    'p50/p99 at 25/s': `${slow.p50} / ${slow.p99}`,
    'acks/s': acknowledged.toFixed(0),
    'statements, commits, fsyncs': [each.statements, each.commits, each.fsyncs]
      .map((one) => one.toFixed(2))
      .join(', '),
    'WAL kB': (each.walBytes / 1_000).toFixed(1),
    'CPU ms service + PG': `${each.serviceCpuMs.toFixed(2)} + ${each.postgresCpuMs.toFixed(2)}`,
    'idle st/s': idleStatements.toFixed(1),
    burst: `${burst.inTime}/${burst.pushed} in ${burst.seconds.toFixed(1)} s`,
  };
}

void main();
