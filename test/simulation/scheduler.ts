import { createHash } from 'node:crypto';

/** Whose work an event is: one that is dead is never run again, one that stands still is run when it wakes. */
export interface Owner {
  readonly name: string;
  readonly isDead: boolean;
  /** Simulated time until which it stands still. */
  readonly standsStillUntil: number;
}

export interface Appointment {
  cancel(): void;
}

interface Event {
  at: number;
  order: number;
  readonly owner: Owner | undefined;
  readonly run: () => unknown;
  /** Time waits until it has ended: it waits for the real world. */
  readonly isAlone: boolean;
  isCancelled: boolean;
}

const nextTurn = setImmediate;
/** Turns of Node's own loop without anything left to do, before nothing is expected any more. */
const QUIET_TURNS = 2;
const STEP_MS = 20;

/**
 * Time that stands still while anything is being done, and then leaps to the next event. Events happen one after the
 * other: what runs at once in life is run here in an order that the seed has chosen, and is run so again.
 */
export class Scheduler {
  #now: number;
  #order = 0;
  #immediates = 0;
  /** A heap by time, then by the order of their making. */
  readonly #events: Event[] = [];
  readonly #trace = createHash('sha256');
  readonly #tail: string[] = [];
  traced = 0;

  constructor(
    begin: Date,
    private readonly tailLines = 4000,
  ) {
    this.#now = begin.getTime();
  }

  get now(): number {
    return this.#now;
  }

  after(ms: number, owner: Owner | undefined, run: () => unknown): Appointment {
    return this.#add(ms, owner, run, false);
  }

  /** The same for what waits for the real world: nothing else happens until it has ended. */
  alone(ms: number, owner: Owner | undefined, run: () => Promise<unknown> | undefined): Appointment {
    return this.#add(ms, owner, run, true);
  }

  #add(ms: number, owner: Owner | undefined, run: () => unknown, isAlone: boolean): Appointment {
    this.#order += 1;
    const event = {
      at: this.#now + Math.max(0, ms),
      order: this.#order,
      owner,
      run,
      isAlone,
      isCancelled: false,
    };
    this.#push(event);
    return {
      cancel: () => {
        event.isCancelled = true;
      },
    };
  }

  /** Behind what was due before it; and the same event, for whoever cancels it when its owner wakes. */
  #putOff(event: Event, until: number): void {
    this.#order += 1;
    event.at = until;
    event.order = this.#order;
    this.#push(event);
  }

  wait(ms: number, owner?: Owner): Promise<void> {
    return new Promise((resolve) => this.after(ms, owner, resolve));
  }

  /** Something was put off to the end of this turn of Node's loop: time waits for it. @returns what is called when it is done */
  holdTurn(): () => void {
    this.#immediates += 1;
    return () => {
      this.#immediates -= 1;
    };
  }

  /** Notes what happened. Nothing that differs from run to run may stand in it. */
  trace(line: string): void {
    this.traced += 1;
    const full = `${this.#now} ${line}`;
    this.#trace.update(`${full}\n`);
    this.#tail.push(full);
    if (this.#tail.length > this.tailLines * 2) this.#tail.splice(0, this.tailLines);
  }

  get traceHash(): string {
    return this.#trace.copy().digest('hex');
  }

  get traceTail(): readonly string[] {
    return this.#tail.slice(-this.tailLines);
  }

  /** Plays all events up to that moment, which is now then. */
  async runUntil(end: number): Promise<void> {
    await this.settle();
    for (let first = this.#events[0]; first !== undefined && first.at <= end; first = this.#events[0]) {
      this.#pop();
      if (first.isCancelled || first.owner?.isDead === true) continue;
      if (first.owner !== undefined && first.owner.standsStillUntil > first.at) {
        this.#putOff(first, first.owner.standsStillUntil);
        continue;
      }
      this.#now = Math.max(this.#now, first.at);
      const ended = first.run();
      if (first.isAlone) await ended;
      await this.settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Plays until the work is done. @throws Error when it is not by then */
  async runWhile(work: Promise<unknown>, what: string, atMostMs = 600_000): Promise<void> {
    const state = { isDone: false };
    const done = work.finally(() => (state.isDone = true));
    done.catch(() => undefined);
    const end = this.#now + atMostMs;
    await this.settle();
    while (!state.isDone && this.#now < end) await this.runUntil(this.#now + STEP_MS);
    if (!state.isDone) throw new Error(`${what}: not done within ${atMostMs} simulated ms`);
    await done;
  }

  /** Until nothing more happens at this moment. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      await new Promise<void>((resolve) => nextTurn(resolve));
      quiet = this.#immediates === 0 ? quiet + 1 : 0;
    }
  }

  #push(event: Event): void {
    const heap = this.#events;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at], heap[parent])) return;
      swap(heap, at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#events;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isBefore(heap[child], heap[least])) least = child;
      if (least === at) return;
      swap(heap, at, least);
      at = least;
    }
  }
}

function isBefore(a: Event | undefined, b: Event | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function swap(heap: Event[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}
