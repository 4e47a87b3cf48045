import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { InstanceRegistry } from '../../src/platform';
import { Reconciliation } from '../../src/reconciliation/reconciliation.service';
import { startServer, type LoopbackServer } from '../contracts/qi/other-side';
import { justBefore } from '../support/just-before';
import { NotificationReceiver } from '../support/notification-receiver';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

/** A file of nothing. */
const WRITTEN_WITHIN_MS = 500;

/**
 * The answer to a claim is lost, or what became of the work cannot be written: the row is leased to a process that lives
 * and does not work on it. Nobody but that process may take it up again.
 */
describe('what is leased to a living process and not in its hands', () => {
  let qi: LoopbackServer;
  let receiver: NotificationReceiver;
  let world: AccessWorld;
  let admin: Call;
  let us: string;
  beforeAll(async () => {
    [qi, receiver] = await Promise.all([startServer(() => ({ status: 201 })), NotificationReceiver.start()]);
    world = await createAccessWorld({ QI_BASE_URL: qi.baseUrl, ARREMATE_NOTIFY_LOOPBACK: '1' });
    admin = world.as(MASTER);
    us = world.app.get(InstanceRegistry).id;
  });
  afterAll(async () => {
    await receiver.stop();
    await world.close();
    await qi.close();
  });

  const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.dataSource.query<Row[]>(text, values);
  /** Looks for what was forgotten are up to ten seconds apart. */
  const becomes = (what: string, status: string, text: string, values: unknown[]) =>
    waitFor(
      `${what} to be ${status}`,
      async () => {
        const [row] = await sql<{ status: string }>(text, values);
        return row?.status === status ? true : undefined;
      },
      { timeoutMs: 25_000 },
    );

  it('an export is begun anew', async () => {
    const id = randomUUID();
    await sql(
      `INSERT INTO export (id, requested_by, requested_at, format, filter, status, lease_owner)
       VALUES ($1, 'ana', now(), 'csv', '{}', 'running', $2)`,
      [id, us],
    );
    await becomes('the export', 'done', `SELECT status FROM export WHERE id = $1`, [id]);
  });

  it('an export that another process has taken over and written meanwhile stays as that one wrote it', async () => {
    const id = randomUUID();
    const takenOver = justBefore(world.dataSource, 'DELETE FROM export_part', async () => {
      await sql(`UPDATE export SET status = 'done', lease_owner = NULL, ended_at = now() WHERE id = $1`, [
        id,
      ]);
      await sql(`INSERT INTO export_part (export_id, ordinal, bytes) VALUES ($1, 1, 'theirs')`, [id]);
    });
    await sql(
      `INSERT INTO export (id, requested_by, requested_at, format, filter, status)
       VALUES ($1, 'ana', now(), 'csv', '{}', 'waiting')`,
      [id],
    );
    await takenOver;
    await pause(WRITTEN_WITHIN_MS);
    expect(
      await sql(
        `SELECT status, rows_done, convert_from(bytes, 'UTF8') AS text
         FROM export LEFT JOIN export_part ON export_id = id WHERE id = $1`,
        [id],
      ),
    ).toEqual([{ status: 'done', rows_done: 0, text: 'theirs' }]);
  });

  const exportOf = (id: string) =>
    sql<{ status: string; failure: string | null; begun: number; parts: number }>(
      `SELECT status, failure, begun, (SELECT count(*)::int FROM export_part WHERE export_id = id) AS parts
       FROM export WHERE id = $1`,
      [id],
    );

  it('an export that no process has brought to its end is given up', async () => {
    const id = randomUUID();
    await sql(
      `INSERT INTO export (id, requested_by, requested_at, format, filter, status, lease_owner, begun)
       VALUES ($1, 'ana', now(), 'csv', '{}', 'running', $2, 5)`,
      [id, us],
    );
    await becomes('the export', 'failed', `SELECT status FROM export WHERE id = $1`, [id]);
    expect(await exportOf(id)).toMatchObject([
      { failure: 'foi interrompida vezes demais; peça de novo', begun: 6, parts: 0 },
    ]);
  });

  it('an export that was in the way of somebody is begun anew, and is whole', async () => {
    const id = randomUUID();
    await world.asOwner(`
      CREATE SEQUENCE writings;
      GRANT USAGE ON SEQUENCE writings TO PUBLIC;
      CREATE FUNCTION in_the_way() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('writings') = 1 THEN RAISE EXCEPTION 'deadlock, says the test' USING ERRCODE = '40P01'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER in_the_way BEFORE INSERT ON export_part FOR EACH ROW EXECUTE FUNCTION in_the_way()`);
    await sql(
      `INSERT INTO export (id, requested_by, requested_at, format, filter, status)
       VALUES ($1, 'ana', now(), 'csv', '{}', 'waiting')`,
      [id],
    );
    await becomes('the export', 'done', `SELECT status FROM export WHERE id = $1`, [id]);
    await world.asOwner('DROP TRIGGER in_the_way ON export_part');
    expect(await exportOf(id)).toMatchObject([{ failure: null, begun: 2, parts: 1 }]);
  });

  it('a backtest is begun anew', async () => {
    const id = randomUUID();
    const [policy] = await sql<{ hash: string }>(`SELECT hash FROM policy_version WHERE state = 'active'`);
    await sql(
      `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state,
         requested_by, requested_at, lease_owner)
       VALUES ($1, $2, $2, now() - interval '1 h', now(), 'running', 'ana', now(), $3)`,
      [id, policy?.hash, us],
    );
    await becomes('the backtest', 'done', `SELECT state AS status FROM backtest_report WHERE id = $1`, [id]);
  });

  it('notifications are sent, and do not use up the room of their endpoint', async () => {
    const { body } = await admin('POST', '/api/v1/notification-endpoints', {
      url: `${receiver.url}/forgotten`,
      event_types: ['task.opened'],
    });
    const forgotten = 6; // more than are sent to one endpoint at once
    for (let i = 0; i < forgotten; i += 1) {
      const event = randomUUID();
      await sql(
        `INSERT INTO notification_event (id, type, subject, occurred_at, data)
         VALUES ($1, 'task.opened', 'x', clock_timestamp(), '{}')`,
        [event],
      );
      await sql(
        `INSERT INTO notification_delivery (event_id, endpoint_id, lease_owner) VALUES ($1, $2, $3)`,
        [event, body['id'], us],
      );
    }
    await waitFor('all of them', () => (receiver.at('/forgotten').length === forgotten ? true : undefined));
  });

  it('a run of the reconciliation is abandoned, and the next one begins', async () => {
    const [run] = await sql<{ id: string }>(
      `INSERT INTO reconciliation_run (started_by, lease_owner) VALUES ('ana', $1) RETURNING id`,
      [us],
    );
    expect(await world.app.get(Reconciliation).run('test')).toBeDefined();
    const [after] = await sql<{ result: string }>(`SELECT result FROM reconciliation_run WHERE id = $1`, [
      run?.id,
    ]);
    expect(after?.result).toBe('abandoned');
  });

  it('but one that is under way is left alone', async () => {
    const both = await Promise.all(['ana', 'rui'].map((who) => world.app.get(Reconciliation).run(who)));
    expect(both.filter((run) => run !== undefined)).toHaveLength(1);
  });

  it("an emergency stop of QI's filters whose end could not be written can be asked for again", async () => {
    await world.asOwner(`
      CREATE FUNCTION refuse_end() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'disk full, says the test'; END $$`);
    await world.asOwner(`
      CREATE TRIGGER refuse_end BEFORE UPDATE ON qi_filter_change FOR EACH ROW
        WHEN (OLD.status = 'sending') EXECUTE FUNCTION refuse_end()`);
    const stop = () => admin('POST', '/api/v1/qi-filters/stop', { reason: 'preço errado' });
    expect((await stop()).status).toBe(500);
    await world.asOwner(`DROP TRIGGER refuse_end ON qi_filter_change`);
    expect(await stop()).toMatchObject({ status: 200, body: { status: 'sent' } });
    expect(qi.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(2);
  });
});
