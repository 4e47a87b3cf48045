import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { MISSING_GUARDS, type MissingGuard } from './guards';
import type { GuardTried, LifeJob, LifeNews, LifePlayed } from './life-job';
import { SHORT } from './plan';
import { DatabaseMould } from './simulated-database';
import { Stage } from './stage';
import type { FuzzResult } from './webhook-fuzz';

/** A missing guard may need another draw to show. */
const SEEDS_OF_A_GUARD = 60;

async function play(
  stage: Stage,
  { work, isLogKept }: LifeJob,
): Promise<LifePlayed | FuzzResult | undefined> {
  switch (work.kind) {
    case 'life': {
      const { result, log } = await stage.play(work.plan, isLogKept);
      return { result, log: log.tail };
    }
    case 'webhooks':
      return stage.fuzz(work.seed, work.count, isLogKept);
    case 'guards': {
      const guards = MISSING_GUARDS.filter(({ name }) => name.includes(work.words));
      for (const guard of guards) tell({ kind: 'guard tried', guard: await tryGuard(stage, guard) });
      return;
    }
  }
}

async function tryGuard(
  stage: Stage,
  { name, breaks, faults, pace = SHORT, rounds = 1, takeOut }: MissingGuard,
): Promise<GuardTried> {
  const putBack = takeOut();
  let seenBy: number | null = null;
  for (let seed = 1; seed <= SEEDS_OF_A_GUARD && seenBy === null; seed += 1) {
    const seeds = Array.from({ length: rounds }, (_, round) => seed + round);
    const { result } = await stage.play({ seeds, pace, kinds: faults });
    if (result.findings.some(({ invariant }) => invariant === breaks)) seenBy = seed;
  }
  putBack();
  return { name, breaks, seenBy };
}

function tell(news: LifeNews<Awaited<ReturnType<typeof play>>>): void {
  parentPort?.postMessage(news);
}

const job = workerData as LifeJob;
void play(new Stage(new DatabaseMould(job.server, job.mould), job.home), job).then((played) => {
  tell({ kind: 'played', played });
});
