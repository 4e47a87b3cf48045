import type { DataSource } from 'typeorm';
import { systemClock } from '../../src/kernel';
import { createDataSource } from '../../src/platform';
import { runWebhookReplay, type WebhookReplayOptions } from '../../src/reconciliation';
import { auditTrail } from '../support/audit-trail';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.url).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

/** 23:30 of the 17th in São Paulo, and half an hour later. */
const LATE = '2026-08-18T02:30:00Z';
const NEXT_DAY = '2026-08-18T03:00:00Z';

beforeEach(async () => {
  await dataSource.query(`TRUNCATE webhook_event, auction CASCADE`);
  const event = (key: string, status: string, at: string): Promise<{ id: string }[]> =>
    dataSource.query(
      `INSERT INTO webhook_event (content_hash, received_at, webhook_type, event_key, raw_key_id, raw_ciphertext, status,
         reason, attempts, correlation_key)
       VALUES (sha256(convert_to($1, 'UTF8')), $3, 'type of ' || $1, $1, 'k.bound',
         CASE WHEN $1 = 'erased' THEN ''::bytea ELSE sha512(convert_to($1, 'UTF8')) END, $2,
         CASE WHEN $2 = 'parked' THEN 'unknown_type' END, 3, CASE WHEN $2 = 'waiting' THEN 'x' END) RETURNING id`,
      [key, status, at],
    );
  const [request] = await event('request', 'done', LATE);
  await event('proposal', 'parked', LATE);
  await event('erased', 'done', LATE); // nothing of it is left to handle
  await event('operation', 'done', NEXT_DAY);
  await event('other', 'waiting', LATE);
  await event('stranger', 'parked', NEXT_DAY);
  await dataSource.query(
    `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
       personal_ciphertext, auction_proposal_key, credit_operation_key)
     VALUES ('request', $1, 'won', now(), 'k', '', 'proposal', 'operation')`,
    [request?.id],
  );
});

async function replay(options: WebhookReplayOptions): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await runWebhookReplay(dataSource, auditTrail(systemClock), options, {
    actor: 'tester',
    out: (line) => lines.push(line),
  });
  return { code, lines };
}

async function replayed(): Promise<string[]> {
  const rows = await dataSource.query<{ event_key: string }[]>(
    `SELECT event_key FROM webhook_event
     WHERE status = 'new' AND reason IS NULL AND attempts = 0 AND not_before IS NULL ORDER BY id`,
  );
  return rows.map(({ event_key }) => event_key);
}

describe('the replay of archived webhooks', () => {
  it.each<[string, WebhookReplayOptions, string[]]>([
    [
      'the keys of one auction, whichever is named',
      { key: 'proposal' },
      ['request', 'proposal', 'operation'],
    ],
    ['the same by its operation', { key: 'operation' }, ['request', 'proposal', 'operation']],
    ['a key of no auction', { key: 'stranger' }, ['stranger']],
    ['a day of São Paulo, without what waits', { day: '2026-08-17' }, ['request', 'proposal']],
    ['the day after', { day: '2026-08-18' }, ['operation', 'stranger']],
    ['a span', { from: LATE, before: NEXT_DAY }, ['request', 'proposal']],
    ['a key within a day', { key: 'request', day: '2026-08-18' }, ['operation']],
  ])('takes %s', async (_what, options, expected) => {
    const dry = await replay(options);
    expect(dry.lines.at(-1)).toContain(`${expected.length} webhooks would be handled again`);
    expect(await replayed()).toEqual([]);
    expect((await replay({ ...options, apply: true, reason: 'a handler was wrong' })).code).toBe(0);
    expect(await replayed()).toEqual(expected);
    const [entry] = await dataSource.query<unknown[]>(
      `SELECT actor, action, reason, details ->> 'events' AS events FROM audit_event ORDER BY id DESC LIMIT 1`,
    );
    expect(entry).toEqual({
      actor: 'tester',
      action: 'webhook_events.replayed',
      reason: 'a handler was wrong',
      events: String(expected.length),
    });
  });

  it.each<[string, WebhookReplayOptions]>([
    ['everything by mistake', {}],
    ['a day that does not exist', { day: '2026-02-30' }],
    ['a time without its zone', { from: '2026-08-18T12:00:00' }],
    ['a time of a day that does not exist', { from: '2026-02-30T12:00:00Z' }],
    ['no reason', { key: 'request', apply: true }],
  ])('refuses %s', async (_what, options) => {
    expect((await replay(options)).code).toBe(2);
    expect(await replayed()).toEqual([]);
  });
});
