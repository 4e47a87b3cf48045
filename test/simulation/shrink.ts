import type { Finding } from './auditor';
import type { LifeResult } from './life';
import type { LifePlan } from './plan';

const MOST_TRIES = 40;

export interface Shrunk {
  readonly plan: LifePlan;
  readonly finding: Finding;
}

/**
 * Less that still breaks the same promise: the round that fails alone, or with as few before it as will do; then faults
 * left out, first by halves.
 */
export async function shrink(
  plan: LifePlan,
  failed: LifeResult,
  play: (plan: LifePlan) => Promise<LifeResult>,
): Promise<Shrunk | undefined> {
  const [finding] = failed.findings;
  if (finding === undefined) return undefined;
  let tries = 0;
  let best: Shrunk = { plan, finding };
  let names = failed.faults.map(({ name }) => name);
  const stillFails = async (smaller: LifePlan): Promise<boolean> => {
    tries += 1;
    if (tries > MOST_TRIES) return false;
    const { findings } = await play(smaller);
    const same = findings.find(({ invariant }) => invariant === finding.invariant);
    if (same !== undefined) best = { plan: smaller, finding: same };
    return same !== undefined;
  };
  const played = plan.seeds.slice(0, failed.playedRounds);
  for (const last of [1, 2, 4, 8])
    if (last < played.length && (await stillFails({ ...plan, seeds: played.slice(-last) }))) break;
  const ofRounds = new Set(best.plan.seeds.map(String));
  names = names.filter((name) => ofRounds.has(name.split('.')[0] ?? ''));
  for (let size = Math.ceil(names.length / 2); size >= 1 && names.length > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < names.length;) {
      const fewer = names.filter((_, index) => index < at || index >= at + size);
      if (await stillFails({ ...best.plan, onlyFaults: new Set(fewer) })) names = fewer;
      else at += size;
    }
  }
  return best;
}

/** What plays it again. */
export function replayCommand({ seeds, pace, kinds, onlyFaults }: LifePlan): string {
  const parts = [`npm run simulate -- --rounds ${seeds.join(',')}`];
  if (pace.flag !== '') parts.push(pace.flag);
  if (kinds !== undefined) parts.push(`--kinds ${kinds.join(',')}`);
  if (onlyFaults !== undefined) parts.push(`--only ${[...onlyFaults].join(',') || 'none'}`);
  return parts.join(' ');
}
