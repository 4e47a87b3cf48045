import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ProblemException, SETTINGS, type EngineSettings } from '../../platform';
import type { SheetAnswer, SheetJob } from './sheet-job';

const YOUNG_HEAP_MB = 16;
const RETRY_AFTER_SECONDS = 5;

/**
 * Reads files that people send, each in a thread of its own, which ends with it: what one file does to its thread, no
 * other file and no auction feels. So many at once, a short queue behind them, and no more.
 */
@Injectable()
export class SheetThreads implements OnModuleDestroy {
  readonly #limits: EngineSettings['uploads'];
  readonly #running = new Set<Worker>();
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(@Inject(SETTINGS) { engine }: { readonly engine: Pick<EngineSettings, 'uploads'> }) {
    this.#limits = engine.uploads;
  }

  /**
   * @param body is read only as fast as the thread takes it
   * @throws ProblemException 503 when too many wait already; Error when the body broke off
   */
  async read(job: SheetJob, body: Readable): Promise<SheetAnswer> {
    await this.#turn();
    try {
      return await this.#readNow(job, body);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.#running].map((worker) => worker.terminate()));
  }

  /** Whoever ends hands the turn on. */
  async #turn(): Promise<void> {
    if (this.#taken < this.#limits.at_once) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.length >= this.#limits.waiting_max) throw busy();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #readNow(job: SheetJob, body: Readable): Promise<SheetAnswer> {
    const worker = new Worker(join(process.cwd(), 'dist', 'src', 'sheet-thread.js'), {
      workerData: job,
      resourceLimits: {
        maxOldGenerationSizeMb: this.#limits.max_heap_mb,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
      },
    });
    this.#running.add(worker);
    const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    try {
      return await this.#conversation(worker, pieces);
    } finally {
      this.#running.delete(worker);
      await worker.terminate();
      void drain(pieces);
    }
  }

  /** The thread asks for piece after piece, and answers. */
  #conversation(worker: Worker, pieces: AsyncIterator<Uint8Array>): Promise<SheetAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        resolve(refusedAs(`a planilha não foi lida em ${String(this.#limits.max_seconds)} s`));
      }, this.#limits.max_seconds * 1_000);
      const over = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer);
          settle(value);
        };
      };
      worker.on('message', (answer: SheetAnswer | null) => {
        if (answer !== null) over(resolve)(answer);
        else
          pieces.next().then(({ done, value }) => {
            worker.postMessage(done === true ? null : value);
          }, over(reject));
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') over(resolve)(refusedAs('a planilha é grande demais'));
        else over(reject)(error);
      });
      worker.on('exit', () => {
        over(reject)(new Error('the thread that read a sheet ended'));
      });
    });
  }
}

function busy(): ProblemException {
  const title = 'Há planilhas demais sendo lidas agora; tente de novo em alguns segundos';
  return new ProblemException(503, { type: 'busy', title }, { 'retry-after': String(RETRY_AFTER_SECONDS) });
}

/** What comes after the answer is known; a connection is cut only by whoever is at its other end, or its time-out. */
async function drain(pieces: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while ((await pieces.next()).done !== true);
  } catch {
    // It broke off, which is an end too.
  }
}

function refusedAs(reason: string): SheetAnswer {
  return { kind: 'refused', place: '', reason };
}
