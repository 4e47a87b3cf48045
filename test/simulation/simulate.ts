import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { quickDirectory } from '../support/quick-directory';
import { FAULT_KINDS } from './faults';
import { MISSING_GUARDS } from './guards';
import { LONG, SHORT, SHORT_WITH_END, seedsOf, type LifePlan, type LifeResult } from './life';
import { writeReport } from './report';
import { replayCommand, shrink } from './shrink';
import { THROWAWAY_SERVER } from './simulated-database';
import { Stage } from './stage';

/**
 * npm run simulate -- --seed 1 --hours 1: one life. --lives 1-20: those of so many seeds. --kinds crash,pause: faults of these kinds
 * alone. --rounds 7,9 --only 7.2: what a
 * failure prints. --short: as in npm test. --twice: the first rounds must be the same again. --webhooks 100000: webhooks with mistakes.
 * --guards: each promise seen to fail. --report: also writes docs/reliability.md.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    lives: { type: 'string' },
    hours: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    kinds: { type: 'string' },
    webhooks: { type: 'string' },
    short: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
    guards: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    log: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const realNow = performance.now.bind(performance);
const MOST_SAID = 20;
/** A missing guard may need another draw to show. */
const SEEDS_OF_A_GUARD = 5;
const ROUNDS_PLAYED_TWICE = 2;

async function main(): Promise<void> {
  const home = mkdtempSync(join(quickDirectory(), 'arremate-simulation-'));
  const postgres = await startEmbeddedPostgres(join(home, 'postgres'), { settings: THROWAWAY_SERVER });
  const stage = await Stage.open(postgres.url, home);
  try {
    if (values.guards) await tryGuards(stage);
    if (values.webhooks !== undefined) await fuzz(stage, Number(values.webhooks));
    if (!values.guards && (values.webhooks === undefined || values.rounds !== undefined))
      for (const plan of plansWanted()) await live(stage, plan);
  } finally {
    await stage.close();
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function plansWanted(): readonly LifePlan[] {
  const base = {
    pace: values.short ? SHORT : LONG,
    ...(values.kinds === undefined
      ? {}
      : { kinds: FAULT_KINDS.filter((kind) => values.kinds?.split(',').includes(kind)) }),
    ...(values.only === undefined ? {} : { onlyFaults: new Set(values.only.split(',')) }),
  };
  if (values.rounds !== undefined) return [{ ...base, seeds: numbersIn(values.rounds) }];
  return numbersIn(values.lives ?? values.seed).map((seed) => ({
    ...base,
    seeds: seedsOf(seed, Number(values.hours)),
  }));
}

/** `1-3,7` */
function numbersIn(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

async function live(stage: Stage, plan: LifePlan): Promise<void> {
  const begun = realNow();
  const { result, log } = await stage.play(plan, values.log);
  const seconds = (realNow() - begun) / 1000;
  say(
    `${plan.seeds.length} rounds from seed ${plan.seeds[0]}: ${result.findings.length} findings, ${(result.simulatedMs / 3_600_000).toFixed(2)} h in ${seconds.toFixed(1)} s, trace ${result.traceHash.slice(0, 16)}`,
  );
  say(`  ${JSON.stringify(result.counts)}`);
  if (values.report) writeReport({ life: { plan, result, seconds } });
  if (values.trace) for (const line of [...result.traceTail, ...log.tail]) say(`    ${line.trimEnd()}`);
  if (values.twice) await playTwice(stage, { ...plan, seeds: plan.seeds.slice(0, ROUNDS_PLAYED_TWICE) });
  if (result.findings.length > 0) await tell(stage, plan, result);
}

/** The same seeds give the same run, to the byte. */
async function playTwice(stage: Stage, plan: LifePlan): Promise<void> {
  const [first, again] = [await stage.play(plan), await stage.play(plan)];
  const isSame = first.result.traceHash === again.result.traceHash;
  say(isSame ? '  the same again' : '  NOT the same again');
  if (!isSame) process.exitCode = 1;
}

async function tell(stage: Stage, plan: LifePlan, result: LifeResult): Promise<void> {
  process.exitCode = 1;
  for (const { invariant, what } of result.findings.slice(0, MOST_SAID)) say(`  ${invariant}: ${what}`);
  say(`  again: ${replayCommand(plan, SHORT)}`);
  if (values.only !== undefined) return;
  const shrunk = await shrink(plan, result, async (smaller) => (await stage.play(smaller)).result);
  if (shrunk !== undefined) say(`  shrunk: ${replayCommand(shrunk.plan, SHORT)}\n    ${shrunk.finding.what}`);
}

async function fuzz(stage: Stage, count: number): Promise<void> {
  const begun = realNow();
  const { findings, counts } = await stage.fuzz(Number(values.seed), count, values.log);
  say(
    `${count} webhooks with mistakes from seed ${values.seed}: ${findings.length} findings in ${((realNow() - begun) / 1000).toFixed(1)} s\n  ${JSON.stringify(counts)}`,
  );
  if (values.report)
    writeReport({ fuzz: { seed: Number(values.seed), count, findings: findings.length, counts } });
  for (const { what } of findings.slice(0, MOST_SAID)) say(`  ${what}`);
  if (findings.length > 0) process.exitCode = 1;
}

async function tryGuards(stage: Stage): Promise<void> {
  for (const { name, breaks, faults, takeOut, pace = SHORT_WITH_END } of MISSING_GUARDS) {
    const putBack = takeOut();
    let seenBy: number | undefined;
    for (let seed = 1; seed <= SEEDS_OF_A_GUARD && seenBy === undefined; seed += 1) {
      const { result } = await stage.play({ seeds: [seed * 1_000], pace, kinds: faults });
      if (result.findings.some(({ invariant }) => invariant === breaks)) seenBy = seed * 1_000;
    }
    putBack();
    say(`${seenBy === undefined ? 'NOT SEEN' : `seen in round ${seenBy}`}: ${breaks}: ${name}`);
    if (values.report) writeReport({ guard: { name, breaks, seenBy: seenBy ?? null } });
    if (seenBy === undefined) process.exitCode = 1;
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
