import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../sandbox/random';
import { audit } from '../support/auditor';
import { lostWebhooks } from '../support/lost-webhooks';
import { RolloutLoad } from '../support/rollout-load';
import type { ServiceProcess } from '../support/service-process';
import { writeSection } from '../support/written-section';
import { faultsAsMarkdown, noteRun, runsOnRecord } from './faults/totals';
import { Victim } from './faults/victim';

/**
 * The longest campaign: nothing but kill -9, of two services without end and of PostgreSQL now and then, while auctions come as
 * fast as a machine that starts all the time can carry them. In rounds, each with a database of its own; after each the auditor
 * looks. Arguments: kills of services, kills of PostgreSQL, auctions a second, seed, and how long a service that has come up
 * lives at most, in milliseconds. Every run on this machine adds to what docs/reliability.md says; with 0 kills that is all.
 */
const KILLS = Number(process.argv[2] ?? 100);
const POSTGRES_KILLS = Number(process.argv[3] ?? KILLS / 10);
const PER_SECOND = Number(process.argv[4] ?? 20);
const SEED = Number(process.argv[5] ?? randomInt(1_000_000));
const LIVES_MS = { least: 0, most: Number(process.argv[6] ?? 1_500) };
const KILLS_A_ROUND = 100;
/** How many die before they are up, and when. */
const STILLBORN = 0.15;
const STARTS_FOR_MS = { least: 50, most: 900 };
const POSTGRES_AWAY_MS = 500;
const STARTS_MAX = 60;
/** What was acknowledged last may have its limit before it. */
const SETTLES_WITHIN_MS = 90_000;
/** As QI does when our answer is lost. */
const COPIED = 0.5;
/** Of what is wrong. */
const SHOWN = 20;

interface Round {
  readonly seed: string;
  readonly kills: number;
  readonly postgresKills: number;
}

async function main(): Promise<void> {
  say(`npm run chaos -- kills ${KILLS} ${POSTGRES_KILLS} ${PER_SECOND} ${SEED} ${LIVES_MS.most}`);
  const rounds = Math.ceil(KILLS / KILLS_A_ROUND);
  const share = (of: number, nth: number): number => Math.floor((of * nth) / rounds);
  for (let nth = 0; nth < rounds; nth += 1) {
    const wrong = await live({
      seed: `${SEED} ${nth}`,
      kills: share(KILLS, nth + 1) - share(KILLS, nth),
      postgresKills: share(POSTGRES_KILLS, nth + 1) - share(POSTGRES_KILLS, nth),
    });
    if (wrong.length === 0) continue;
    say(`round ${nth + 1}:\n${wrong.slice(0, SHOWN).join('\n')}`);
    process.exitCode = 1;
    break;
  }
  writeSection('docs/reliability.md', { name: 'kills', text: section() });
}

function section(): string {
  return [
    '## Nothing but kills',
    '',
    `Written by \`npm run chaos -- kills\` on ${new Date().toISOString().slice(0, 10)}; every run on this machine is added up. Two services and their`,
    'PostgreSQL are killed (-9) and started again without end, one service in seven before it is up, while auctions come and every',
    'second webhook comes twice. After a round of a hundred kills the auditor looks, and whatever was acknowledged must be applied.',
    '',
    faultsAsMarkdown(runsOnRecord('kills')),
  ].join('\n');
}

/** @returns what is wrong afterwards */
async function live({ seed, kills, postgresKills }: Round): Promise<readonly string[]> {
  const begun = performance.now();
  const random = new Random(SEED, seed);
  const victim = await Victim.start({ isSmall: false });
  const copies = new Random(SEED, `${seed} copies`);
  const load = new RolloutLoad(victim.qi, PER_SECOND, () => copies.chance(COPIED));
  load.doors = victim.services;
  const wrong: string[] = [];
  let killed = 0;
  let postgresKilled = 0;
  try {
    load.start();
    const ofServices = victim.services.map((service, at) =>
      killAgainAndAgain(service, new Random(SEED, `${seed} ${at}`), () => {
        killed += 1;
        return killed < kills;
      }),
    );
    const ofPostgres = (async (): Promise<void> => {
      for (let next = 1; next <= postgresKills; next += 1) {
        while (killed < (kills * next) / (postgresKills + 1)) await pause(50);
        victim.killPostgres();
        postgresKilled += 1;
        await pause(random.integer(0, POSTGRES_AWAY_MS));
        await victim.revivePostgres();
      }
    })();
    await Promise.all([...ofServices, ofPostgres]);
    await victim.heal();
    await load.end();
    const { lost, undecided } = await lostWebhooks(victim.sql, load, SETTLES_WITHIN_MS);
    wrong.push(...lost.map((key) => `acknowledged and not applied: ${key}`));
    wrong.push(...undecided.map((key) => `acknowledged and never decided: ${key}`));
    await audit(victim.sql, victim.qi).catch((error: unknown) => {
      wrong.push(...String(error instanceof Error ? error.message : error).split('\n'));
    });
    say(`  ${await standing(victim)}`);
  } finally {
    await victim.end();
  }
  noteRun('kills', {
    seed: SEED,
    strikes: { service_killed: killed, postgres_killed: postgresKilled },
    skipped: [],
    requests: load.requests.length,
    ends: load.ends.length,
    copies: load.copies,
    refused: load.refused.length,
    pages: Object.values(load.pages).reduce((sum, pages) => sum + pages, 0),
    bids: victim.qi.received.length,
    wrong,
  });
  say(
    `${killed} and ${postgresKilled} kills, ${load.requests.length} requests, ${victim.qi.received.length} bids, ` +
      `${load.ends.length} ends, ${load.copies} copies, ${load.refused.length} not taken and repeated, ` +
      `${wrong.length} wrong, ${Math.round((performance.now() - begun) / 1000)} s`,
  );
  return wrong;
}

/** What became of the requests: a process that dies all the time may be late, never wrong. */
async function standing({ sql }: Victim): Promise<string> {
  const { rows } = await sql.query<{ status: string; reason: string | null; n: number }>(
    `SELECT status, status_reason AS reason, count(*)::int AS n FROM auction GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 12`,
  );
  return rows
    .map(({ status, reason, n }) => `${n} ${status}${reason === null ? '' : ` (${reason})`}`)
    .join(', ');
}

/** One service is killed, started again, and killed: in its work and in its start. @param noted whether there are more to come */
async function killAgainAndAgain(
  service: ServiceProcess,
  random: Random,
  noted: () => boolean,
): Promise<void> {
  for (let goesOn = true; goesOn;) {
    await pause(random.integer(LIVES_MS.least, LIVES_MS.most));
    if (!service.isRunning) await bringUp(service);
    await service.kill();
    goesOn = noted();
    if (goesOn && random.chance(STILLBORN)) {
      const start = service.restart().catch(() => undefined);
      await pause(random.integer(STARTS_FOR_MS.least, STARTS_FOR_MS.most));
      await service.kill();
      await start;
      goesOn = noted();
    }
    await bringUp(service);
  }
}

/** As whoever keeps services running does: one that ends in its start, for its database is away, is started again. */
async function bringUp(service: ServiceProcess): Promise<void> {
  for (let start = 1; !service.isRunning; start += 1) {
    try {
      await service.restart();
    } catch (error) {
      if (start === STARTS_MAX) throw error;
      await pause(200);
    }
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main();
