/**
 * npm run bench -- policy: evaluations a second, one at a time in one process, of the same eight rules and the same
 * thirty rows with five inputs, by our engine and by three others. Every engine's answers to a thousand generated
 * requests are held against answers worked out by hand-written code.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import {
  answerByHand,
  BLOCKED_EMPLOYERS,
  cel,
  jsonRulesEngine,
  ours,
  zen,
  type Application,
  type Candidate,
} from './policy-candidates';

const REQUESTS = 1000;
/** Engines take turns, and the best turn of each counts: a busy machine slows them alike. */
const ROUNDS = 4;
const ROUND_MS = 1000;

/** A small generator with a seed: the same requests in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function applications(): readonly Application[] {
  const draw = seeded(20_260_818);
  const pick = <T>(values: readonly T[], otherwise: T): T => values[draw(values.length)] ?? otherwise;
  return Array.from({ length: REQUESTS }, () => ({
    age: 16 + draw(60),
    ageAtEnd: 18 + draw(60),
    tenure: draw(120),
    employer: draw(10) === 0 ? pick(BLOCKED_EMPLOYERS, '') : String(20_000_000 + draw(1000)),
    leaves: Array.from({ length: draw(3) }, () => pick(['01', '03', '15', '17'], '15')),
    exposition: pick(['not_exposed', 'not_exposed', 'not_exposed', 'former', 'exposed'], 'exposed'),
    amount: (30_000 + draw(3_200_000)) / 100,
    term: 1 + draw(48),
    ratio: draw(110) / 100,
    eligible: draw(20) !== 0,
  }));
}

async function differences(candidate: Candidate, requests: readonly Application[]): Promise<number> {
  const answers = await candidate.answerAll(requests);
  return requests.filter((one, at) => JSON.stringify(answers[at]) !== JSON.stringify(answerByHand(one)))
    .length;
}

async function perSecond(candidate: Candidate, requests: readonly Application[]): Promise<number> {
  const start = performance.now();
  let evaluations = 0;
  while (performance.now() < start + ROUND_MS) {
    await candidate.answerAll(requests);
    evaluations += requests.length;
  }
  return (evaluations * 1000) / (performance.now() - start);
}

async function main(): Promise<void> {
  const requests = applications();
  const candidates = [ours(), cel(), zen(false), zen(true), jsonRulesEngine()];
  const best = new Map<Candidate, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const candidate of candidates) {
      best.set(candidate, Math.max(best.get(candidate) ?? 0, await perSecond(candidate, requests)));
    }
  }
  const results: { engine: string; per_second: number; differences: number }[] = [];
  for (const candidate of candidates) {
    results.push({
      engine: candidate.name,
      differences: await differences(candidate, requests),
      per_second: Math.round(best.get(candidate) ?? 0),
    });
  }
  const rate = (name: string) => results.find(({ engine }) => engine.startsWith(name))?.per_second ?? 0;
  const rival = Math.max(rate('@gorules/zen-engine (its trace)'), rate('json-rules-engine'));
  const times = rate('Arremate') / rival;

  console.log(
    `8 rules, 30 rows x 5 inputs, ${String(REQUESTS)} requests, Node ${process.version}, ${cpus()[0]?.model ?? ''}`,
  );
  console.table(
    results.map(({ engine, per_second: perSec, differences: wrong }) => ({
      engine,
      'evaluations/s': perSec.toLocaleString('en'),
      'answers that differ': wrong,
      'Arremate is': `${(rate('Arremate') / perSec).toFixed(1)}x`,
    })),
  );
  console.log(
    `${times.toFixed(0)} times the better of zen-engine and json-rules-engine, each with its own trace (goal: 20).`,
  );
  const reports = join(process.cwd(), '.data', 'reports');
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, 'policy.json'), `${JSON.stringify({ results, times_best: times }, null, 2)}\n`);
  if (results.some((result) => result.differences > 0)) process.exitCode = 1;
}

void main();
