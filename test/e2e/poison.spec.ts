import { randomUUID } from 'node:crypto';
import { Random } from '../../sandbox/random';
import { FieldCipher } from '../../src/platform';
import { mistakeIn } from '../simulation/log-book';
import { watchFromNow } from '../simulation/personal-data';
import { noteKeys, peopleIn, printedWebhooks } from '../simulation/webhook-fuzz';
import { mutated } from '../simulation/webhook-mutations';
import { CommitGate } from '../support/commit-gate';
import { ROUTES } from '../support/described-api';
import { times } from '../support/repetitions';
import { API_TOKEN } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import { endOfAuction } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

/** It does not end. */
const LIVE = '/api/v1/live';
/** More than one process takes at once (auction.concurrency in engine.yaml). */
const POISONED = 70;
const { FUZZ_WEBHOOKS, FUZZ_SEED = '1' } = process.env;
/** Beside what is encrypted by the service. */
const OUR_KEY = new FieldCipher([Buffer.alloc(32, 7)]).keyIdIn('webhook_event.raw_ciphertext');
/** They are kept every fifteen seconds. */
const FACTS_WITHIN_MS = 60_000;
const MISTAKEN = Number(FUZZ_WEBHOOKS ?? times(2_000, 100_000));
const AT_ONCE = 40;
/** Each, one with another: of different requests under one key, one is applied with each sweep. */
const APPLIED_WITHIN_MS = 30;

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world.end());

describe('stored requests that cannot be read', () => {
  /** As somebody left them who altered them: their limits come before everybody else's. */
  async function leavePoison(
    kind: 'auction' | 'webhook',
    limitInSeconds: number,
  ): Promise<readonly string[]> {
    const keys = Array.from({ length: POISONED }, () => randomUUID());
    await world.sql.query(
      `WITH event AS (
         INSERT INTO webhook_event (content_hash, received_at, webhook_type, event_key, raw_key_id, raw_ciphertext, status)
         SELECT sha256(convert_to(key, 'UTF8')), now(), 'laas.private_payroll_new_issuer_proposal_request', key, $4, '\\x00', $2
         FROM unnest($1::text[]) AS key RETURNING id, event_key)
       INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
         expiration_at, personal_key_id, personal_ciphertext)
       SELECT event_key, id, 'open', now(), now() + $3 * interval '1 second', now() + interval '1 day', $4, '\\x00'
       FROM event WHERE $2 = 'done'`,
      [keys, kind === 'auction' ? 'done' : 'new', limitInSeconds, OUR_KEY],
    );
    return keys;
  }

  it.each([
    ['auctions with time left', 'auction', 20, ['parked', 'missed']],
    ['auctions whose limit has passed', 'auction', -1, ['missed']],
    ['webhooks', 'webhook', 20, ['parked']],
  ] as const)(
    '%s end, are tried a few times only, and hide nobody behind them',
    async (_, kind, limitInSeconds, ends) => {
      const table = kind === 'auction' ? 'auction' : 'webhook_event';
      const id = kind === 'auction' ? 'issuer_proposal_request_key' : 'event_key';
      const poison = await leavePoison(kind, limitInSeconds);
      await world.auctionBecomes(await world.request(randomUUID()), 'bid', 5_000);
      await waitFor(
        'the end of every one of them',
        async () => {
          const { rowCount } = await world.sql.query(
            `SELECT FROM ${table} WHERE ${id} = ANY ($1) AND status = ANY ($2)`,
            [poison, ends],
          );
          return rowCount === POISONED ? true : undefined;
        },
        { timeoutMs: 8_000 },
      );
      await pause(300); // the log is written a moment later
      const printedUntilThen = world.service.output.length;
      await pause(600);
      expect(world.service.output.slice(printedUntilThen)).not.toContain(poison[0]);
    },
    20_000,
  );

  it('takes over what a dead process left behind them', async () => {
    const decisions = await CommitGate.build(world.sql, world.database.url, 'decision', 'true');
    await decisions.shut();
    const key = await world.request(randomUUID(), { windowSeconds: 30 });
    await decisions.holds();
    await world.service.kill();
    await world.endConnections();
    await decisions.open();
    await decisions.end();
    await leavePoison('auction', 10);
    await world.service.restart();
    await world.auctionBecomes(key, 'bid', 5_000);
    await world.audit();
  }, 30_000);
});

it('a win is recorded although its borrower cannot be opened any more', async () => {
  const key = await world.request(randomUUID());
  await world.auctionBecomes(key, 'bid');
  await world.sql.query(
    `UPDATE auction SET personal_ciphertext = set_byte(personal_ciphertext, 30, get_byte(personal_ciphertext, 30) # 1)
     WHERE issuer_proposal_request_key = $1`,
    [key],
  );
  const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
  const operationKey = randomUUID();
  await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey }));
  await world.auctionBecomes(key, 'won');
  expect((await world.service.get(`/api/v1/operations/${operationKey}`)).status).toBe(200);
  expect(world.service.output).toContain('a row cannot be opened');
});

