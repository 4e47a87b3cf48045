import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Sandbox } from '../../sandbox';
import type { ServiceProcess } from './service-process';
import { waitFor } from './wait-for';

export interface PublishedWorld {
  readonly sandbox: Sandbox;
  /** All on one database; webhooks go to each in turn. */
  readonly services: readonly [ServiceProcess, ...ServiceProcess[]];
  readonly sql: Pool;
}

export interface PublishingFigures {
  /** That the sandbox opened. */
  readonly auctions: number;
  readonly decisions: number;
  /** Auctions that ended without a decision, by how they ended. */
  readonly undecided: Readonly<Record<string, number>>;
  /** Versions that decided, with the number of their decisions. */
  readonly by_version: Readonly<Record<string, number>>;
  readonly bids: number;
  /** Decisions by a version that was not in force yet, or had not been for two seconds when the request came. */
  readonly early: number;
  readonly late: number;
  /** Decisions that, made again, are not byte for byte what was recorded. */
  readonly not_identical: number;
  /** From the activation being asked for until every process says so on /health/ready, in milliseconds, rising. */
  readonly switch_ms: readonly number[];
  /** The last of them: back to the first version. */
  readonly rollback_ms: number;
}

type Json = Readonly<Record<string, unknown>>;
type Call = (method: string, path: string, body?: Json, ifMatch?: string) => Promise<Response>;

interface Version {
  readonly number: number;
  readonly hash: string;
}

const REPLAYS_AT_ONCE = 8;

/** Activates policies, one after the other, while the sandbox opens auctions, and looks at every decision afterwards. */
export async function publishUnderLoad(
  world: PublishedWorld,
  {
    perSecond,
    activations,
    everyMs,
  }: { readonly perSecond: number; readonly activations: number; readonly everyMs: number },
): Promise<PublishingFigures> {
  const { sandbox, services, sql } = world;
  const [author, approver] = await Promise.all([
    personAt(services[0], 'autora', 'policy_author'),
    personAt(services[0], 'aprovador', 'policy_approver', 'analyst'),
  ]);
  const seed = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as Json;
  const nobody = {
    id: 'ninguem',
    code: 'AGE_BELOW_MINIMUM',
    sentence: 'Idade de {observed}.',
    require: { field: 'borrower_age', op: 'gte', value: 130 },
  };
  const first = (await json(author('GET', '/api/v1/policies/active'))) as unknown as Version;
  sandbox.control.deliverTo(`${services[0].url}/webhooks/qi`);
  sandbox.control.setBehaviour({
    pace: { auctions_per_minute: perSecond * 60, window_seconds: 60 },
    webhooks: { retries: 50, retry_after_seconds: 1 },
  });
  await waitFor('requests to try a version on', async () => {
    const { rows } = await sql.query('SELECT FROM decision LIMIT 1');
    return rows.length > 0 ? true : undefined;
  });
  const versions = [
    await published({ ...seed, name: 'Igual à primeira' }, author, approver),
    await published(
      { ...seed, name: 'Ninguém', rules: [...(seed['rules'] as Json[]), nobody], test_cases: [] },
      author,
      approver,
    ),
  ];

  const switches: number[] = [];
  const activate = async ({ number, hash }: Version, reason: string): Promise<number> => {
    const asked = performance.now();
    const answer = await approver('POST', `/api/v1/policies/${String(number)}/activate`, { reason });
    if (!answer.ok) throw new Error(`activation: ${await answer.text()}`);
    await Promise.all(services.map((service) => decidesBy(service, hash)));
    return performance.now() - asked;
  };
  for (let turn = 0; turn < activations; turn += 1) {
    const version = versions[turn % versions.length] ?? first;
    sandbox.control.deliverTo(`${services[turn % services.length]?.url ?? ''}/webhooks/qi`);
    const [took] = await Promise.all([activate(version, `turno ${String(turn + 1)}`), pause(everyMs)]);
    switches.push(took);
  }
  const rollback = await activate(first, 'voltar à primeira');
  await pause(everyMs);
  sandbox.control.setBehaviour({ pace: { auctions_per_minute: 0 } });

  const auctions = await allOver(world);
  const decided = auctions.filter(({ is_decided }) => is_decided);
  const replays = await replayAll(
    services,
    decided.map(({ key }) => key),
  );
  const { rows } = await sql.query<
    Record<'decisions' | 'bids' | 'early' | 'late', number> & { version: string }
  >(
    `WITH force AS (
       SELECT number::text AS version, hash, activated_at AS since,
         lead(activated_at) OVER (ORDER BY activated_at) AS until
       FROM policy_activation),
     dated AS (
       SELECT policy_version AS version, outcome,
         (SELECT max(coalesce(until, 'infinity')) FROM force
          WHERE force.version = policy_version AND hash = policy_hash AND since <= decided_at) AS until,
         received_at
       FROM decision JOIN auction ON issuer_proposal_request_key = auction_key)
     SELECT version, count(*)::int AS decisions, count(*) FILTER (WHERE outcome = 'bid')::int AS bids,
       count(*) FILTER (WHERE until IS NULL)::int AS early,
       count(*) FILTER (WHERE until < received_at - interval '2 seconds')::int AS late
     FROM dated GROUP BY 1 ORDER BY 1`,
  );
  const total = (count: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + count(row), 0);
  return {
    auctions: auctions.length,
    decisions: total(({ decisions }) => decisions),
    undecided: countBy(
      auctions.filter(({ is_decided }) => !is_decided),
      ({ status }) => status,
    ),
    by_version: Object.fromEntries(rows.map(({ version, decisions }) => [version, decisions])),
    bids: total(({ bids }) => bids),
    early: total(({ early }) => early),
    late: total(({ late }) => late),
    not_identical: replays.filter((identical) => !identical).length,
    switch_ms: [...switches, rollback].map(Math.round).toSorted((a, b) => a - b),
    rollback_ms: Math.round(rollback),
  };
}

