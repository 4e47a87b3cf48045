import 'reflect-metadata';
import { setMaxListeners } from 'node:events';
import { rmSync } from 'node:fs';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { ledgerText, writeLedger } from '../sandbox/ledger-file';
import { applyMigrations, createLogger, readSettings, type Settings } from '../src/platform';
import { DatabaseClock } from './database-clock';
import { History } from './history';
import { Product } from './product';
import { firstDay, momentOf } from './story';
import { StoryWorld } from './world';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** How often a day is said. */
const SAID_DAYS = 7;
/** As long as a time-out can be: 24 days. */
const DEAD_AFTER_MS = 24 * 86_400_000;

/**
 * Lays weeks of history down in an empty database of the demo, before the service starts on it. The launcher asks for
 * it (ARREMATE_DEMO_HISTORY, in days); a database that holds anything is left alone.
 */
async function main(): Promise<void> {
  const { ARREMATE_DEMO_HISTORY: days = '', SANDBOX_LEDGER_FILE: ledgerFile } = process.env;
  if (!/^[1-9]\d?$/.test(days) || ledgerFile === undefined)
    throw new Error('Only npm start lays a history down, in the database that it has made for the demo.');
  const settings = readSettings(process.env);
  const ownerUrl = settings.DATABASE_OWNER_URL ?? settings.DATABASE_URL;
  await clearWhatWasBrokenOff(ownerUrl, settings);
  const silent = { info: () => undefined, warn: () => undefined };
  await applyMigrations({ url: settings.DATABASE_URL, ownerUrl: settings.DATABASE_OWNER_URL }, silent);
  await withOwner(ownerUrl, async (owner) => {
    if (await holdsAnything(owner)) return;
    await layDown(owner, settings, { days: Number(days), ledgerFile });
  });
}

async function layDown(
  owner: Client,
  settings: Settings,
  { days, ledgerFile }: { readonly days: number; readonly ledgerFile: string },
): Promise<void> {
  // The pauses of refused bids are not waited for here, and so are many at once.
  setMaxListeners(0);
  const begun = performance.now();
  const seconds = (): string => `${((performance.now() - begun) / 1000).toFixed(0)} s`;
  const now = new Date();
  say(`First start: laying down ${days} days of history for the demo ...`);
  const world = new StoryWorld(momentOf(firstDay(now, days), 0));
  const baseUrl = await world.listen();
  const clock = await DatabaseClock.install(owner, world.timeline.now());
  const ours = storySettings(settings, baseUrl);
  const logger = createLogger({ level: 'error', file: settings.ARREMATE_LOG_FILE });
  const product = await Product.open(ours, logger, world.clock, world.delays);
  await new History(world, product, clock, ours).play(now, days, (done) => {
    if (done % SAID_DAYS === 0 && done <= days) say(`  ... day ${done} of ${days} (${seconds()})`);
  });
  await product.close();
  world.close();
  await clock.remove();
  await owner.query('ANALYZE');
  writeLedger(ledgerFile, ledgerText(world.qi));
  say(`The history is laid down (${seconds()}).`);
}

/** One that lives at the story's time, alone, and calls the story's QI. */
function storySettings(settings: Settings, baseUrl: string): Settings {
  const { engine } = settings;
  return {
    ...settings,
    DATABASE_URL: withOptions(settings.DATABASE_URL),
    QI_BASE_URL: baseUrl,
    QI_SIGNING: 'none',
    QI_WEBHOOK_AUTH: 'none',
    ARREMATE_LOG_FILE: undefined,
    ARREMATE_MIGRATE: false,
    engine: {
      ...engine,
      database: { ...engine.database, hot_connections: 1, connections: 4, commit_every_ms: 1 },
      inbox: { ...engine.inbox, writers: 1 },
      // A heartbeat comes twice a second of real time, in which days of the story pass.
      instance: { ...engine.instance, dead_after_ms: DEAD_AFTER_MS },
      // Real time, of which hardly any passes here.
      qi: { ...engine.qi, warm_connections: 1, breaker_half_open_ms: 40 },
    },
  };
}

function withOptions(url: string): string {
  const address = new URL(url);
  address.searchParams.set('options', DatabaseClock.connectionOptions.map((one) => `-c ${one}`).join(' '));
  return address.href.replaceAll('+', '%20');
}

async function holdsAnything(owner: Client): Promise<boolean> {
  const { rows } = await owner.query<{ any: boolean }>(
    `SELECT EXISTS (SELECT FROM webhook_event) OR EXISTS (SELECT FROM policy_version) OR EXISTS (SELECT FROM app_user)
       OR EXISTS (SELECT FROM audit_event) AS any`,
  );
  return rows[0]?.any !== false;
}

/** A start that was killed while it laid the history down has left a part of it, and nothing else. */
async function clearWhatWasBrokenOff(ownerUrl: string, settings: Settings): Promise<void> {
  if (!(await withOwner(ownerUrl, (owner) => DatabaseClock.isPresent(owner)))) return;
  say('The history of the demo was broken off: it is begun anew.');
  const address = new URL(ownerUrl);
  const database = address.pathname.slice(1);
  address.pathname = '/postgres';
  await withOwner(address.href, async (owner) => {
    await owner.query(`DROP DATABASE "${database}" WITH (FORCE)`);
    await owner.query(`CREATE DATABASE "${database}"`);
  });
  for (const file of [settings.ARREMATE_RECOVERY_FILE, settings.ARREMATE_AUDIT_ANCHOR_FILE])
    rmSync(file, { force: true });
}

async function withOwner<T>(url: string, work: (owner: Client) => Promise<T>): Promise<T> {
  const owner = new Client({ connectionString: url, application_name: 'arremate-demo' });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The history of the demo could not be laid down.\n${inspect(error)}\n`);
  // What the story has open (its QI, its connections) would keep the process, and whoever waits for it, for ever.
  process.exit(1);
});
