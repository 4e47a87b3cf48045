import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { quickDirectory } from '../support/quick-directory';
import { counts as COUNTS } from './database-network';
import { LONG, SHORT, SHORT_WITH_END, roundsIn } from './life';
import { MISSING_GUARDS } from './guards';
import { Stage } from './stage';
import { THROWAWAY_SERVER } from './simulated-database';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    hours: { type: 'string', default: '1' },
    only: { type: 'string' },
    webhooks: { type: 'string' },
    short: { type: 'boolean', default: false },
    guards: { type: 'boolean', default: false },
    log: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const realNow = performance.now.bind(performance);

async function main(): Promise<void> {
  const home = mkdtempSync(join(quickDirectory(), 'arremate-simulation-'));
  const postgres = await startEmbeddedPostgres(join(home, 'postgres'), { settings: THROWAWAY_SERVER });
  try {
    const stage = await Stage.open(postgres.url, home);
    if (values.webhooks !== undefined) {
      const begun = realNow();
      const { findings, counts } = await stage.fuzz(Number(values.seed), Number(values.webhooks), values.log);
      say(`${values.webhooks} webhooks with mistakes, seed ${values.seed}: ${findings.length} findings, ${((realNow() - begun) / 1000).toFixed(1)} s ${JSON.stringify(counts)}`);
      for (const { invariant, what } of findings.slice(0, 20)) say(`  ${invariant}: ${what}`);
      if (findings.length > 0) process.exitCode = 1;
      return;
    }
    if (values.guards) {
      for (const { name, breaks, faults, takeOut } of MISSING_GUARDS) {
        const begun = realNow();
        const back = takeOut();
        let found: string | undefined;
        let seed = 1;
        for (; seed < 6 && found === undefined; seed += 1) {
          const plan = { seed, rounds: 1, pace: SHORT_WITH_END, kinds: faults };
          const { result } = await stage.play(plan, values.log);
          found = result.findings.find(({ invariant }) => invariant === breaks)?.what;
          if (found === undefined) say(`   ${JSON.stringify(result.findings.slice(0, 3))}`);
        }
        back();
        say(`${found === undefined ? 'NOT SEEN' : `seen by seed ${seed - 1}`} ${breaks}: ${name}: ${found ?? ''} ${((realNow() - begun) / 1000).toFixed(1)} s`);
      }
      return;
    }
    for (const seed of seedsWanted()) {
      const begun = realNow();
      const plan = { seed, rounds: roundsIn(Number(values.hours)), pace: values.short ? SHORT : LONG, ...onlyFaults() };
      const { result, log } = await stage.play(plan, values.log);
      const seconds = (realNow() - begun) / 1000;
      say(`seed ${seed}: ${result.findings.length} findings, ${seconds.toFixed(1)} s, ${result.traceHash.slice(0, 16)} ${JSON.stringify(result.counts)}`);
      if (result.findings.length === 0 && process.env['TRACE'] !== 'all') continue;
      for (const { invariant, what } of result.findings.slice(0, 20)) say(`  ${invariant}: ${what}`);
      if (process.env['TRACE'] !== undefined) {
        for (const line of result.traceTail) say(`    ${line}`);
        for (const line of log.tail) process.stdout.write(`    ${line}`);
      }
      process.exitCode = 1;
    }
    await stage.close();
  } finally {
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function seedsWanted(): readonly number[] {
  const [first = 1, last = first] = (values.seeds ?? values.seed).split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function onlyFaults(): { onlyFaults?: ReadonlySet<number> } {
  if (values.only === undefined) return {};
  return { onlyFaults: new Set(values.only.split(',').filter(Boolean).map(Number)) };
}

main().then(
  () => { console.log([...(process.env['COUNT'] ? COUNTS : [])].sort((a,b)=>b[1]-a[1]).slice(0,60).map(([t,n])=>n+' '+t).join('\n')); process.exit(); },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
