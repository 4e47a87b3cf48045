import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { startSandbox, type Sandbox } from '../../sandbox';
import { engineFile } from '../support/engine-file';
import { restoreBackup, takeBackup } from '../support/hot-backup';
import { API_TOKEN, ServiceProcess } from '../support/service-process';
import { emptyDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

/**
 * The database is lost while bids go on, and a backup from before is put in its place. No auction may be bid for twice,
 * every loan that QI knows must be on record and reach its end, nothing may be asked of QI twice, and the page must say
 * what was made unknown. Argument: auctions before the disaster, a third of them before the backup.
 */
const AUCTIONS = Number(process.argv[2] ?? 90);
const AFTER = 10;
const SETTINGS = { fsync: 'on', wal_keep_size: '512MB' };

interface Page {
  readonly items: readonly {
    readonly id: string;
    readonly sign: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly bids_from: string;
    readonly asked_until: string | null;
  }[];
  readonly now: Readonly<Record<string, number>>;
}

/** Everything that outlives the database. */
interface World {
  readonly home: string;
  readonly sandbox: Sandbox;
  readonly service: ServiceProcess;
  readonly databaseUrl: string;
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-chaos-'));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  const postgresHome = join(home, 'postgres');
  const postgres = await startEmbeddedPostgres(postgresHome, { settings: SETTINGS });
  const databaseUrl = await emptyDatabase(postgres.url);
  const sandbox = await startSandbox({
    seed: 7,
    behaviour: { pace: { window_seconds: 20, step_seconds: 3 } },
  });
  const service = await ServiceProcess.start({
    databaseUrl,
    qiBaseUrl: sandbox.url,
    env: {
      ARREMATE_DATA_DIR: join(home, 'data'),
      ARREMATE_ENGINE_FILE: engineFile({
        recovery: { margin_seconds: 2 },
        reconciliation: { every_seconds: 2, ask_again_seconds: 3, calls_per_second: 100, max_calls: 1000 },
      }),
    },
  });
  try {
    sandbox.control.deliverTo(`${service.url}/webhooks/qi`);
    const wrong = await disaster({ home: postgresHome, sandbox, service, databaseUrl });
    for (const line of wrong) say(`WRONG: ${line}`);
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    await service.stop();
    await sandbox.close();
    await stopEmbeddedPostgres(postgresHome);
    rmSync(home, { recursive: true, force: true });
  }
}

async function disaster(world: World): Promise<readonly string[]> {
  const { home, sandbox, service, databaseUrl } = world;
  await openAuctions(sandbox, AUCTIONS / 3);
  const during = openAuctions(sandbox, AUCTIONS / 3);
  await pause(300);
  const copy = await takeBackup(home, databaseUrl);
  await during;
  say(`${count(sandbox, 'auctions_opened')} auctions, a backup taken among them; bids go on`);
  await openAuctions(sandbox, AUCTIONS / 3);
  await pause(10_000);
  say(
    `the machine dies: QI has ${proposals(sandbox)} proposals and ${sandbox.control.ledger().loans.length} loans`,
  );
  await service.kill();
  await stopEmbeddedPostgres(home);
  restoreBackup(home, copy);
  await startEmbeddedPostgres(home, { settings: SETTINGS });
  const expected = await unfinishedIn(databaseUrl);
  say(`the backup is in its place; it believes unfinished: ${JSON.stringify(expected)}`);
  await service.restart();

  const found = await page(service);
  const counts = found.items[0]?.counts ?? {};
  say(`the service says: ${found.items[0]?.sign ?? 'nothing'} ${JSON.stringify(counts)}`);
  const wrong: string[] = [];
  if (found.items.length !== 1 || found.items[0]?.sign !== 'behind')
    wrong.push('the restore was not noticed');
  for (const [what, number] of Object.entries(expected))
    if (counts[what] !== number)
      wrong.push(`the page says ${what} ${String(counts[what])}, the copy ${number}`);

  await reconciled(service);
  await letGoOn(service);
  say('QI has been asked, people have confirmed: bidding goes on');
  await pause(3_000);
  await openAuctions(sandbox, AFTER);
  try {
    await waitFor('every loan to be paid', () => allPaid(world), { timeoutMs: 240_000, everyMs: 1_000 });
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : 'not every loan was paid');
  }
  wrong.push(...(await whatIsWrong(world)));
  const report = {
    auctions: count(sandbox, 'auctions_opened'),
    expected,
    counts,
    now: (await page(service)).now,
    wrong,
  };
  writeFileSync('.data/reports/restore.json', `${JSON.stringify(report, null, 2)}\n`);
  say(
    `${report.auctions} auctions, ${proposals(sandbox)} proposals, ${sandbox.control.ledger().loans.length} loans, ` +
      `${wrong.length} things wrong; still unknown: ${JSON.stringify(report.now)}`,
  );
  return wrong;
}

