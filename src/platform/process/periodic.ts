import type { Logger } from '../telemetry/logger';

interface Work {
  /** What people and metrics call it: a few words_with_underscores, the same in every process. */
  readonly name: string;
  /** From the end of one run to the beginning of the next; a function is asked after each run. */
  readonly everyMs: number | (() => number);
  /** Longer than this without a run that went well, and it is late. Else ten times its period, at least 30 s. */
  readonly lateAfterMs?: number;
  readonly run: () => Promise<unknown>;
}

/** A run that fails is followed by the next one, and told: to the log in this sentence, or to whoever says more of it. */
export type PeriodicWork = Work &
  ({ readonly logger: Logger; readonly failed: string } | { readonly onError: (error: unknown) => void });

/** A longer one would ring at once, again and again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const LATE_AFTER_PERIODS = 10;
const LATE_AFTER_AT_LEAST_MS = 30_000;

/**
 * Works of one period would all begin in the same instant for ever, each on a connection of its own: so they begin this far
 * apart, within a part of the period so small that nobody who counts on the period, a lease least of all, notices.
 */
const APART_MS = 37;
const PHASES_WITHIN = 0.1;
const LONGEST_PHASE_MS = 1_000;

/** What this process does periodically right now, for whoever watches that it is done. */
const started = new Set<Periodic>();

/** Work that is done again and again, never twice at once, until it is stopped. */
export class Periodic {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Of the end of the last run that went well, or of the start: the process's own monotonic time. */
  #lastWentWellAt = 0;
  #isWantedAgain = false;
  /** By how much the first wait is longer than the others. */
  #phaseMs = 0;

  constructor(private readonly work: PeriodicWork) {}

  /** Everything that was started in this process and not stopped. */
  static all(): ReadonlySet<Periodic> {
    return started;
  }

  /**
   * What is not done any more, longest first.
   * @param possibleForMs how long it could have been done: what only waited for the database is given a turn first
   */
  static late(possibleForMs = Infinity): readonly Periodic[] {
    return [...started]
      .filter((job) => job.isLate && possibleForMs > job.#everyMs + LATE_AFTER_AT_LEAST_MS)
      .sort((one, other) => other.quietMs - one.quietMs);
  }

  get name(): string {
    return this.work.name;
  }

  /** There is no other run after the one under way, which had better end soon. */
  get isStopping(): boolean {
    return this.#stopped;
  }

  /** Since the last run that went well; before the first one, since the start. */
  get quietMs(): number {
    return performance.now() - this.#lastWentWellAt;
  }

  get isLate(): boolean {
    const { lateAfterMs } = this.work;
    return (
      this.quietMs > (lateAfterMs ?? Math.max(LATE_AFTER_PERIODS * this.#everyMs, LATE_AFTER_AT_LEAST_MS))
    );
  }

  /** @param afterMs until the first run, or a little more: at once is at once. */
  start(afterMs = this.#everyMs): void {
    this.#phaseMs = phaseOf(started.size, this.#everyMs);
    this.#lastWentWellAt = performance.now() + afterMs;
    started.add(this);
    this.#runAfter(afterMs === 0 ? 0 : afterMs + this.#takePhase());
  }

  #takePhase(): number {
    const phase = this.#phaseMs;
    this.#phaseMs = 0;
    return phase;
  }

  /** There is something to do: runs now, or once more right after the run under way. Nothing before the start. */
  hurry(): void {
    if (this.#stopped || !started.has(this)) return;
    if (this.#running !== undefined) this.#isWantedAgain = true;
    else this.#runAfter(0);
  }

  /** Resolves once a run under way has ended; there is no other after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    started.delete(this);
    clearTimeout(this.#timer);
    await this.#running;
  }

  get #everyMs(): number {
    const { everyMs } = this.work;
    return typeof everyMs === 'number' ? everyMs : everyMs();
  }

  #runAfter(ms: number): void {
    clearTimeout(this.#timer);
    const rest = ms - LONGEST_TIMER_MS;
    this.#timer = setTimeout(
      () => {
        if (rest > 0) {
          this.#runAfter(rest);
          return;
        }
        this.#isWantedAgain = false;
        this.#running = this.#runOnce();
      },
      Math.min(ms, LONGEST_TIMER_MS),
    );
    this.#timer.unref();
  }

  async #runOnce(): Promise<void> {
    try {
      await this.work.run();
      this.#lastWentWellAt = performance.now();
    } catch (error) {
      if ('onError' in this.work) this.work.onError(error);
      else this.work.logger.error({ err: error }, this.work.failed);
    }
    this.#running = undefined;
    if (!this.#stopped) this.#runAfter(this.#isWantedAgain ? 0 : this.#everyMs + this.#takePhase());
  }
}

function phaseOf(number: number, everyMs: number): number {
  return (number * APART_MS) % Math.max(1, Math.min(everyMs * PHASES_WITHIN, LONGEST_PHASE_MS));
}
