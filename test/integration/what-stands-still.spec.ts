import { Client } from 'pg';
import { WaitingWatch } from '../../src/inbox/waiting-watch.service';
import { Reconciliation } from '../../src/reconciliation/reconciliation.service';
import { createAccessWorld, type AccessWorld } from './access-world';

/** A process for the web: nothing here is taken up by a sweep before it is looked at. */
describe('what stands still', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld({ ARREMATE_ROLE: 'web' });
  });
  afterAll(() => world.close());

  const metrics = async () => String((await world.call('GET', '/metrics')).body['text']);
  const arrive = (key: string, status: string, daysAgo: number) =>
    world.dataSource.query(
      `INSERT INTO webhook_event (content_hash, received_at, webhook_type, event_key, raw_key_id, raw_ciphertext, status,
         correlation_key, not_before)
       VALUES (sha256($1::text::bytea), now() - $3 * interval '1 day', 'debt', $1, '', '', $2, 'loan', now())`,
      [key, status, daysAgo],
    );
  const statusOf = async (key: string) => {
    const [row] = await world.dataSource.query<{ status: string; reason: string | null }[]>(
      `SELECT status, reason FROM webhook_event WHERE event_key = $1`,
      [key],
    );
    return [row?.status, row?.reason];
  };

  it('parks a webhook that has waited too long, counts it and shows it', async () => {
    await arrive('old', 'waiting', 15);
    await arrive('young', 'waiting', 13);
    await arrive('old and done', 'done', 15);
    expect(await world.app.get(WaitingWatch).parkOld()).toBe(1);
    expect(await world.app.get(WaitingWatch).parkOld()).toBe(0);
    expect(await statusOf('old')).toEqual(['parked', 'waited_too_long']);
    expect(await statusOf('young')).toEqual(['waiting', null]);
    expect(await statusOf('old and done')).toEqual(['done', null]);
    expect(await metrics()).toContain('arremate_webhooks_waited_too_long_total{type="debt"} 1');
    const { body } = await world.master('GET', '/api/v1/webhook-events?status=parked');
    expect(body['items']).toMatchObject([
      { event_key: 'old', reason: 'waited_too_long', correlation_key: 'loan' },
    ]);
  });

  it('an auction at work long after its limit is a gap that people see, until it goes on', async () => {
    await arrive('request', 'done', 0);
    const open = (key: string, secondsAgo: number) =>
      world.dataSource.query(
        `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
           personal_key_id, personal_ciphertext)
         SELECT $1, id, 'bidding', now(), now() - $2 * interval '1 second', '', ''
         FROM webhook_event WHERE event_key = 'request'`,
        [key, secondsAgo],
      );
    await open('stuck', 70);
    await open('only just late', 50);
    const reconciliation = world.app.get(Reconciliation);
    const stuck = async () => {
      const { body } = await world.master('GET', '/api/v1/reconciliation/gaps');
      return (body['items'] as { kind: string; key: string; asked: number }[])
        .filter(({ kind }) => kind === 'auction_stuck')
        .map(({ key, asked }) => [key, asked]);
    };
    await reconciliation.run('test');
    await reconciliation.run('test');
    expect(await stuck()).toEqual([['stuck', 0]]); // QI is not asked: it is ours
    expect(world.logged.join()).toContain('auctions are stuck');

    const move = (status: string) =>
      world.dataSource.query(`UPDATE auction SET status = $1 WHERE issuer_proposal_request_key = 'stuck'`, [
        status,
      ]);
    await move('missed');
    await reconciliation.run('test');
    expect(await stuck()).toEqual([]);
    await move('open');
    await reconciliation.run('test');
    expect(await stuck()).toEqual([['stuck', 0]]);
  });
});

describe('connections', () => {
  it('of the heartbeat wait for no reader: a process whose readers are all busy is alive', async () => {
    const world = await createAccessWorld();
    const outside = new Client({ connectionString: world.databaseUrl });
    await outside.connect();
    try {
      const readers = Promise.all(
        Array.from({ length: 20 }, () => world.dataSource.query('SELECT pg_sleep(2)')),
      );
      await new Promise((resolve) => setTimeout(resolve, 1_800));
      const { rows } = await outside.query<{ alive: boolean; connections: string }>(
        `SELECT alive_until > clock_timestamp() AS alive,
           (SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'arremate-heartbeat') AS connections
         FROM instance`,
      );
      expect(rows).toEqual([{ alive: true, connections: '1' }]);
      await readers;
    } finally {
      await outside.end();
      await world.close();
    }
  });
});
