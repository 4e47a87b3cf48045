import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { systemClock } from '../../src/kernel';
import type { ChannelSender } from '../../src/notifications/channel-sender.service';
import { Deliveries } from '../../src/notifications/deliveries.service';
import type { SendResult } from '../../src/notifications/webhook-sender';
import { createDataSource } from '../../src/platform/database/data-source';
import { Draining, type InstanceRegistry, type Settings } from '../../src/platform';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const EVENTS = 200;
const SETTINGS = {
  ARREMATE_ROLE: 'all',
  engine: {
    notifications: {
      ...{ sweep_ms: 1_000, per_endpoint: 4, per_message: 50, max_attempts: 11 },
      ...{ retry_base_ms: 10_000, retry_factor: 3, retry_max_ms: 28_800_000 },
    },
  },
} as unknown as Settings;

describe('events that come faster than they are looked for', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** So many events wait for one endpoint. @returns what was sent by a process that looks once a second, and its end */
  async function sending(answer: number) {
    await dataSource.query(
      `WITH endpoint AS (
         INSERT INTO notification_endpoint (id, url, description, event_types, enabled, secret_key_id, secret_ciphertext, created_by, created_at)
         VALUES (gen_random_uuid(), 'https://partner.example', '', '{auction.decided}', true, 'k', '', 'test', now()) RETURNING id),
       event AS (
         INSERT INTO notification_event (id, type, subject, occurred_at, data)
         SELECT gen_random_uuid(), 'auction.decided', n::text, now(), '{}' FROM generate_series(1, ${EVENTS}) AS n RETURNING id)
       INSERT INTO notification_delivery (event_id, endpoint_id) SELECT event.id, endpoint.id FROM event, endpoint`,
    );
    const id = randomUUID();
    await dataSource.query(
      `INSERT INTO instance (id, host, role, alive_until) VALUES ($1, 'x', 'all', clock_timestamp() + interval '1 h')`,
      [id],
    );
    const seen = { sent: 0, atOnce: 0, mostAtOnce: 0 };
    const send = async (): Promise<SendResult> => {
      seen.sent += 1;
      seen.atOnce += 1;
      seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.atOnce -= 1;
      return { kind: 'answered', httpStatus: answer };
    };
    const deliveries = new Deliveries(
      dataSource,
      { id } as InstanceRegistry,
      { send } as unknown as ChannelSender,
      new Draining(),
      SETTINGS,
      systemClock,
      pino({ level: 'silent' }),
      new Registry(),
    );
    deliveries.onApplicationBootstrap();
    return { seen, end: () => deliveries.onModuleDestroy() };
  }

  async function failingSince(): Promise<unknown> {
    const [row] = await dataSource.query<{ failing_since: unknown }[]>(
      'SELECT failing_since FROM notification_endpoint',
    );
    return row?.failing_since;
  }

  it('are sent as fast as they are taken, a few at once', async () => {
    const { seen, end } = await sending(204);
    // Four a second would be fifty seconds.
    await waitFor('all of them', () => (seen.sent === EVENTS ? true : undefined), { timeoutMs: 25_000 });
    await end();
    expect(seen.mostAtOnce).toBe(4);
    const left: unknown = await dataSource.query(
      `SELECT status, count(*)::int AS n, max(attempts) AS attempts FROM notification_delivery GROUP BY 1`,
    );
    expect(left).toEqual([{ status: 'delivered', n: EVENTS, attempts: 1 }]);
    expect(await failingSince()).toBeNull();
  }, 40_000);

  it('are not sent faster than they are looked for to who takes none', async () => {
    const { seen, end } = await sending(503);
    await waitFor('the second look', () => (seen.sent > 4 ? true : undefined));
    await end();
    expect(seen.sent).toBeLessThanOrEqual(12);
    expect(await failingSince()).toBeInstanceOf(Date);
  });
});