/** What the page must count, by a look of our own at the copy before any process has seen it. */
async function unfinishedIn(databaseUrl: string): Promise<Readonly<Record<string, number>>> {
  const [row] = await ask<Record<string, number>>(
    databaseUrl,
    `SELECT (SELECT count(*)::int FROM bid WHERE status IN ('intended', 'sending')) AS bids_unknown,
       (SELECT count(*)::int FROM auction WHERE status = 'bidding') AS auctions_unknown,
       (SELECT count(*)::int FROM operation_command WHERE status IN ('intended', 'sending', 'unknown'))
         AS commands_unknown`,
  );
  return row ?? {};
}

/** Everything that QI told in the lost time has been asked for and has come. */
async function reconciled(service: ServiceProcess): Promise<void> {
  await waitFor(
    'everything that QI told to come again',
    async () => {
      const { items, now } = await page(service);
      const [recovery] = items;
      const isAsked =
        recovery?.asked_until != null && Date.parse(recovery.asked_until) >= Date.parse(recovery.bids_from);
      return isAsked && now['questions_open'] === 0 ? true : undefined;
    },
    { timeoutMs: 180_000, everyMs: 1_000 },
  );
}

/** One person confirms and asks, another one decides. */
async function letGoOn(service: ServiceProcess): Promise<void> {
  const person = async (role: string) => {
    const { body } = await service.post('/api/v1/tokens', { name: role, roles: [role] });
    const { token } = body as { readonly token: string };
    return (path: string, sent: object) =>
      service.post(`/api/v1/${path}`, sent, { authorization: `Bearer ${token}` });
  };
  const [operator, approver] = [await person('operator'), await person('operations_approver')];
  const [recovery] = (await page(service)).items;
  await operator(`recoveries/${recovery?.id ?? ''}/confirm`, { note: 'the newest backup there is' });
  const { body } = await operator('kill-switch/release', { reason: 'restored' });
  const { approval_id: id } = body as { readonly approval_id: string };
  const { status } = await approver(`approvals/${id}/approve`, {});
  if (status !== 200) throw new Error(`bidding was not let go on: ${status}`);
}

async function whatIsWrong({ sandbox, databaseUrl }: World): Promise<readonly string[]> {
  const { auctions, loans, violations } = sandbox.control.ledger();
  const wrong = violations.map((each) => JSON.stringify(each));
  for (const { issuer_proposal_request_key: key, attempts } of auctions) {
    const keys = new Set(attempts.map((attempt) => attempt.request_control_key));
    if (keys.size > 1) wrong.push(`${key}: bid for under ${keys.size} control keys`);
  }
  const stands = new Map(
    (
      await ask<{ key: string; status: string }>(
        databaseUrl,
        `SELECT credit_operation_key AS key, status FROM operation`,
      )
    ).map(({ key, status }) => [key, status]),
  );
  for (const { credit_operation_key: key, state } of loans) {
    const status = stands.get(key);
    if (status === undefined) wrong.push(`loan ${key} (${state}) is not on record`);
    else if (status !== state) wrong.push(`loan ${key} is ${state} at QI and ${status} here`);
  }
  return wrong;
}

/** The policy has a share of the signatures looked at by people, and what it cannot know too: here nobody but us. */
async function allPaid({ sandbox, service, databaseUrl }: World): Promise<true | undefined> {
  const tasks = await ask<{ key: string }>(
    databaseUrl,
    `SELECT credit_operation_key AS key FROM task WHERE kind = 'authorization_review' AND status <> 'resolved'`,
  );
  for (const { key } of tasks)
    await service.post(`/api/v1/operations/${key}/authorize`, {}, { 'idempotency-key': randomUUID() });
  const { auctions, loans } = sandbox.control.ledger();
  const isOver = auctions.every(({ limit_at: limit }) => Date.parse(limit) < Date.now() - 2_000);
  const paid = await ask(databaseUrl, `SELECT FROM operation WHERE status = 'disbursed'`);
  return isOver && loans.every(({ state }) => state === 'disbursed') && paid.length >= loans.length
    ? true
    : undefined;
}

async function openAuctions(sandbox: Sandbox, number: number): Promise<void> {
  for (let i = 0; i < number; i += 1) {
    sandbox.control.openAuction({
      borrower: 'clean',
      rivals: [],
      request: {
        disbursed_issue_amount: 2100,
        number_of_installments: 24,
        consigned_credit_balance: 900,
        employer_document_type: 'cnpj',
        employer_document_number: '29113956000181',
        birth_date: '1985-03-01',
        admission_date: '2018-03-01',
      },
      loan: {},
    });
    await pause(100);
  }
}

async function page(service: ServiceProcess): Promise<Page> {
  const headers = { authorization: `Bearer ${API_TOKEN}` };
  return (await (await fetch(`${service.url}/api/v1/recoveries`, { headers })).json()) as Page;
}

async function ask<Row extends object>(databaseUrl: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

const count = (sandbox: Sandbox, what: string): number => sandbox.control.ledger().counts[what] ?? 0;
const proposals = (sandbox: Sandbox): number => count(sandbox, 'proposals_received');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main();
