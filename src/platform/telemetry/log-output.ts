import { write, writeSync } from 'node:fs';

export const STANDARD_OUTPUT = 1;
export const STANDARD_ERROR = 2;

/** Characters: what a busy process says within some minutes. */
const MOST_WAITING = 8 * 1024 * 1024;
const TRIES_AGAIN_AFTER_MS = 100;
/** A pipe that nobody reads: one more write would wait there for ever. */
const HELD_AFTER_SECONDS = 1;
const NOTHING: Buffer = Buffer.alloc(0);
/** The other side is slow: it will take it. */
const BUSY = ['EAGAIN', 'EBUSY'];

/**
 * Where the log goes, and lines for people. What cannot be written waits and is tried again; of what is too much to wait, only the number
 * is kept. It holds nobody up: neither who logs nor the end of the process, as pino's own does on a full disk, and standard output on a
 * terminal that takes no more.
 */
export class LogOutput {
  /** Those whose writes are under way. */
  static readonly #writing = new Set<LogOutput>();
  /** Being written, or refused and tried again soon. */
  #inHand = NOTHING;
  #waiting = '';
  #state: 'idle' | 'writing' | 'refused' = 'idle';
  #lost = 0;
  /** Of the line that is in hand, on this process's steady clock. */
  #inHandSince = 0;
  #isRefusalTold = false;

  constructor(
    private readonly fd: number,
    private readonly on: {
      /** Told, once it takes lines again, how many were lost. */
      readonly lost: (lines: number) => void;
      /** Told of the first of the tries that it refused. */
      readonly refused?: (error: Error) => void;
    },
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  /** Writes that are under way and come back, as far as it is known. */
  static get underWay(): number {
    return [...LogOutput.#writing].filter(({ isHeld }) => !isHeld).length;
  }

  /** For how long it has taken nothing of what it was given. */
  get unwrittenSeconds(): number {
    return this.#state === 'idle' ? 0 : (performance.now() - this.#inHandSince) / 1_000;
  }

  /** Whether a write does not come back: one more would wait there for ever, and so does the end of the process. */
  get isHeld(): boolean {
    return this.#state === 'writing' && this.unwrittenSeconds > HELD_AFTER_SECONDS;
  }

  write(line: string): void {
    if (this.#waiting.length + line.length > this.mostWaiting) this.#lost += 1;
    else this.#waiting += line;
    if (this.#state === 'idle') this.#writeOn();
  }

  /** At the end of the process: what it takes at once. */
  flushSync(): void {
    if (this.isHeld) return;
    const refused = this.#state === 'writing' ? NOTHING : this.#inHand;
    let rest = Buffer.concat([refused, Buffer.from(this.#waiting)]);
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.fd, rest));
    } catch {
      // There is nobody left to tell.
    }
  }

  #writeOn(): void {
    if (this.#inHand.length === 0) {
      this.#inHand = Buffer.from(this.#waiting);
      this.#waiting = '';
      this.#inHandSince = performance.now();
    }
    this.#state = this.#inHand.length === 0 ? 'idle' : 'writing';
    if (this.#state === 'idle') return;
    LogOutput.#writing.add(this);
    write(this.fd, this.#inHand, (error, written) => {
      LogOutput.#writing.delete(this);
      if (error === null) this.#wrote(written);
      else this.#refuse(error);
    });
  }

  #wrote(bytes: number): void {
    this.#inHand = this.#inHand.subarray(bytes);
    this.#inHandSince = performance.now();
    this.#isRefusalTold = false;
    const lost = this.#lost;
    this.#lost = 0;
    this.#writeOn();
    if (lost > 0) this.on.lost(lost);
  }

  #refuse(error: NodeJS.ErrnoException): void {
    this.#state = 'refused';
    if (!BUSY.includes(error.code ?? '') && !this.#isRefusalTold) {
      this.#isRefusalTold = true;
      this.on.refused?.(error);
    }
    setTimeout(() => {
      this.#writeOn();
    }, TRIES_AGAIN_AFTER_MS).unref();
  }
}
