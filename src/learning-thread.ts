import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { readProgrammeTerms } from './auction/programme-terms';
import { SharedRules } from './policy/domain';
import { compilePortable } from './policy/portable-policy';
import { loadReferenceData } from './policy/reference-data';
import { PricingContext } from './pricing/domain';
import { readPricingData } from './pricing/pricing-data';
import { Night, type ObservedDay } from './winning/domain';
import { documentOf } from './winning/night-document';
import { nightTerms } from './winning/night-terms';
import type { NightAnswer, NightJob, NightWord } from './winning/night-thread';

// Files, not modules: a thread starts in a fifth of the time without the framework behind their front doors.
/** The thread of a night's learning: asks for days, answers with a version or why there is none. */
const job = workerData as NightJob;
// Auctions come first. Only on Linux does this mean the thread and not the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const config = join(process.cwd(), 'config');
const world = {
  pricing: new PricingContext(readPricingData(config)),
  programme: readProgrammeTerms(join(config, 'programme.json')),
  caps: loadReferenceData(config).caps.private_payroll,
};
const policy = compilePortable(job.policy, new SharedRules());
const { learning } = policy;
if (learning === undefined) throw new Error('the policy lets nothing be learnt');
const night = new Night(nightTerms(policy, learning, world, job.order));

function answer(): NightAnswer {
  const result = night.finish();
  if (result.kind === 'refused' || learning === undefined)
    return { kind: 'refused', reason: result.kind === 'refused' ? result.reason : 'NO_ROOM' };
  const { hash, text } = documentOf(result, learning, {
    policy: policy.hash,
    assumptions: job.assumptions,
    parent: job.parent,
    trainedThrough: job.order.through,
  });
  return { kind: 'learnt', hash, text, figures: result.figures, largestMoveBp: result.largestMoveBp };
}

function say(word: NightWord): void {
  parentPort?.postMessage(word);
}

parentPort?.on('message', (days: readonly ObservedDay[] | null) => {
  if (days === null) {
    say(answer());
    return;
  }
  for (const day of days) night.day(day);
  say({ kind: 'next' });
});
say({ kind: 'next' });