async function personAt(service: ServiceProcess, name: string, ...roles: readonly string[]): Promise<Call> {
  const { body } = await service.post('/api/v1/tokens', { name, roles });
  const { token } = body as { readonly token: string };
  return (method, path, sent, ifMatch) =>
    fetch(`${service.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(sent && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      },
      body: sent ? JSON.stringify(sent) : null,
    });
}

async function json(answer: Promise<Response>): Promise<Json> {
  const response = await answer;
  const body = (await response.json()) as Json;
  if (!response.ok) throw new Error(`${response.url}: ${String(response.status)} ${JSON.stringify(body)}`);
  return body;
}

/** Everything it takes until a document may be put in force: two people and a backtest of exactly it. */
async function published(document: Json, author: Call, approver: Call): Promise<Version> {
  const { number, hash: copied } = (await json(author('POST', '/api/v1/policies', {}))) as unknown as Version;
  const path = `/api/v1/policies/${String(number)}`;
  const { hash } = await json(author('PUT', path, { document }, `"${copied}"`));
  await json(author('POST', `${path}/submit`));
  await json(approver('POST', `${path}/approve`, undefined, `"${String(hash)}"`));
  const period = {
    received_from: new Date(Date.now() - 3_600_000).toISOString(),
    received_before: new Date().toISOString(),
  };
  const { id } = await json(approver('POST', `${path}/backtests`, period));
  const isDone = async (): Promise<true | undefined> => {
    const { state } = await json(approver('GET', `/api/v1/policies/backtests/${String(id)}`));
    return state === 'done' ? true : undefined;
  };
  await waitFor('the backtest', isDone, { timeoutMs: 60_000 }); // it gives way to auctions
  return { number, hash: String(hash) };
}

async function decidesBy(service: ServiceProcess, hash: string): Promise<true> {
  const look = async (): Promise<true | undefined> => {
    const { body } = await service.get('/health/ready');
    return (body as { readonly policy?: Version }).policy?.hash === hash ? true : undefined;
  };
  return waitFor(`the switch to ${hash}`, look, { timeoutMs: 20_000, everyMs: 20 });
}

interface OpenedAuction {
  readonly key: string;
  readonly status: string;
  readonly is_decided: boolean;
}

/** Once every auction that the sandbox opened has been decided, or, on a machine too busy for its window, is over. */
async function allOver({ sandbox, sql }: PublishedWorld): Promise<readonly OpenedAuction[]> {
  return waitFor(
    'every auction to be decided or over',
    async () => {
      const opened = sandbox.control.ledger().counts['auctions_opened'] ?? 0;
      const { rows } = await sql.query<OpenedAuction>(
        `SELECT issuer_proposal_request_key AS key, status,
           EXISTS (SELECT FROM decision WHERE auction_key = issuer_proposal_request_key) AS is_decided
         FROM auction`,
      );
      const isOver =
        rows.length === opened && rows.every(({ is_decided, status }) => is_decided || status !== 'open');
      return isOver ? rows : undefined;
    },
    { timeoutMs: 120_000, everyMs: 250 },
  );
}

function countBy<T>(all: readonly T[], name: (one: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) counts[name(one)] = (counts[name(one)] ?? 0) + 1;
  return counts;
}

async function replayAll(
  services: PublishedWorld['services'],
  keys: readonly string[],
): Promise<readonly boolean[]> {
  const identical: boolean[] = [];
  const left = keys.values();
  const replayer = async (_: unknown, at: number): Promise<void> => {
    const service = services[at % services.length] ?? services[0];
    for (const key of left) {
      const { body } = await service.get(`/api/v1/auctions/${key}/replay`);
      identical.push((body as { readonly identical?: boolean }).identical === true);
    }
  };
  await Promise.all(Array.from({ length: REPLAYS_AT_ONCE }, replayer));
  return identical;
}
