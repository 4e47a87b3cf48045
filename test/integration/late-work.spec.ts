import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { AlertWatch } from '../../src/alerts/alert-watch.service';
import { InstanceRegistry, Periodic } from '../../src/platform';
import { engineFile } from '../support/engine-file';
import { NotificationReceiver } from '../support/notification-receiver';
import { prometheusRules, samplesFor } from '../support/prometheus-rules';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

const LOCK = 4_711;
/** Longer than ten times the silence after which a process counts as dead. */
const AWAY_MS = 2_500;
const QUICK = { heartbeat_ms: 50, dead_after_ms: 150 };

/** Work that waits in PostgreSQL for a lock that somebody has. */
async function hanging(world: AccessWorld, holder: Pool, name: string) {
  const client = await holder.connect();
  await client.query(`SELECT pg_advisory_lock($1)`, [LOCK]);
  const work = new Periodic({
    name,
    everyMs: 10,
    lateAfterMs: 100,
    run: () =>
      world.dataSource.transaction(async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = 0`);
        await tx.query(`SELECT pg_advisory_xact_lock($1)`, [LOCK]);
      }),
    onError: () => undefined,
  });
  work.start(0);
  return {
    goesOn: async () => {
      await client.query(`SELECT pg_advisory_unlock($1)`, [LOCK]);
      client.release();
    },
    stop: () => work.stop(),
  };
}

async function lateWorkOf(world: AccessWorld): Promise<readonly string[] | undefined> {
  const [row] = await world.dataSource.query<{ late_work: string[] }[]>(
    `SELECT late_work FROM instance WHERE id = $1`,
    [world.app.get(InstanceRegistry).id],
  );
  return row?.late_work;
}

describe('what a process does not do any more', () => {
  let receiver: NotificationReceiver;
  let world: AccessWorld;
  let admin: Call;
  let holder: Pool;
  beforeAll(async () => {
    receiver = await NotificationReceiver.start();
    world = await createAccessWorld({
      ARREMATE_NOTIFY_LOOPBACK: '1',
      ARREMATE_ENGINE_FILE: engineFile({
        notifications: { sweep_ms: 100 },
        alerts: { look_every_ms: 3_600_000, group_ms: 0, over_after_ms: 0 },
      }),
    });
    admin = world.master;
    holder = new Pool({ connectionString: world.databaseUrl, max: 1 });
    const event_types = ['alert.work_late', 'alert.audit_unanchored'];
    const told = { channel: 'webhook', url: `${receiver.url}/told`, event_types };
    expect((await admin('POST', '/api/v1/notification-endpoints', told)).status).toBe(201);
  });
  afterAll(async () => {
    await holder.end();
    await world.close();
    await receiver.stop();
  });

  const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.dataSource.query<Row[]>(text, values);
  const open = async () => {
    await world.app.get(AlertWatch).look();
    const { body } = await admin('GET', '/api/v1/alerts');
    return body['open'] as { kind: string; severity: string; line: string; runbook: { page: string } }[];
  };
  const rings = async (name: string) => {
    const rule = prometheusRules().find(({ alert }) => alert === name);
    const exposition = String((await world.call('GET', '/metrics')).body['text']);
    const ofAlerts = rule?.expr.match(/arremate_alerts\{[^}]*\}/)?.[0] ?? '';
    return samplesFor(ofAlerts, exposition).some((value) => value > 0);
  };
  it('is told once while it hangs, on its page, and is over when it was done again', async () => {
    expect(await open()).toEqual([]);
    const work = await hanging(world, holder, 'consent_watch');
    await waitFor('the alert', async () => (await open())[0]);
    await waitFor('people to be told', () => receiver.at('/told')[0]);
    expect(await open()).toMatchObject([
      {
        kind: 'work_late',
        severity: 'warning',
        line: expect.stringMatching(
          /^Trabalho periódico parado: consentimentos à espera, desde .*, 1 trabalho$/,
        ) as string,
        runbook: { page: 'work-late', title: 'Trabalho periódico parado' },
      },
    ]);
    expect(await rings('ArrematePeriodicLate')).toBe(true);
    const { body } = await admin('GET', '/api/v1/system');
    expect(body['instances']).toMatchObject([{ late_work: ['consent_watch'] }]);
    await work.goesOn();
    await waitFor('it to be over', async () => ((await open()).length === 0 ? true : undefined));
    await waitFor('people to be told so', () => receiver.at('/told')[1]);
    expect(receiver.at('/told').map(({ event }) => event.data['status'])).toEqual(['raised', 'resolved']);
    expect(await rings('ArrematePeriodicLate')).toBe(false);
    await work.stop();
  });

  it('is told apart where it is the audit trail that is not anchored', async () => {
    const work = await hanging(world, holder, 'audit_anchor');
    const [alert] = await waitFor('the alert', async () => {
      const alerts = await open();
      return alerts.length > 0 ? alerts : undefined;
    });
    expect(alert).toMatchObject({ kind: 'audit_unanchored', runbook: { page: 'audit' } });
    expect(alert?.line).toMatch(/^Trilha de auditoria sem âncora: desde [^,]*$/);
    expect(await rings('ArremateAuditNotAnchored')).toBe(true);
    await work.goesOn();
    await waitFor('it to be over', async () => ((await open()).length === 0 ? true : undefined));
    await work.stop();
  });

  const told = async () => {
    await waitFor('everything to be told', async () => {
      const [row] = await sql<{ waits: number }>(
        `SELECT count(*)::int AS waits FROM notification_delivery WHERE status = 'waiting'`,
      );
      return row?.waits === 0 ? true : undefined;
    });
    return receiver.at('/told').map(({ event: { data } }) => [data['status'], data['count']]);
  };

  it('is one alert for all that is late in living processes, by the longest, until they are gone', async () => {
    const other = randomUUID();
    const alive = (late: string, since: string) =>
      sql(
        `INSERT INTO instance (id, host, role, version, newest_migration, alive_until, late_work, late_since)
         SELECT $1, 'other', 'worker', version, newest_migration, clock_timestamp() + interval '1 hour', $2, $4
         FROM instance WHERE id = $3
         ON CONFLICT (id) DO UPDATE SET late_work = excluded.late_work, late_since = excluded.late_since`,
        [other, late, world.app.get(InstanceRegistry).id, since],
      );
    const before = (await told()).length;
    await alive('{reconciliation}', '{2026-11-01}');
    await open();
    await alive('{reconciliation,operation_commands}', '{2026-11-01,2026-11-02}');
    const [first, ...others] = await open();
    expect(first?.line).toMatch(/parado: conciliação com a QI, desde .*, 2 trabalhos$/);
    expect(others).toEqual([]);
    // What is late besides is told as well, though not more often than people are reminded.
    expect((await told()).slice(before)).toEqual([['raised', 1]]);
    await sql(`UPDATE alert SET told_at = told_at - interval '1 hour'`);
    await open();
    await open();
    expect((await told()).slice(before + 1)).toEqual([['raised', 2]]);
    await sql(`UPDATE instance SET alive_until = now() - interval '1 second' WHERE id = $1`, [other]);
    expect(await open()).toEqual([]);
    await sql(`DELETE FROM instance WHERE id = $1`, [other]);
  });
});

it('what is late is not told as soon as the database is back that was away: it is given a turn', async () => {
  const world = await createAccessWorld({ ARREMATE_ENGINE_FILE: engineFile({ instance: QUICK }) });
  const holder = new Pool({ connectionString: world.databaseUrl, max: 1 });
  const work = await hanging(world, holder, 'consent_watch');
  const told = (many: number) =>
    waitFor(`${many} late`, async () => ((await lateWorkOf(world))?.length === many ? true : undefined));
  await told(1);
  await world.asOwner(`ALTER TABLE instance RENAME TO instance_away`);
  await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
  await world.asOwner(`ALTER TABLE instance_away RENAME TO instance`);
  await told(0);
  await work.goesOn();
  await work.stop();
  await holder.end();
  await world.close();
});
