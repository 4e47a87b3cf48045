import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { RolloutLoad } from '../support/rollout-load';
import { prometheusRules } from '../support/prometheus-rules';
import { waitFor } from '../support/wait-for';
import { CAUSES, type Cause } from './alerts/causes';
import { Prometheus } from './alerts/prometheus';
import { joinReplica } from './alerts/replica';
import { joinThird } from './alerts/third-process';
import { Watched } from './alerts/watched';

/**
 * Every alert of config/observability is fired by its cause, in a real Prometheus (on the PATH, or named by PROMETHEUS), after
 * so many seconds of normal load in which none may. Argument: those seconds.
 */
const QUIET_SECONDS = Number(process.argv[2] ?? 3_600);
const PER_SECOND = 4;
const FIRES_WITHIN_MS = 100_000;
/** The one that is always on. */
const HEARTBEAT = 'ArremateHeartbeat';
const MOST_ERRORS = 3;

interface Report {
  readonly quiet_seconds: number;
  readonly fired: Record<string, { readonly by: string; readonly after_seconds: number }>;
  readonly left_out: string[];
  readonly wrong: string[];
}

async function main(): Promise<void> {
  const report: Report = { quiet_seconds: QUIET_SECONDS, fired: {}, left_out: [], wrong: [] };
  const prometheus = await Prometheus.start();
  if (prometheus === undefined) {
    report.left_out.push('there is no Prometheus on the PATH: name one by PROMETHEUS=/path/to/prometheus');
    say(report.left_out.join());
  } else {
    const world = await Watched.start();
    try {
      await campaign(world, prometheus, report);
    } finally {
      await world.end();
      await prometheus.end();
    }
  }
  console.log(report);
  writeFileSync('.data/reports/alerts.json', `${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.wrong.length === 0 ? 0 : 1;
}

async function campaign(world: Watched, prometheus: Prometheus, report: Report): Promise<void> {
  await fires(prometheus, report, { what: 'Prometheus knows of no process', fires: ['ArremateAbsent'] });
  prometheus.watch([world.worker, world.web]);
  await calm(prometheus, 'the beginning', report);
  await quietHour(world, prometheus, report);
  for (const cause of CAUSES.slice(0, -1)) await tried(world, prometheus, cause, report);
  await third(world, prometheus, report);
  await follower(world, prometheus, report);
  for (const cause of CAUSES.slice(-1)) await tried(world, prometheus, cause, report);
  for (const { alert } of prometheusRules())
    if (report.fired[alert] === undefined && alert !== HEARTBEAT && report.left_out.length === 0)
      report.wrong.push(`${alert} was never fired`);
}

async function quietHour(world: Watched, prometheus: Prometheus, report: Report): Promise<void> {
  say(`${QUIET_SECONDS} s of normal load`);
  const load = new RolloutLoad(world.qi, PER_SECOND);
  load.doors = [world.worker];
  load.start();
  const fired = new Set<string>();
  for (let second = 0; second < QUIET_SECONDS; second += 1) {
    for (const alert of await prometheus.firing()) {
      if (!fired.has(alert) && alert !== HEARTBEAT)
        say(`${alert} in second ${second}:\n${lastErrors(world)}`);
      fired.add(alert);
    }
    await pause(1_000);
  }
  await load.end();
  if (!fired.delete(HEARTBEAT)) report.wrong.push('the heartbeat is not on');
  report.wrong.push(...[...fired].map((alert) => `${alert} fired under normal load`));
}

/** What the services said last of something that went wrong. */
function lastErrors({ worker, web }: Watched): string {
  return [worker, web]
    .flatMap(({ output }) => output.split('\n').filter((line) => line.includes('"err":')))
    .slice(-MOST_ERRORS)
    .join('\n');
}

async function tried(world: Watched, prometheus: Prometheus, cause: Cause, report: Report): Promise<void> {
  try {
    await cause.strike(world);
    await fires(prometheus, report, cause);
    await cause.heal(world);
  } catch (error) {
    report.wrong.push(`${cause.what}: ${String(error)}`);
  }
}

async function third(world: Watched, prometheus: Prometheus, report: Report): Promise<void> {
  let joined;
  try {
    joined = await joinThird(world);
  } catch {
    report.left_out.push(
      'the certificate, the disk and the signature: only root on Linux with openssl can try them',
    );
    return;
  }
  try {
    prometheus.watch([world.worker, world.web, joined.service]);
    await fires(prometheus, report, {
      what: 'a certificate ends in five days',
      fires: ['ArremateCertificateEnding'],
    });
    await fires(prometheus, report, { what: 'a log on a full disk', fires: ['ArremateLogUnwritten'] });
    await joined.service.post('/webhooks/qi', { webhook_type: 'debt' });
    await fires(prometheus, report, { what: 'a webhook nobody signed', fires: ['ArremateWebhooksRefused'] });
    joined.fillDisk();
    await fires(prometheus, report, { what: 'the disk fills', fires: ['ArremateDiskFull'] });
  } finally {
    prometheus.watch([world.worker, world.web]);
    await joined.end();
  }
}

async function follower(world: Watched, prometheus: Prometheus, report: Report): Promise<void> {
  const replica = await joinReplica(world);
  try {
    prometheus.watch([world.worker, world.web, replica.service]);
    await replica.pause();
    await fires(prometheus, report, {
      what: 'the replica hears nothing new',
      fires: ['ArremateReplicaNotRead'],
    });
  } finally {
    prometheus.watch([world.worker, world.web]);
    await replica.end();
  }
}

async function fires(
  prometheus: Prometheus,
  { fired, wrong }: Report,
  { what, fires: alerts, firesWithinMs = FIRES_WITHIN_MS }: Pick<Cause, 'what' | 'fires' | 'firesWithinMs'>,
): Promise<void> {
  const begun = performance.now();
  for (const alert of alerts) {
    try {
      await waitFor(alert, async () => ((await prometheus.firing()).has(alert) ? true : undefined), {
        timeoutMs: firesWithinMs,
        everyMs: 250,
      });
      fired[alert] = { by: what, after_seconds: Math.round((performance.now() - begun) / 1_000) };
    } catch {
      wrong.push(`${alert} did not fire: ${what}`);
    }
  }
  say(`${what}: ${alerts.filter((alert) => fired[alert] !== undefined).join(', ') || 'NOTHING FIRED'}`);
}

/** Until nothing fires but what always does. */
async function calm(prometheus: Prometheus, when: string, { wrong }: Report): Promise<void> {
  await waitFor('calm', async () => ((await prometheus.firing()).size === 1 ? true : undefined), {
    timeoutMs: FIRES_WITHIN_MS,
    everyMs: 500,
  }).catch(async () => {
    wrong.push(`${[...(await prometheus.firing())].join(', ')} did not end after ${when}`);
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main();
