/**
 * npm run bench -- backtest [REQUESTS]: one policy beside another over stored requests (1,000,000 unless told), from
 * encrypted webhooks in PostgreSQL to the report: decrypted, read, both versions decided, prices included; once with another rule and once with other
 * prices. Prints decisions a second and how memory moves while the requests go by.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { runBacktest } from '../../src/trial/backtest';
import { createDataSource, FieldCipher, migrate } from '../../src/platform';
import { compilePolicy, parsePolicy, type CompiledPolicy } from '../../src/policy/domain';
import { storeRequests } from '../support/stored-requests';

const KEY = Buffer.alloc(32, 7);
const MB = 1024 * 1024;

async function main(): Promise<void> {
  const requests = Number(process.argv[2] ?? 1_000_000);
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  const postgres = await startEmbeddedPostgres(home);
  await migrate(postgres.url, { info: () => undefined, warn: console.warn });
  const dataSource = await createDataSource(postgres.url, { poolSize: 4 }).initialize();
  try {
    const started = performance.now();
    await storeRequests(dataSource, new FieldCipher([KEY]), requests);
    console.log(`${count(requests)} requests stored in ${seconds(started)} s`);
    await measure(dataSource, requests);
  } finally {
    await dataSource.destroy();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
  }
}

/** What is compared with the active policy: another rule leaves every price, another price list leaves none. */
const CANDIDATES: Readonly<Record<string, (policy: string) => string>> = {
  rule: (policy) =>
    policy.replace('"tenure_months", "op": "gte", "value": 6', '"tenure_months", "op": "gte", "value": 9'),
  price: (policy) => policy.replace(/(?<="monthly_interest_rate": "0\.\d{3})\d/g, '8'),
};

async function measure(dataSource: DataSource, requests: number) {
  const baseline = readFileSync('config/policies/default.json', 'utf8');
  const reports: Record<string, object> = {};
  for (const [name, change] of Object.entries(CANDIDATES)) {
    const candidate = change(baseline);
    if (candidate === baseline) throw new Error(`nothing is changed by ${name}`);
    console.log(`another ${name}:`);
    reports[name] = await measureOne(dataSource, requests, compiled(baseline), compiled(candidate));
  }
  mkdirSync('.data/reports', { recursive: true });
  writeFileSync('.data/reports/backtest.json', `${JSON.stringify(reports, null, 2)}\n`);
}

async function measureOne(
  dataSource: DataSource,
  requests: number,
  baseline: CompiledPolicy,
  candidate: CompiledPolicy,
): Promise<object> {
  const memory: number[] = [];
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const result = await runBacktest(
    { database: dataSource, encryptionKeys: [KEY] },
    { baseline: { version: '1', compiled: baseline }, candidate: { version: '2', compiled: candidate } },
    { from: new Date('2025-12-31'), before: new Date('2027-01-01') },
    (done) => {
      memory.push(process.memoryUsage().rss / MB);
      if (done % 100_000 === 0)
        console.log(`${count(done)} after ${seconds(started)} s, ${String(memory.at(-1)?.toFixed(0))} MB`);
      return Promise.resolve(true);
    },
  );
  const elapsed = (performance.now() - started) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuSeconds = (cpu.user + cpu.system) / 1_000_000;
  if (result.kind !== 'done' || result.figures.requests !== requests)
    throw new Error('the backtest is not whole');
  const { figures } = result;
  const tenth = memory[Math.floor(memory.length / 10)] ?? 0;
  const report = {
    requests,
    node: process.version,
    cpu: cpus()[0]?.model,
    seconds: elapsed,
    decisions_per_second: Math.round((2 * requests) / elapsed),
    cpu_seconds: cpuSeconds,
    decisions_per_cpu_second: Math.round((2 * requests) / cpuSeconds),
    load_average: loadavg()[0],
    rss_mb: {
      after_a_tenth: Math.round(tenth),
      peak: Math.round(Math.max(...memory)),
      end: Math.round(memory.at(-1) ?? 0),
    },
    bids: { baseline: figures.baseline.bids, candidate: figures.candidate.bids, lost: figures.changed.lost },
    changed: figures.changed.changed,
    failed: figures.failed + figures.unreadable,
  };
  console.log(report);
  console.log(
    `${count(report.decisions_per_second)} decisions a second (goal: 10,000), ${count(report.decisions_per_cpu_second)} a second of our own CPU time`,
  );
  return report;
}

function compiled(text: string): CompiledPolicy {
  const parsed = parsePolicy(JSON.parse(text));
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return compilePolicy(parsed.policy);
}

const count = (value: number): string => value.toLocaleString('en');
const seconds = (started: number): string => ((performance.now() - started) / 1_000).toFixed(1);

void main();
