import { randomInt } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../sandbox/random';
import { audit } from '../support/auditor';
import { lostWebhooks } from '../support/lost-webhooks';
import { RolloutLoad } from '../support/rollout-load';
import { noteRun, type FaultRun } from './faults/totals';
import { FAULT_NAMES, FAULTS, type Fault, type FaultName } from './faults/faults';
import { Victim } from './faults/victim';

/**
 * Fault after fault under load, chosen by a seed: sometimes two at once. After every ten the load stops, everything heals,
 * and the auditor looks: nothing lost, never twice, never late. Arguments: faults, seed, and one fault alone.
 */
const STRIKES = Number(process.argv[2] ?? 60);
const SEED = Number(process.argv[3] ?? randomInt(1_000_000));
const ONLY = process.argv[4] as FaultName | undefined;
const PER_SECOND = 10;
const AUDITED_AFTER = 10;
/** What was acknowledged last may have its limit before it. */
const SETTLES_WITHIN_MS = 90_000;

/** While it goes on. */
type Report = { -readonly [Member in keyof FaultRun]: FaultRun[Member] } & {
  readonly skipped: string[];
  readonly wrong: string[];
};

async function main(): Promise<void> {
  if (ONLY !== undefined && !FAULT_NAMES.includes(ONLY))
    throw new Error(`there are: ${FAULT_NAMES.join(', ')}`);
  say(`npm run chaos -- faults ${STRIKES} ${SEED}${ONLY === undefined ? '' : ` ${ONLY}`}`);
  const victim = await Victim.start({ isSmall: true });
  const held = monitorEventLoopDelay({ resolution: 20 });
  held.enable();
  const report: Report = {
    seed: SEED,
    strikes: {},
    skipped: [],
    requests: 0,
    ends: 0,
    copies: 0,
    refused: 0,
    pages: 0,
    bids: 0,
    held_ms: 0,
    wrong: [],
  };
  try {
    await campaign(victim, report);
  } finally {
    await victim.heal().catch(() => undefined);
    await victim.end();
    report.bids = victim.qi.received.length;
    report.held_ms = Math.round(held.max / 1e6);
    noteRun('faults', report);
  }
  console.log(report);
  process.exitCode = report.wrong.length === 0 ? 0 : 1;
}

async function campaign(victim: Victim, report: Report): Promise<void> {
  const random = new Random(SEED, 'faults');
  const possible = FAULT_NAMES.filter((name) => {
    const why = (FAULTS[name] as Fault).impossible?.(victim);
    if (why !== undefined) report.skipped.push(`${FAULTS[name].what}: ${why}`);
    return why === undefined && (ONLY === undefined || ONLY === name);
  });
  for (const line of report.skipped) say(`left out: ${line}`);
  const copies = new Random(SEED, 'copies');
  const [first, ...others] = possible;
  if (first === undefined) return;
  for (let struck = 0; struck < STRIKES && report.wrong.length === 0; struck += AUDITED_AFTER) {
    const load = new RolloutLoad(victim.qi, PER_SECOND, () => copies.chance(0.2));
    load.doors = victim.services;
    load.start();
    for (let n = 0; n < Math.min(AUDITED_AFTER, STRIKES - struck); n += 1) {
      await pause(random.integer(200, 1_500));
      const names = new Set([random.pick([first, ...others])]);
      if (random.chance(0.2)) names.add(random.pick([first, ...others]));
      // A stream of its own for each: what one draws does not depend on how long another took.
      await Promise.allSettled(
        [...names].map((name) => strike(victim, new Random(SEED, `${struck + n} ${name}`), name, report)),
      );
      await victim.heal();
    }
    await pause(1_000);
    await load.end();
    await settle(victim, load, report);
    say(
      `${Math.min(STRIKES, struck + AUDITED_AFTER)} faults, ${report.requests} requests, ${report.wrong.length} wrong`,
    );
  }
}

async function strike(victim: Victim, random: Random, name: FaultName, { strikes }: Report): Promise<void> {
  strikes[name] = (strikes[name] ?? 0) + 1;
  await FAULTS[name].strike(victim, random);
}

/** What was acknowledged is done, or will be when its time is over; then nothing may contradict anything. */
async function settle(victim: Victim, load: RolloutLoad, report: Report): Promise<void> {
  const { lost, undecided } = await lostWebhooks(victim.sql, load, SETTLES_WITHIN_MS);
  report.wrong.push(
    ...lost.map((key) => `acknowledged and not applied: ${key}`),
    ...undecided.map((key) => `acknowledged and never decided: ${key}`),
  );
  await audit(victim.sql, victim.qi).catch((error: unknown) => {
    report.wrong.push(...String(error instanceof Error ? error.message : error).split('\n'));
  });
  report.requests += load.requests.length;
  report.ends += load.ends.length;
  report.copies += load.copies;
  report.refused += load.refused.length;
  report.pages += Object.values(load.pages).reduce((sum, pages) => sum + pages, 0);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main();
