import { existsSync } from 'node:fs';
import { AlertWatch } from '../../src/alerts/alert-watch.service';
import { ALERT_RUNBOOKS } from '../../src/alerts/domain';
import { MonitoringWatch } from '../../src/monitoring/monitoring-watch.service';
import { ALERT_KINDS } from '../../src/notifications/domain';
import { RUNBOOKS, TROUBLE_KINDS } from '../../src/troubles/domain';
import { HeardHours } from '../../src/troubles/heard-hours.service';
import { engineFile } from '../support/engine-file';
import {
  dashboardExpressions,
  metricsIn,
  metricsOf,
  prometheusRules,
  samplesFor,
} from '../support/prometheus-rules';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld } from './access-world';

const AN_HOUR = 3_600;

describe('what others watch us by', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld({
      ARREMATE_ROLE: 'web', // nothing here is taken up by a sweep
      ARREMATE_ENGINE_FILE: engineFile({
        monitoring: { stop_after_seconds: AN_HOUR, look_every_ms: 60_000, resumes: true },
        alerts: { look_every_ms: 3_600_000, over_after_ms: 0 },
      }),
    });
    await sql(`UPDATE instance SET started_at = now() - interval '3 hours'`);
    await sql(`UPDATE kill_switch SET changed_at = now() - interval '3 hours'`);
  });
  afterAll(() => world.close());

  const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.dataSource.query<Row[]>(text, values);
  const metrics = async () => String((await world.call('GET', '/metrics')).body['text']);
  const trouble = async (kind: string) =>
    new RegExp(`^arremate_trouble\\{kind="${kind}",severity="critical"\\} (\\d)$`, 'm').exec(
      await metrics(),
    )?.[1];

  it('no win for longer than is usual at this hour is told', async () => {
    // Forty wins in every hour of last week, and a webhook every minute until now.
    await sql(
      `INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
       SELECT sha256(n::text::bytea), now() - n * interval '1 minute', '', ''::bytea, 'done'
       FROM generate_series(0, 60) n UNION ALL
       SELECT sha256('first'), now() - interval '172 hours', '', ''::bytea, 'done'`,
    );
    await sql(
      `INSERT INTO operation (credit_operation_key, status, status_since, origin, auction_key, opened_at)
       SELECT 'old ' || n, 'awaiting_signature', now(), 'auction', 'old ' || n,
         now() - interval '165 hours' - n * interval '90 seconds' FROM generate_series(1, 240) n`,
    );
    await sql(
      `INSERT INTO operation (credit_operation_key, status, status_since, origin, auction_key, opened_at)
       VALUES ('last', 'awaiting_signature', now(), 'auction', 'last', now() - interval '2 hours')`,
    );
    const heard = world.app.get(HeardHours);
    for (let looks = 0; looks < 30; looks += 1) await heard.learn();
    const hours = await sql<{ wins: string; hours: string }>(
      `SELECT sum(count) AS wins, count(*) AS hours FROM heard_hour WHERE what = 'wins'`,
    );
    expect(hours).toEqual([{ wins: '241', hours: '172' }]);
    // Measured once for all who ask within two seconds.
    await world.app.get(AlertWatch).look();
    const told = await world.master('GET', '/api/v1/alerts');
    expect(told.body['open']).toContainEqual(
      expect.objectContaining({
        kind: 'wins_silent',
        severity: 'critical',
        line: expect.stringMatching(
          /^Nenhum leilão ganho: desde .*, 8\d leilões teriam sido ganhos$/,
        ) as string,
        runbook: expect.objectContaining({ page: 'no-wins', title: 'Nenhum leilão ganho' }) as object,
      }),
    );
    expect(await trouble('wins_silent')).toBe('1');
  });

  it('what people were told of is not over for Prometheus and the console because a process has just begun', async () => {
    const [before] = await sql<{ at: Date }>(`SELECT min(started_at) AS at FROM instance`);
    await sql(`UPDATE webhook_event SET received_at = received_at - interval '1 hour'`);
    await sql(`UPDATE instance SET started_at = clock_timestamp()`);
    await sql(
      `INSERT INTO alert (id, kind, subject, severity, since, raised_at, seen_at, told_at, count)
       SELECT gen_random_uuid(), 'webhooks_silent', '', 'critical', at, at, at, at, 60
       FROM (SELECT now() - interval '50 minutes' AS at) AS past`,
    );
    await waitFor('a look that knows it', async () =>
      (await trouble('webhooks_silent')) === '1' ? true : undefined,
    );
    const { body } = await world.master('GET', '/api/v1/troubles');
    expect(body['items']).toContainEqual(expect.objectContaining({ kind: 'webhooks_silent', count: 60 }));
    await sql(`UPDATE webhook_event SET received_at = received_at + interval '1 hour'`);
    await sql(`UPDATE instance SET started_at = $1`, [before?.at]);
    await sql(`DELETE FROM alert WHERE kind = 'webhooks_silent'`);
  });

  it('a sign that cannot be kept is kept by the next look: bidding goes on after an outage', async () => {
    const watch = world.app.get(MonitoringWatch);
    await metrics();
    await watch.look();
    await metrics();
    await world.asOwner(`ALTER TABLE watcher RENAME TO watcher_away`);
    await expect(watch.look()).rejects.toThrow('watcher');
    await world.asOwner(`ALTER TABLE watcher_away RENAME TO watcher`);
    await sql(`UPDATE watcher SET seen_at = seen_at - interval '61 minutes'`);
    await watch.look();
    expect(await sql(`SELECT engaged FROM kill_switch`)).toEqual([{ engaged: false }]);
  });

  it('bidding stops when nobody watches, is told, and goes on when somebody does again', async () => {
    const watch = world.app.get(MonitoringWatch);
    const bidding = async () =>
      (await sql<{ engaged: boolean; actor: string }>(`SELECT engaged, actor FROM kill_switch`))[0];
    await metrics();
    await watch.look();
    expect(await bidding()).toMatchObject({ engaged: false });
    await sql(`UPDATE watcher SET seen_at = seen_at - interval '61 minutes'`);
    await watch.look();
    expect(await bidding()).toEqual({ engaged: true, actor: 'system:unwatched' });
    await watch.look();
    expect(await bidding()).toMatchObject({ engaged: true });
    const beat = await world.call('POST', '/heartbeat', { alerts: [{ status: 'firing' }] });
    expect(beat).toMatchObject({ status: 204 });
    await watch.look();
    expect(await bidding()).toMatchObject({ engaged: false });
    const audited = await sql<{ action: string; reason: string }>(
      `SELECT action, reason FROM audit_event WHERE actor = 'system:unwatched' ORDER BY id`,
    );
    expect(audited).toEqual([
      { action: 'kill_switch.engaged', reason: expect.stringContaining('Ninguém vigia o sistema') as string },
      { action: 'kill_switch.released', reason: 'O monitoramento voltou a dar sinal.' },
    ]);
  });

  it('rules and dashboard speak of metrics that there are, and every alert of its page', async () => {
    const present = metricsOf(await metrics());
    const rules = prometheusRules();
    const expressions = [...rules.map(({ expr }) => expr), ...dashboardExpressions()];
    expect(expressions.flatMap(metricsIn).filter((name) => !present.has(name))).toEqual([]);
    // A counter whose first count is its first sample has not increased: but where they are open, all of its labels are there.
    const openLists = ['arremate_webhooks_handled_total', 'arremate_webhooks_waited_too_long_total'];
    const atFirst = await metrics();
    expect(
      [...atFirst.matchAll(/^# TYPE (arremate_\w+) counter$/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !openLists.includes(name) && !atFirst.includes(`\n${name}{`)),
    ).toEqual([]);
    expect(rules.flatMap(({ expr }) => (expr.includes(' offset ') ? metricsIn(expr) : []))).toEqual(
      openLists,
    );
    const counted = await metrics();
    const unseen = rules
      .filter(({ expr }) => !expr.includes(' offset '))
      .flatMap(({ expr }) => [...expr.matchAll(/increase\((\w+)\{(\w+)=~?"([^"]+)"\}/g)])
      .flatMap(([, name = '', label = '', values = '']) =>
        values.split('|').map((value) => `${name}{${label}="${value}"} `),
      )
      .filter((sample) => !counted.includes(`\n${sample}`));
    expect(unseen).toEqual([]);
    // What is measured in the database every process says of the same rows: added up it is that many times as much.
    const gauges = [...atFirst.matchAll(/^# TYPE (arremate_\w+) gauge$/gm)].map(([, name]) => name);
    const summed = expressions.flatMap((expr) =>
      [...expr.matchAll(/\bsum\b(?: by \([^)]*\))?\s*\(\s*(arremate_\w+)/g)].map(([, name]) => name),
    );
    expect(summed.filter((name) => gauges.includes(name))).toEqual([]);
    expect(rules.filter(({ annotations }) => !existsSync(annotations.runbook))).toEqual([]);
    // The rule about the replica must say nothing where there is none.
    expect(await metrics()).toMatch(/^arremate_replica_lag_seconds Nan$/m);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    // Each thing that the engine knows to be wrong has a rule, with the same page; of the others each says how bad it is.
    const kindOf = (expr: string) => /arremate_trouble\{kind="([a-z_]+)"\}/.exec(expr)?.[1];
    const pages = rules.flatMap(({ expr, annotations }) => {
      const kind = kindOf(expr);
      return kind === undefined ? [] : [[kind, annotations.runbook]];
    });
    expect(Object.fromEntries(pages)).toEqual(
      Object.fromEntries(TROUBLE_KINDS.map((kind) => [kind, `docs/runbooks/${RUNBOOKS[kind]}.md`])),
    );
    expect(
      rules.filter(({ expr, labels }) => (kindOf(expr) === undefined) !== 'severity' in (labels ?? {})),
    ).toEqual([]);
    // What each process finds of its own machine says of which one.
    const oneMachines = ['database_down', 'certificate_ending', 'disk_full'];
    expect(
      rules.filter(
        ({ expr }) => oneMachines.includes(kindOf(expr) ?? '') && !/by \([^)]*instance/.test(expr),
      ),
    ).toEqual([]);
    // What people are told of without a trouble has a rule as well; how often QI's figures differ is counted.
    const told = (kind: string) =>
      rules
        .filter(({ expr }) => samplesFor(expr, `arremate_alerts{kind="${kind}"} 1`).length > 0)
        .map(({ annotations }) => annotations.runbook);
    const waiting = ALERT_KINDS.filter(
      (kind) => kind !== 'pricing_drift' && !TROUBLE_KINDS.some((trouble) => trouble === kind),
    );
    expect(waiting.map((kind) => [kind, told(kind)])).toEqual(
      waiting.map((kind) => [kind, [`docs/runbooks/${ALERT_RUNBOOKS[kind]}.md`]]),
    );
    // Work that may be late because somebody has changed the audit trail is no work to start again.
    const late = (job: string) =>
      rules
        .filter(({ expr }) => samplesFor(expr, `arremate_periodic_late{exported_job="${job}"} 1`).length > 0)
        .map(({ annotations }) => annotations.runbook);
    expect(late('alerts')).toEqual(['docs/runbooks/work-late.md']);
    expect(late('audit_anchor')).toEqual(['docs/runbooks/audit.md']);
    // A kind of trouble is there before anything is wrong.
    for (const kind of TROUBLE_KINDS) expect([kind, await trouble(kind)]).toEqual([kind, expect.any(String)]);
  });
});