describe(`${MISTAKEN} webhooks of every product with mistakes in them, seed ${FUZZ_SEED}`, () => {
  async function send(body: Buffer): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${world.service.url}/webhooks/qi`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  it(
    'are stored, declined or parked, nothing is thrown, and nobody is named in the clear',
    async () => {
      const [random, printed, keys] = [
        new Random(Number(FUZZ_SEED), 'webhooks with mistakes'),
        printedWebhooks(),
        [] as string[],
      ];
      const people = peopleIn(printed);
      const watch = await watchFromNow(world.sql);
      const saidBefore = world.service.output.length;
      const answered = new Map<number, number>();
      for (let sent = 0; sent < MISTAKEN; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, () => mutated(random, random.pick(printed), keys));
        for (const body of batch) noteKeys(body, keys, random);
        for (const status of await Promise.all(batch.map(send)))
          answered.set(status, (answered.get(status) ?? 0) + 1);
      }
      expect([...answered.keys()].sort()).toEqual([200, 400]);
      await waitFor(
        'every webhook to be applied, parked, or waiting for its other half',
        async () => {
          const { rowCount } = await world.sql.query(
            `SELECT FROM webhook_event WHERE status = 'new' LIMIT 1`,
          );
          return rowCount === 0 ? true : undefined;
        },
        { timeoutMs: Math.max(60_000, MISTAKEN * APPLIED_WITHIN_MS), everyMs: 250 },
      );
      await waitFor(
        'every auction to have its fact',
        async () => {
          const { rowCount } = await world.sql.query(
            `SELECT FROM auction WHERE NOT EXISTS (SELECT FROM history_fact WHERE key = issuer_proposal_request_key) LIMIT 1`,
          );
          return rowCount === 0 ? true : undefined;
        },
        { timeoutMs: FACTS_WITHIN_MS, everyMs: 500 },
      );
      const { rows } = await world.sql.query<{ what: string; n: number }>(
        `SELECT concat_ws('_', status, reason) AS what, count(*)::int AS n FROM webhook_event GROUP BY 1 ORDER BY 1`,
      );
      const became = Object.fromEntries(rows.map(({ what, n }) => [what, n]));
      if (FUZZ_WEBHOOKS !== undefined)
        process.stdout.write(`${JSON.stringify({ answered: [...answered], became })}\n`);
      const said = world.service.output
        .slice(saidBefore)
        .split('\n')
        .filter((line) => line.startsWith('{'));
      expect([
        became['parked_handler_failed'],
        said.map(mistakeIn).filter((mistake) => mistake !== undefined),
      ]).toEqual([undefined, []]);
      expect([
        await watch.look(people),
        said.filter((line) => [...people].some((person) => line.includes(person))),
      ]).toEqual([[], []]);
      await world.audit();
    },
    FUZZ_WEBHOOKS === undefined ? times(120_000, 1_800_000) : 1_800_000,
  );

  /** Of every page of a list, or of the one answer that there is. */
  async function wrongIn(path: string): Promise<readonly string[]> {
    for (let query = ''; ;) {
      const { status, body } = await world.service.get(`${path}${query}`);
      if (status >= 500) return [`${String(status)} from ${path}${query}`];
      const { next_cursor: next } = body as { readonly next_cursor?: string | null };
      if (typeof next !== 'string') return [];
      query = `?cursor=${encodeURIComponent(next)}`;
    }
  }

  it('are shown, and what cannot be opened beside them: every list to its end, and each of what they brought', async () => {
    const lists = ROUTES.filter(
      ({ method, path }) => method === 'GET' && !path.includes('{') && path !== LIVE,
    );
    const { rows } = await world.sql.query<{ stem: string; key: string; rest: string }>(
      `SELECT '/api/v1/auctions/' AS stem, issuer_proposal_request_key AS key, '' AS rest FROM auction
       UNION ALL SELECT '/api/v1/history/auctions/', issuer_proposal_request_key, '/timeline' FROM auction
       UNION ALL SELECT '/api/v1/operations/', credit_operation_key, '' FROM operation
       UNION ALL SELECT '/api/v1/proposals/', id::text, '' FROM proposal`,
    );
    expect([lists.length, rows.length].every((n) => n > 50)).toBe(true);
    const wrong: string[] = [];
    for (const { path } of lists) wrong.push(...(await wrongIn(path)));
    for (const { stem, key, rest } of rows)
      wrong.push(...(await wrongIn(`${stem}${encodeURIComponent(key)}${rest}`)));
    expect(wrong).toEqual([]);
    const live = await fetch(`${world.service.url}${LIVE}`, {
      headers: { authorization: `Bearer ${API_TOKEN}` },
    });
    expect(live.status).toBe(200);
    await live.body?.cancel();
  }, 120_000);
});
