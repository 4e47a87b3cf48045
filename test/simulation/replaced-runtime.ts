import { AsyncLocalStorage } from 'node:async_hooks';
import * as crypto from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  fstatSync,
  statSync,
  writeSync,
} from 'node:fs';
import * as fs from 'node:fs/promises';
import * as timers from 'node:timers/promises';
import type { Random } from '../../sandbox/random';
import type { Owner, Scheduler } from './scheduler';

/** A process that is simulated: everything that its services do runs in its name. */
export interface SimulatedOwner extends Owner {
  /** How far its wall clock is ahead of the true time. */
  readonly clockAheadMs: number;
  /** What it does by itself it does hourly. */
  readonly isResting: boolean;
  /** Something of it is done in real time, and simulated time waits for it. @returns what is called when it is done */
  holdTime(): () => void;
}

/** In whose name the present code runs; undefined outside of every simulated process. */
export const currentOwner = new AsyncLocalStorage<SimulatedOwner | undefined>();

/** Node's own, for what waits for the real world. */
export const realSetTimeout = setTimeout;

/**
 * Puts the simulated clock and the seed's choices where Node's timers, clocks and random numbers were; for the whole of
 * this program, until it ends. Real I/O may only be waited for inside an event.
 */
export function replaceRuntime(present: { scheduler: Scheduler; random: Random }): void {
  const scheduler = (): Scheduler => present.scheduler;
  replaceTimers(scheduler);
  Date.now = () => scheduler().now + (currentOwner.getStore()?.clockAheadMs ?? 0);
  performance.now = () => scheduler().now;
  Math.random = () => present.random.next();
  const modules = { crypto, timers, fs };
  set(modules.crypto, 'randomUUID', () => uuidOf(present.random));
  replaceFiles(modules.fs);
}

/** Small files are read and written at once: nothing may wait for a thread of the real world. */
function replaceFiles(target: object): void {
  const now =
    <A extends unknown[], T>(work: (...args: A) => T) =>
    (...args: A): Promise<T> =>
      Promise.resolve().then(() => work(...args));
  set(
    target,
    'statfs',
    now(() => ({ bavail: 1e9, blocks: 2e9, bsize: 4096, bfree: 1e9, files: 1, ffree: 1, type: 0 })),
  );
  set(target, 'rename', now(renameSync));
  set(target, 'mkdir', now(mkdirSync));
  set(target, 'readFile', now(readFileSync));
  set(target, 'stat', now(statSync));
  set(
    target,
    'open',
    now((path: string, flags: string, mode: number) => {
      const file = openSync(path, flags, mode);
      const write = now((text: string) => writeSync(file, text));
      return {
        writeFile: write,
        appendFile: write,
        stat: now(() => fstatSync(file)),
        read: now((buffer: Buffer, offset: number, length: number, position: number) => ({
          bytesRead: readSync(file, buffer, offset, length, position),
          buffer,
        })),
        sync: () => Promise.resolve(),
        close: now(() => {
          closeSync(file);
        }),
      };
    }),
  );
}

function replaceTimers(scheduler: () => Scheduler): void {
  const later = (ms: number, run: () => unknown): SimulatedTimer =>
    new SimulatedTimer(scheduler(), currentOwner.getStore(), ms, AsyncLocalStorage.bind(run));
  const setLater = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): SimulatedTimer =>
    later(ms, () => {
      run(...args);
    });
  set(globalThis, 'setTimeout', setLater);
  set(globalThis, 'clearTimeout', clear);
  set(globalThis, 'setInterval', (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const timer: SimulatedTimer = later(ms, () => {
      timer.refresh();
      run(...args);
    });
    return timer;
  });
  set(globalThis, 'clearInterval', clear);
  replaceImmediates(scheduler);
  set(
    timers,
    'setTimeout',
    (ms = 0, value?: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const giveUp = (): void => {
          timer.close();
          reject(signal?.reason as Error);
        };
        const timer = later(ms, () => {
          signal?.removeEventListener('abort', giveUp);
          resolve(value);
        });
        signal?.addEventListener('abort', giveUp, { once: true });
      }),
  );
}

function replaceImmediates(scheduler: () => Scheduler): void {
  const { setImmediate: atTurnsEnd } = globalThis;
  set(globalThis, 'setImmediate', (run: (...args: unknown[]) => void, ...args: unknown[]) => {
    const done = scheduler().holdTurn();
    const owner = currentOwner.getStore();
    return atTurnsEnd(() => {
      done();
      if (owner?.isDead === true) return;
      run(...args);
    });
  });
  set(timers, 'setImmediate', <T>(value: T) => new Promise<T>((resolve) => setImmediate(resolve, value)));
}

/** What setTimeout returns. */
class SimulatedTimer {
  #appointment;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly owner: SimulatedOwner | undefined,
    private readonly ms: number,
    private readonly run: () => unknown,
  ) {
    this.#appointment = scheduler.after(ms, owner, run);
  }

  close(): this {
    this.#appointment.cancel();
    return this;
  }

  refresh(): this {
    this.close();
    this.#appointment = this.scheduler.after(this.ms, this.owner, this.run);
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

function clear(timer: unknown): void {
  if (timer instanceof SimulatedTimer) timer.close();
  else realClearTimeout(timer as NodeJS.Timeout);
}
const realClearTimeout = clearTimeout;

/** Builtin modules hand their functions out one by one: whoever imports one later finds ours. */
function set(target: object, name: string, value: unknown): void {
  const real = 'default' in target && typeof target.default === 'object' ? target.default : target;
  Object.defineProperty(real ?? target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

function uuidOf(random: Random): string {
  const hex = Array.from({ length: 32 }, () => random.integer(0, 15).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
