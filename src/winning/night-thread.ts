import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PortablePolicy } from '../policy';
import type { NightFigures, NightRefusal, ObservedDay } from './domain';
import type { NightOrder } from './night-terms';

/** What the thread of a night needs to know before it gets the first days. */
export interface NightJob {
  readonly policy: PortablePolicy;
  readonly order: NightOrder;
  readonly assumptions: string;
  readonly parent: string | undefined;
}

export type NightAnswer =
  | {
      readonly kind: 'learnt';
      readonly hash: string;
      readonly text: string;
      readonly figures: NightFigures;
      readonly largestMoveBp: number;
    }
  | { readonly kind: 'refused'; readonly reason: NightRefusal };

/** The thread's word: send the next days, or this is what came of them. */
export type NightWord = { readonly kind: 'next' } | NightAnswer;

const MAX_HEAP_MB = 384;
const YOUNG_HEAP_MB = 32;

/**
 * One night's learning beside the thread that answers auctions: days go to it as it asks for them, in order.
 * @param pages of days without a gap; read only as fast as they are learnt from
 * @throws Error when the thread died of it
 */
export async function learnApart(
  job: NightJob,
  pages: AsyncIterator<readonly ObservedDay[]>,
): Promise<NightAnswer> {
  const worker = new Worker(join(process.cwd(), 'dist', 'src', 'learning-thread.js'), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (word: NightWord) => {
        if (word.kind !== 'next') resolve(word);
        else
          pages.next().then(({ done, value }) => {
            worker.postMessage(done === true ? null : value);
          }, reject);
      });
      worker.on('error', reject);
      worker.on('exit', () => {
        reject(new Error('the thread that learns ended'));
      });
    });
  } finally {
    await worker.terminate();
  }
}
