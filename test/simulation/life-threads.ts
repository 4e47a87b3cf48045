import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { GuardTried, LifeJob, LifeNews, LifePlayed } from './life-job';
import type { LifePlan } from './plan';
import { DatabaseMould } from './simulated-database';
import type { FuzzResult } from './webhook-fuzz';

/**
 * Plays each life in a thread of its own, with modules of its own: nothing that one leaves behind reaches another, so that
 * the command that is printed for it plays the same.
 */
export class LifeThreads {
  private constructor(
    private readonly server: string,
    private readonly home: string,
    private readonly mould: DatabaseMould,
  ) {}

  /** @param home a directory for what processes keep outside of the database */
  static async open(server: string, home: string): Promise<LifeThreads> {
    return new LifeThreads(server, home, await DatabaseMould.make(server));
  }

  play(plan: LifePlan, isLogKept = false): Promise<LifePlayed> {
    return this.#ask({ kind: 'life', plan }, isLogKept);
  }

  /** So many webhooks with mistakes at the door of one process. */
  fuzz(seed: number, count: number, isLogKept = false): Promise<FuzzResult> {
    return this.#ask({ kind: 'webhooks', seed, count }, isLogKept);
  }

  /**
   * Guards in one thread, all or those with these words in their names: whether a guard is missed is asked, and no more.
   *
   * @param onTried told of each as soon as it was tried: all of them take minutes
   */
  tryGuards(words: string, onTried: (guard: GuardTried) => void): Promise<void> {
    return this.#ask({ kind: 'guards', words }, false, onTried);
  }

  #ask<T>(
    work: LifeJob['work'],
    isLogKept: boolean,
    onTried: (guard: GuardTried) => void = () => undefined,
  ): Promise<T> {
    const { server, home } = this;
    const workerData: LifeJob = { server, mould: this.mould.name, home, isLogKept, work };
    return new Promise((resolve, reject) => {
      const worker = new Worker(join(__dirname, 'life-thread.js'), { workerData });
      worker.on('message', (news: LifeNews<T>) => {
        if (news.kind === 'guard tried') {
          onTried(news.guard);
          return;
        }
        resolve(news.played);
        void worker.terminate();
      });
      worker.once('error', reject);
      worker.once('exit', (code) => {
        reject(new Error(`the thread of a life ended by itself with ${code}`));
      });
    });
  }
}
