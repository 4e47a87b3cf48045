import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { startSandbox, type Sandbox } from '../../sandbox';
import { ACCEPTABLE_REQUEST } from '../support/acceptable-request';
import { engineFile } from '../support/engine-file';
import { ServiceProcess } from '../support/service-process';
import { emptyDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

/**
 * QI goes down in the middle of many loans: calls fail or are cut, and what it would have told us is lost. Afterwards
 * every loan must reach its end, nothing may have been asked twice, and QI must not have been stormed meanwhile.
 * Arguments: loans, seconds of the outage, and `life` where our waits are to be those of config/engine.yaml: an hour then
 * takes more than an hour. Without it they are shorter, in proportion to an outage of two minutes.
 */
const LOANS = Number(process.argv[2] ?? 200);
const OUTAGE_SECONDS = Number(process.argv[3] ?? 20);
const IS_AS_IN_LIFE = process.argv[4] === 'life';
/** A loan that nothing is heard of is asked for after an hour, a lost webhook at the next look. */
const PAID_WITHIN_MS = IS_AS_IN_LIFE ? 90 * 60_000 : 180_000;
/** More calls than this in one second of the outage are a storm. */
const STORM = 20;

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-chaos-'));
  const postgres = await startEmbeddedPostgres(home);
  const databaseUrl = await emptyDatabase(postgres.url);
  const sandbox = await startSandbox({
    seed: 7,
    behaviour: { pace: { window_seconds: 15, step_seconds: 8 } },
  });
  const service = await ServiceProcess.start({
    databaseUrl,
    qiBaseUrl: sandbox.url,
    env: IS_AS_IN_LIFE ? {} : { ARREMATE_ENGINE_FILE: shortWaits() },
  });
  const sql = new Pool({ connectionString: databaseUrl, max: 2 });
  try {
    sandbox.control.deliverTo(`${service.url}/webhooks/qi`);
    process.exitCode = (await disaster(sandbox, service, sql)) ? 0 : 1;
  } finally {
    await sql.end();
    await service.stop();
    await sandbox.close();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
  }
}

function shortWaits(): string {
  return engineFile({ reconciliation: { every_seconds: 2, ask_again_seconds: 2, calls_per_second: 20 } });
}

async function disaster(sandbox: Sandbox, service: ServiceProcess, sql: Pool): Promise<boolean> {
  say(`${LOANS} auctions, all ours to win`);
  for (let i = 0; i < LOANS; i += 1) {
    openAuction(sandbox);
    await pause(25);
  }
  const won = await waitFor('the auctions to be won', () => allWon(sandbox, sql), {
    timeoutMs: 120_000,
    everyMs: 250,
  });
  say(`${won} loans are on their way; QI goes down for ${OUTAGE_SECONDS} s`);
  const wentDown = Date.now();
  sandbox.control.setBehaviour({ api: { error_rate: 0.5, reset_rate: 0.5 }, webhooks: { drop_rate: 1 } });
  await pause(OUTAGE_SECONDS * 1_000);
  sandbox.control.setBehaviour({ api: { error_rate: 0, reset_rate: 0 }, webhooks: { drop_rate: 0 } });
  const cameBack = Date.now();
  const lost = sandbox.control.ledger().webhooks.filter((each) => each.callback_status === 'failed').length;
  say(`QI is back; ${lost} of its webhooks were lost`);

  await waitFor('every loan to be paid', () => allPaid(service, sql), {
    timeoutMs: PAID_WITHIN_MS,
    everyMs: 500,
  });
  const ended = Date.now();
  const { calls, violations, loans } = sandbox.control.ledger();
  const during = perSecond(calls, wentDown, cameBack);
  const after = perSecond(calls, cameBack, ended);
  const paid = loans.filter((loan) => loan.state === 'disbursed').length;
  console.table([
    { what: 'calls a second while QI is down', ...figures(during) },
    { what: 'calls a second after', ...figures(after) },
  ]);
  if (during.length <= 120) say(`while down, second by second: ${during.join(' ')}`);
  say(
    `${paid} of ${LOANS} loans paid ${seconds(ended - cameBack)} after QI came back; ${violations.length} violations`,
  );
  const report = { loans: LOANS, outageSeconds: OUTAGE_SECONDS, lost, during, after, paid, violations };
  writeFileSync('.data/reports/qi-down.json', `${JSON.stringify(report, null, 2)}\n`);
  const isCalm = Math.max(...during) <= STORM;
  if (!isCalm) say(`STORM: more than ${STORM} calls in one second`);
  return paid === LOANS && violations.length === 0 && isCalm;
}

function openAuction(sandbox: Sandbox): void {
  sandbox.control.openAuction({
    borrower: 'clean',
    rivals: [],
    request: ACCEPTABLE_REQUEST,
    loan: {},
  });
}

/** On a busy machine an auction may be missed: another one is opened in its place. */
async function allWon(sandbox: Sandbox, sql: Pool): Promise<number | undefined> {
  const { rows } = await sql.query<{ won: number; over: number }>(
    `SELECT count(*) FILTER (WHERE status = 'won')::int AS won,
       count(*) FILTER (WHERE status NOT IN ('won', 'open', 'bidding', 'bid', 'unknown'))::int AS over FROM auction`,
  );
  const { won = 0, over = 0 } = rows[0] ?? {};
  const opened = sandbox.control.ledger().counts['auctions_opened'] ?? 0;
  for (let missing = LOANS + over - opened; missing > 0; missing -= 1) openAuction(sandbox);
  return won >= LOANS ? won : undefined;
}

/** The policy has a share of the signatures looked at by people: here nobody but us. */
async function allPaid(service: ServiceProcess, sql: Pool): Promise<true | undefined> {
  const { rows } = await sql.query<{ key: string }>(
    `SELECT credit_operation_key AS key FROM task WHERE kind = 'authorization_review' AND status <> 'resolved'`,
  );
  for (const { key } of rows) {
    const path = `/api/v1/operations/${key}/authorize`;
    await service.post(path, {}, { 'idempotency-key': randomUUID() });
  }
  const paid = await sql.query(`SELECT FROM operation WHERE status = 'disbursed'`);
  return paid.rows.length >= LOANS ? true : undefined;
}

function perSecond(calls: readonly { readonly at: string }[], from: number, to: number): number[] {
  const counts = Array.from({ length: Math.max(1, Math.ceil((to - from) / 1_000)) }, () => 0);
  for (const { at } of calls) {
    const second = Math.floor((Date.parse(at) - from) / 1_000);
    if (second >= 0 && second < counts.length) counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

function figures(counts: readonly number[]) {
  const total = counts.reduce((sum, each) => sum + each, 0);
  return { total, mean: (total / counts.length).toFixed(1), most: Math.max(...counts) };
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main();
