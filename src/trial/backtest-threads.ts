import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { itemAt } from '../kernel';
import type { BindingStage } from '../platform';
import type { PortablePolicy } from '../policy';
import type { StoredRow } from './backtest-page';
import type { BacktestCounts } from './domain/backtest-tally';

/** What a thread needs to know before it gets the first page. */
export interface BacktestJob {
  readonly encryptionKeys: readonly Uint8Array[];
  readonly bindingStage: BindingStage;
  readonly baseline: PortableVersion;
  readonly candidate: PortableVersion;
}

export interface PortableVersion {
  readonly version: string;
  readonly policy: PortablePolicy;
}

const MAX_THREADS = 4;
const MAX_HEAP_MB = 512;
/** Hardly anything outlives its page: with room for more of it, less is copied before it dies. */
const YOUNG_HEAP_MB = 96;

/** Decides pages beside the thread that answers auctions, on as many cores as there are, up to four. */
export class BacktestThreads {
  readonly #limit = Math.min(MAX_THREADS, availableParallelism());
  readonly #threads: Thread[] = [];
  #turn = 0;

  constructor(private readonly job: BacktestJob) {}

  /** Pages to have under way at once, so that no thread waits for the next. */
  get appetite(): number {
    return 2 * this.#limit;
  }

  /** @throws Error (rejects) when the thread died of it. */
  decide(rows: readonly StoredRow[]): Promise<BacktestCounts> {
    if (this.#threads.length < this.#limit) this.#threads.push(new Thread(this.job));
    const thread = itemAt(this.#threads, this.#turn % this.#limit);
    this.#turn += 1;
    return thread.decide(rows);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly resolve: (counts: BacktestCounts) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers come in the order of the questions. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];

  constructor(job: BacktestJob) {
    this.#worker = new Worker(join(process.cwd(), 'dist', 'src', 'backtest-thread.js'), {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    });
    this.#worker.on('message', (counts: BacktestCounts) => this.#waiting.shift()?.resolve(counts));
    this.#worker.on('error', (error) => {
      this.#fail(error);
    });
    this.#worker.on('exit', () => {
      this.#fail(new Error('the thread of the backtest ended'));
    });
  }

  decide(rows: readonly StoredRow[]): Promise<BacktestCounts> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(rows);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
