import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { whenAbandoned } from '../../launcher/abandoned';
import { startThrowawayPostgres } from '../support/throwaway-postgres';
import { FAULT_KINDS } from './faults';
import type { LifeResult } from './life';
import { LifeThreads } from './life-threads';
import { LONG, SHORT, seedsOf, WITH_RESTS, type LifePlan } from './plan';
import { writeReport } from './report';
import { replayCommand, shrink } from './shrink';
import { THROWAWAY_SERVER } from './simulated-database';

/**
 * npm run simulate -- --seed 1 --hours 1: one life. --lives 1-20: those of so many seeds, --at-once 2 side by side. --kinds crash,pause:
 * faults of these kinds alone. --rests: hours of rest lie between the rounds, so that --hours 8760 is lived through. --rounds 7,9 --only 7.2: what a failure prints. --short: as in npm test. --twice: the first rounds must be the same again. --webhooks 100000: webhooks with mistakes.
 * --guards: each promise seen to fail; --guard WORDS: those in whose names these words stand. --report: also writes docs/reliability.md.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    lives: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
    hours: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    kinds: { type: 'string' },
    webhooks: { type: 'string' },
    short: { type: 'boolean', default: false },
    rests: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
    guards: { type: 'boolean', default: false },
    guard: { type: 'string' },
    report: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    log: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const MOST_SAID = 20;
const ROUNDS_PLAYED_TWICE = 3;

async function main(): Promise<void> {
  const postgres = await startThrowawayPostgres('arremate-simulation', THROWAWAY_SERVER);
  endWithUs(() => postgres.remove());
  try {
    const lives = await LifeThreads.open(postgres.url, postgres.home);
    if (values.guards || values.guard !== undefined) await tryGuards(lives);
    if (values.webhooks !== undefined) await fuzz(lives, Number(values.webhooks));
    const wantsNoLife = values.guards || values.guard !== undefined || values.webhooks !== undefined;
    if (values.rounds !== undefined || !wantsNoLife)
      await liveAll(lives, [...plansWanted()], Number(values['at-once']));
  } finally {
    await postgres.remove();
  }
}

/** Whoever ends us before we are done is not left with a server that runs. */
function endWithUs(clearAway: () => Promise<void>): void {
  const end = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void => {
    void clearAway().finally(() => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  whenAbandoned(() => {
    end('SIGHUP');
  });
}

function plansWanted(): readonly LifePlan[] {
  const pace = values.short ? SHORT : values.rests ? WITH_RESTS : LONG;
  const base = {
    pace,
    ...(values.kinds === undefined
      ? {}
      : { kinds: FAULT_KINDS.filter((kind) => values.kinds?.split(',').includes(kind)) }),
    ...(values.only === undefined ? {} : { onlyFaults: new Set(values.only.split(',')) }),
  };
  if (values.rounds !== undefined) return [{ ...base, seeds: numbersIn(values.rounds) }];
  return numbersIn(values.lives ?? values.seed).map((seed) => ({
    ...base,
    seeds: seedsOf(seed, Number(values.hours), pace),
  }));
}

/** `1-3,7` */
function numbersIn(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** A life is the same whatever is lived beside it: it has a thread and a database of its own. */
async function liveAll(lives: LifeThreads, plans: LifePlan[], atOnce: number): Promise<void> {
  const one = async (): Promise<void> => {
    for (let plan = plans.shift(); plan !== undefined; plan = plans.shift()) await live(lives, plan);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

async function live(lives: LifeThreads, plan: LifePlan): Promise<void> {
  const begun = performance.now();
  const { result, log } = await lives.play(plan, values.log);
  const seconds = (performance.now() - begun) / 1000;
  say(
    `${plan.seeds.length} rounds from seed ${plan.seeds[0]}: ${result.findings.length} findings, ${(result.simulatedMs / 3_600_000).toFixed(2)} h in ${seconds.toFixed(1)} s, trace ${result.traceHash.slice(0, 16)}`,
  );
  say(`  ${JSON.stringify(result.counts)}`);
  if (values.report) writeReport({ life: { result, seconds } });
  if (values.trace) for (const line of [...result.traceTail, ...log]) say(`    ${line.trimEnd()}`);
  if (values.twice) await playAgain(lives, plan, result);
  if (result.findings.length > 0) await tell(lives, plan, result);
}

/** The same seeds give the same life, to the byte. */
async function playAgain(lives: LifeThreads, plan: LifePlan, { roundHashes }: LifeResult): Promise<void> {
  const first = { ...plan, seeds: plan.seeds.slice(0, ROUNDS_PLAYED_TWICE) };
  const { result } = await lives.play(first);
  const isSame = result.roundHashes.every((hash, round) => hash === roundHashes[round]);
  say(isSame ? '  the same again' : '  NOT the same again');
  if (!isSame) process.exitCode = 1;
}

async function tell(lives: LifeThreads, plan: LifePlan, result: LifeResult): Promise<void> {
  process.exitCode = 1;
  for (const { invariant, what } of result.findings.slice(0, MOST_SAID)) say(`  ${invariant}: ${what}`);
  const played = { ...plan, seeds: plan.seeds.slice(0, result.playedRounds) };
  say(`  again: ${replayCommand(played)}`);
  if (values.only !== undefined) return;
  const shrunk = await shrink(plan, result, async (smaller) => (await lives.play(smaller)).result);
  if (shrunk !== undefined) say(`  shrunk: ${replayCommand(shrunk.plan)}\n    ${shrunk.finding.what}`);
}

async function fuzz(lives: LifeThreads, count: number): Promise<void> {
  const begun = performance.now();
  const { findings, counts } = await lives.fuzz(Number(values.seed), count, values.log);
  say(
    `${count} webhooks with mistakes from seed ${values.seed}: ${findings.length} findings in ${((performance.now() - begun) / 1000).toFixed(1)} s\n  ${JSON.stringify(counts)}`,
  );
  if (values.report)
    writeReport({ fuzz: { seed: Number(values.seed), count, findings: findings.length, counts } });
  for (const { what } of findings.slice(0, MOST_SAID)) say(`  ${what}`);
  if (findings.length > 0) process.exitCode = 1;
}

async function tryGuards(lives: LifeThreads): Promise<void> {
  await lives.tryGuards(values.guard ?? '', (guard) => {
    const { name, breaks, seenBy } = guard;
    say(`${seenBy === null ? 'NOT SEEN' : `seen in round ${seenBy}`}: ${breaks}: ${name}`);
    if (values.report) writeReport({ guard });
    if (seenBy === null) process.exitCode = 1;
  });
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
