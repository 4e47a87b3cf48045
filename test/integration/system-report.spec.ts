import { randomBytes, randomUUID } from 'node:crypto';
import { Troubles } from '../../src/troubles';
import { readDatabaseFigures } from '../../src/troubles/database-figures';
import { productVersion } from '../../src/platform/product-version';
import { writeAuction, writeBid } from '../support/bids';
import { asService } from '../support/test-database';
import { createAccessWorld, type AccessWorld } from './access-world';

describe('the report for the engineer on call', () => {
  const key = randomBytes(32).toString('base64');
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld({ ARREMATE_ENCRYPTION_KEY: key });
  });
  afterAll(() => world.close());

  it('names every process with the version it runs, and no secret', async () => {
    const { status, body } = await world.as(await world.tokenFor('viewer'))('GET', '/api/v1/system');
    expect(status).toBe(200);
    expect(productVersion()).toMatch(/^\d+\.\d+\.\d+/);
    expect(body['instances']).toEqual([
      expect.objectContaining({ is_this_one: true, alive: true, version: productVersion() }),
    ]);
    expect(body['settings']).toEqual(
      expect.arrayContaining([{ name: 'ARREMATE_ENCRYPTION_KEY', value: '••••••' }]),
    );
    expect(JSON.stringify(body)).not.toContain(world.databaseUrl);
  });

  it('forgets those that were killed long ago', async () => {
    const [recent, old] = [randomUUID(), randomUUID()];
    await world.dataSource.query(
      `INSERT INTO instance (id, host, role, version, newest_migration, binding_stage, alive_until)
       SELECT dead.id, host, role, version, newest_migration, binding_stage, now() - days * interval '1 day'
       FROM instance, (VALUES ($1::uuid, 1), ($2::uuid, 8)) AS dead (id, days)`,
      [recent, old],
    );
    const other = await createAccessWorld({
      DATABASE_URL: asService(world.databaseUrl),
      ARREMATE_ENCRYPTION_KEY: key,
    });
    await other.close();
    const rows = await world.dataSource.query<unknown[]>(`SELECT id FROM instance WHERE id IN ($1, $2)`, [
      recent,
      old,
    ]);
    expect(rows).toEqual([{ id: recent }]);
    await world.dataSource.query(`DELETE FROM instance WHERE id = $1`, [recent]);
  });

  /** A bid whose POSTs began so many seconds ago, with what became of each. */
  const bid = async (
    secondsAgo: number,
    status: string,
    ...attempts: (readonly [string, number | null])[]
  ) => {
    const [auctionKey, requestControlKey] = [randomUUID(), randomUUID()];
    await writeAuction(world.dataSource, auctionKey);
    await writeBid(world.dataSource, { auctionKey, requestControlKey, rate: '0.02', amount: 100 });
    await world.dataSource.query(
      `UPDATE bid SET status = $2, submitted_at = now() - $3 * interval '1 second',
         answered_at = CASE WHEN $2 <> 'sending' THEN now() - ($3 - 1) * interval '1 second' END
       WHERE request_control_key = $1`,
      [requestControlKey, status, secondsAgo],
    );
    for (const [n, [outcome, httpStatus]] of attempts.entries())
      await world.dataSource.query(
        `INSERT INTO bid_attempt (request_control_key, ordinal, sent_at, answered_at, outcome, http_status, detail)
         SELECT $1, $2, at, at, $3, $4, CASE WHEN $3::text = 'not_taken' AND $4::integer IS NULL THEN 'circuit_open' END
         FROM (SELECT now() - ($5::integer - $2::integer) * interval '1 second' AS at) AS sent`,
        [requestControlKey, n + 1, outcome, httpStatus, secondsAgo],
      );
    return requestControlKey;
  };
  const submittedAt = async (key: string): Promise<unknown> => {
    const [row] = await world.dataSource.query<{ submitted_at: Date }[]>(
      `SELECT submitted_at FROM bid WHERE request_control_key = $1`,
      [key],
    );
    return row?.submitted_at;
  };
  const qi = async () => (await readDatabaseFigures(world.dataSource)).qi;

  it('says since when QI takes no bid, how it failed, and how many were not sent', async () => {
    await bid(2_000, 'withdrawn', ['not_taken', 503]); // before QI's last answer: over
    await bid(1_900, 'accepted', ['server_error', 503], ['accepted', 201]);
    expect(await qi()).toMatchObject({ failures: 0, undelivered: 0, lastFailure: null });

    const first = await bid(1_200, 'unknown', ['server_error', 503]); // longer ago than the short look
    await bid(50, 'unknown', ['server_error', 503], ['server_error', 503]);
    await bid(40, 'withdrawn', ['not_taken', null]);
    await bid(5, 'sending');
    expect(await qi()).toEqual({
      answeredAt: expect.any(Date) as Date,
      failures: 3,
      failedSince: await submittedAt(first),
      lastFailure: 'server_error',
      undelivered: 3,
      lastMinute: { calls: 2, failed: 2 },
    });
    const { body } = await world.as(await world.tokenFor('viewer'))('GET', '/api/v1/troubles');
    expect(body['items']).toMatchObject([
      {
        kind: 'qi_down',
        severity: 'critical',
        count: 3,
        detail: 'server_error',
        runbook: { page: 'qi-down' },
      },
    ]);

    await bid(11, 'sending');
    expect(await qi()).toMatchObject({ failures: 4, undelivered: 4 });
    expect(await world.app.get(Troubles).current()).toMatchObject([{ kind: 'qi_down', count: 3 }]); // measured once for all who ask
    await bid(10, 'rejected', ['rejected', 400]); // a refusal is an answer
    expect(await qi()).toMatchObject({ failures: 0, lastMinute: { calls: 3, failed: 2 } });
  });

  it('knows the pace of webhooks, what waits and who works', async () => {
    const { webhooks, processes, commands } = await readDatabaseFigures(world.dataSource);
    expect(webhooks).toMatchObject({ inHourBefore: 8, queued: 0, oldestQueuedAt: null });
    expect(processes).toMatchObject({ working: 1, clocksOff: 0 });
    expect(commands).toEqual({ waiting: 0, since: null });
  });

  it('says that QI lets none of our calls in: no refusal of a bid', async () => {
    for (let n = 0; n < 3; n += 1) await bid(5, 'withdrawn', ['not_taken', 401]);
    expect(await qi()).toMatchObject({ failures: 3, undelivered: 3, lastFailure: 'access_refused' });
    await bid(3, 'withdrawn', ['not_taken', 429]);
    expect(await qi()).toMatchObject({ failures: 4, lastFailure: 'too_many_requests' });
    await bid(2, 'accepted', ['not_taken', 404], ['accepted', 201]);
    expect(await qi()).toMatchObject({ failures: 0, lastFailure: null });
  });

  it('says that QI answers no bid although it has taken some: their end is no answer', async () => {
    const ends = async (key: string, status: string, reason: string): Promise<void> => {
      await world.dataSource.query(
        `UPDATE bid SET status = $2, status_reason = $3, answered_at = now() WHERE request_control_key = $1`,
        [key, status, reason],
      );
    };
    const first = await bid(0, 'unknown', ['no_answer', null]);
    await ends(await bid(0, 'unknown', ['no_answer', null]), 'unproven', 'lost_without_answer');
    await ends(await bid(0, 'unknown', ['no_answer', null]), 'accepted', 'known_by_outcome');
    expect(await qi()).toMatchObject({
      failures: 3,
      failedSince: await submittedAt(first),
      lastFailure: 'no_answer',
      undelivered: 3,
    });
    await bid(0, 'accepted', ['accepted', 201]);
    expect(await qi()).toMatchObject({ failures: 0, lastFailure: null });
  });

  it('counts what QI has not taken, not what it is asked about and what waits for people', async () => {
    const command = async (action: string, status: string, attempts: number) => {
      const key = randomUUID();
      await world.dataSource.query(
        `WITH loan AS (
           INSERT INTO operation (credit_operation_key, status, status_since, origin, auction_key, opened_at)
           VALUES ($1, 'awaiting_signature', now(), 'auction', $1, now()) RETURNING credit_operation_key)
         INSERT INTO operation_command (id, credit_operation_key, action, status, attempts, actor, not_before, created_at)
         SELECT gen_random_uuid(), credit_operation_key, $2, $3, $4, 'ana', now() + interval '1 hour', now() FROM loan`,
        [key, action, status, attempts],
      );
    };
    const waiting = async () => (await readDatabaseFigures(world.dataSource)).commands.waiting;
    await command('authorize', 'unknown', 9); // looked up
    await command('resubmit_disbursement', 'unknown', 9); // a person finds out
    await command('authorize', 'intended', 2);
    await world.dataSource.query(
      `WITH proposal AS (
         INSERT INTO proposal (id, product, channel, status, status_since, borrower_key_id, borrower_ciphertext, wishes,
           control_key, created_by, created_at)
         VALUES (gen_random_uuid(), 'fgts', 'console', 'issuing', now(), 'k.bound', '', '{}', gen_random_uuid(), 'ana', now())
         RETURNING id)
       INSERT INTO proposal_command (id, proposal_id, action, status, attempts, actor, not_before, created_at)
       SELECT gen_random_uuid(), id, 'issue', 'unknown', 9, 'ana', now() + interval '1 hour', now() FROM proposal`,
    );
    expect(await waiting()).toBe(0);
    await world.dataSource.query(`UPDATE proposal_command SET status = 'intended'`);
    expect(await waiting()).toBe(1);
    await world.dataSource.query(
      `INSERT INTO proposal_event (proposal_id, recorded_at, kind, effect, from_status, to_status, actor, summary)
       SELECT proposal_id, now(), 'issue_said_not_taken', 'noted', 'issuing', 'issuing', 'ana',
         json_build_object('command_id', id) FROM proposal_command`,
    );
    expect(await waiting()).toBe(0); // the second person is waited for
    await command('cancel_permanently', 'unknown', 3); // sent again
    await command('authorize', 'intended', 3);
    expect(await waiting()).toBe(2);
    await command('authorize', 'intended', 17); // looked up until it was believed that QI has nothing of it
    await world.dataSource.query(`UPDATE operation_command SET found_nothing = 1 WHERE attempts = 17`);
    expect(await waiting()).toBe(2);
  });
});
