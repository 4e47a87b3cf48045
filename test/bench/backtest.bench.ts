/**
 * npm run bench -- backtest [REQUESTS]: one policy beside another over stored requests (1,000,000 unless told), from
 * encrypted webhooks in PostgreSQL to the report: decrypted, read, both versions decided, prices included. Prints
 * decisions a second and how memory moves while the requests go by.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { runBacktest, type BacktestWorld } from '../../src/auction/backtest';
import { readProgrammeTerms } from '../../src/auction/programme-terms';
import { parseJson, type JsonObject } from '../../src/kernel';
import { createDataSource, FieldCipher } from '../../src/platform';
import { compilePolicy, parsePolicy } from '../../src/policy/domain';
import { PricingDataService } from '../../src/pricing';
import { readEnvelope } from '../../src/qi/read-envelope';
import { readProposalRequest } from '../../src/qi/read-proposal-request';
import { newCpf, proposalRequest } from '../support/webhooks';

const ROWS_AT_ONCE = 2_000;
const CPFS = Array.from({ length: 1_000 }, newCpf);
const MB = 1024 * 1024;

interface Sample extends Readonly<Record<string, unknown>> {
  readonly data: Readonly<Record<string, unknown>> & {
    readonly issuer_proposal_request_data: Readonly<Record<string, unknown>>;
  };
}

/** A small generator with a seed: the same requests in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function main(): Promise<void> {
  const requests = Number(process.argv[2] ?? 1_000_000);
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  const postgres = await startEmbeddedPostgres(home);
  const dataSource = await createDataSource(postgres.url, { poolSize: 4 }).initialize();
  try {
    await dataSource.runMigrations();
    const cipher = new FieldCipher([Buffer.alloc(32, 7)]);
    await store(dataSource, cipher, requests);
    await measure(dataSource, cipher, requests);
  } finally {
    await dataSource.destroy();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
  }
}

async function store(dataSource: DataSource, cipher: FieldCipher, requests: number): Promise<void> {
  const draw = seeded(20_260_818);
  const sample = proposalRequest() as Sample;
  const started = performance.now();
  for (let done = 0; done < requests; done += ROWS_AT_ONCE) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, requests - done) }, (_, at) => {
      const key = randomUUID();
      const raw = JSON.stringify(drawn(sample, key, draw));
      const { keyId, ciphertext } = cipher.encrypt(raw);
      const hash = createHash('sha256').update(raw).digest();
      return { key, keyId, ciphertext, hash, second: Math.floor((done + at) / 12) };
    });
    await dataSource.query(
      `WITH arrived AS (
         SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[], $4::bytea[], $5::integer[])
           AS t (key, hash, key_id, ciphertext, second)),
       event AS (
         INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, event_key, status)
         SELECT hash, timestamptz '2026-01-01' + second * interval '1 second', key_id, ciphertext, key, 'done' FROM arrived
         RETURNING id, event_key, received_at),
       auction AS (
         INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
           expiration_at, personal_key_id, personal_ciphertext)
         SELECT event_key, id, 'declined', received_at, received_at + interval '100 seconds',
           received_at + interval '1 day', '', '' FROM event
         RETURNING issuer_proposal_request_key, received_at)
       INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace, context)
       SELECT issuer_proposal_request_key, received_at, 'no_bid', '1', '', '[]', '{}', jsonb_build_object(
         'now', to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'deadline', null,
         'window', 'on_time', 'borrower_live_offers', 0, 'employer_live_offers', 3, 'lowest_live_rate', null,
         'borrower_exposure', '0', 'employer_exposure', '12345.67')
       FROM auction`,
      [
        rows.map(({ key }) => key),
        rows.map(({ hash }) => hash),
        rows.map(({ keyId }) => keyId),
        rows.map(({ ciphertext }) => ciphertext),
        rows.map(({ second }) => second),
      ],
    );
  }
  await dataSource.query('ANALYZE');
  console.log(`${count(requests)} requests stored in ${seconds(started)} s`);
}

/** As many sorts of borrowers as a day brings: most of them get an offer, some do not fit or are declined. */
function drawn(sample: Sample, key: string, draw: (below: number) => number): Sample {
  const day = (year: number): string => `${String(year)}-${pad(1 + draw(12))}-${pad(1 + draw(28))}`;
  return {
    ...sample,
    key,
    data: {
      ...sample.data,
      issuer_proposal_request_key: key,
      issuer_proposal_request_data: {
        ...sample.data.issuer_proposal_request_data,
        document_number: CPFS[draw(CPFS.length)],
        birth_date: day(1960 + draw(48)),
        admission_date: day(2010 + draw(16)),
        disbursed_issue_amount: (50_000 + draw(2_500_000)) / 100,
        number_of_installments: 6 + draw(43),
        consigned_credit_balance: (5_000 + draw(250_000)) / 100,
      },
    },
  };
}
const pad = (value: number): string => String(value).padStart(2, '0');

async function measure(dataSource: DataSource, cipher: FieldCipher, requests: number): Promise<void> {
  const text = readFileSync('config/policies/default.json', 'utf8');
  const world: BacktestWorld = {
    dataSource,
    cipher,
    gate: { reread: (raw) => readEnvelope(parseJson(raw.toString('utf8')) as JsonObject) },
    read: (document) => {
      const reading = readProposalRequest(document);
      return reading.kind === 'read' ? reading.request : undefined;
    },
    pricing: new PricingDataService().context,
    programme: readProgrammeTerms('config/programme.json'),
  };
  const tighter = text.replace(
    '"tenure_months", "op": "gte", "value": 6',
    '"tenure_months", "op": "gte", "value": 9',
  );
  const memory: number[] = [];
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const result = await runBacktest(
    world,
    { version: '1', compiled: compiled(text) },
    { version: '2', compiled: compiled(tighter) },
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
  const { baseline, candidate, changed, segments: _, ...rest } = result.figures;
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
    bids: { baseline: baseline.bids, candidate: candidate.bids, lost: changed.lost },
    failed: rest.failed + rest.unreadable,
  };
  console.log(report);
  console.log(
    `${count(report.decisions_per_second)} decisions a second (goal: 10,000), ${count(report.decisions_per_cpu_second)} a second of our own CPU time`,
  );
  mkdirSync('.data/reports', { recursive: true });
  writeFileSync('.data/reports/backtest.json', `${JSON.stringify(report, null, 2)}\n`);
}

function compiled(text: string) {
  const parsed = parsePolicy(JSON.parse(text));
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return compilePolicy(parsed.policy);
}

const count = (value: number): string => value.toLocaleString('en');
const seconds = (started: number): string => ((performance.now() - started) / 1_000).toFixed(1);

void main();
