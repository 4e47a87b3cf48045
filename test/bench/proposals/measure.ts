import { Pool } from 'pg';
import { emptyDatabase } from '../../support/test-database';
import { waitFor } from '../../support/wait-for';
import { Child } from '../auction/child';
import { now, percentile } from '../auction/clock';
import { Load, type Pushed } from '../auction/load';
import { perAuction, type Meter, type Reading } from '../auction/meter';
import { join } from 'node:path';
import { balanceNews } from './caixa';
import { START, type Offering, type SubjectName } from './subjects';

export interface Ground {
  readonly postgresUrl: string;
  readonly meter: Meter;
  readonly home: string;
  readonly options: { readonly proposals: number; readonly slowPerSecond: number };
}

export interface Figures {
  /** Proposals a second, over the time from the first webhook to the last offer. */
  readonly perSecond: number;
  readonly atHalf: Latency;
  readonly atSlow: Latency;
  /** At half of the throughput. */
  readonly perProposal: Reading;
  /** What is executed most often, by how often for each proposal. */
  readonly statements: Readonly<Record<string, number>>;
  /** Webhooks without an offer: must be none. */
  readonly missing: number;
}

/** From the push of the webhook to the commit of the offer, ms. */
export interface Latency {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** QI takes about so long to answer a call. */
const ANSWER_AFTER_MS = 20;
const OFFER_PATIENCE_MS = 120_000;
const WARM_UP = 40;

/** Every figure of one subject, on a database of its own. */
export async function measure(ground: Ground, name: SubjectName): Promise<Figures> {
  const databaseUrl = await emptyDatabase(ground.postgresUrl);
  await ground.meter.checkpoint();
  const qi = Child.fork(join(__dirname, 'counterpart-process.js'), [String(ANSWER_AFTER_MS)]);
  const { port } = await qi.said<{ port: number }>();
  const surroundings = { databaseUrl, qiUrl: `http://127.0.0.1:${port}`, home: ground.home };
  const subject = await START[name](surroundings);
  const sql = new Pool({ connectionString: databaseUrl, max: 1 });
  try {
    return await figuresOf(ground, { subject, sql, databaseUrl });
  } finally {
    await sql.end();
    await subject.stop();
    await qi.kill();
  }
}

interface Scene {
  readonly subject: Offering;
  readonly sql: Pool;
  readonly databaseUrl: string;
}

async function figuresOf(ground: Ground, scene: Scene): Promise<Figures> {
  const { proposals, slowPerSecond } = ground.options;
  await run(scene, WARM_UP, (load) => load.burst(WARM_UP));
  const burst = await run(scene, proposals, (load) => load.burst(proposals));
  const perSecond = burst.offered / burst.seconds;
  const half = Math.max(1, perSecond / 2);
  const read = (): Promise<Reading> => ground.meter.read(scene.databaseUrl, [scene.subject.pid]);
  const counts = () => ground.meter.statements(scene.databaseUrl);
  let before: Reading | undefined;
  let countsBefore: Awaited<ReturnType<typeof counts>> = new Map();
  const steady = await run(scene, proposals, async (load) => {
    before = await read();
    countsBefore = await counts();
    return load.atRate(half, proposals / half);
  });
  const after = await read();
  if (before === undefined) throw new Error('nothing was read');
  const each = [...(await counts())]
    .map(([text, calls]) => [text, (calls - (countsBefore.get(text) ?? 0)) / proposals] as const)
    .filter(([, calls]) => calls >= 0.1)
    .sort(([, one], [, other]) => other - one);
  const few = Math.ceil(proposals / 4);
  const slow = await run(scene, few, (load) => load.atRate(slowPerSecond, few / slowPerSecond));
  return {
    perSecond,
    atHalf: { perSecond: half, p50: steady.p50, p99: steady.p99 },
    atSlow: { perSecond: slowPerSecond, p50: slow.p50, p99: slow.p99 },
    perProposal: perAuction(before, after, proposals),
    statements: Object.fromEntries(each),
    missing: burst.missing + steady.missing + slow.missing,
  };
}

interface Run {
  readonly offered: number;
  readonly missing: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

/** Tells so many balances that are waited for, and waits for the offers. */
async function run(
  { subject, sql }: Scene,
  count: number,
  push: (load: Load) => Promise<readonly Pushed[]>,
): Promise<Run> {
  const keys = [...(await subject.await(count))];
  const requests = {
    next: () => {
      const key = keys.pop() ?? '';
      return { key, body: Buffer.from(balanceNews(key)), windowSeconds: 0 };
    },
  };
  const load = new Load(requests, [subject.url]);
  const pushed = await push(load);
  await load.close();
  const told = pushed.map(({ key }) => key);
  const offers = await offersFor(subject, sql, told);
  // The database stamps commits by the machine's wall clock; pushes are dated by the monotonic one.
  const epoch = performance.timeOrigin + performance.now() - now();
  const latencies = pushed
    .flatMap(({ key, at }) => (offers.get(key) ?? Infinity) - (epoch + at))
    .sort((one, other) => one - other);
  const first = epoch + Math.min(...pushed.map(({ at }) => at));
  return {
    offered: offers.size,
    missing: pushed.length - offers.size,
    seconds: (Math.max(...offers.values()) - first) / 1_000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** When each offer was committed, ms since 1970. Gives up on those that do not come. */
async function offersFor(
  subject: Offering,
  sql: Pool,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const read = async (): Promise<ReadonlyMap<string, number>> => {
    const { rows } = await sql.query<{ key: string; at: number }>(
      `SELECT key, extract(epoch FROM pg_xact_commit_timestamp(offer))::float8 * 1000 AS at
       FROM (${subject.offers}) AS offers WHERE key = ANY ($1)`,
      [keys],
    );
    return new Map(rows.map(({ key, at }) => [key, at]));
  };
  const all = async (): Promise<true | undefined> => ((await read()).size === keys.length ? true : undefined);
  await waitFor('all offers', all, { timeoutMs: OFFER_PATIENCE_MS, everyMs: 200 }).catch(() => undefined);
  return read();
}
