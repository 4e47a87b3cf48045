import type { Random } from '../../sandbox/random';
import type { DatabaseLine } from './database-line';
import { realSetTimeout, type SimulatedOwner } from './replaced-runtime';
import type { Scheduler } from './scheduler';
import type { Queries } from './simulated-database';

/** How one process reaches the database now. */
export interface DatabaseWeather {
  /** cut: connections end and none can be made. silent: nothing is answered. */
  way: 'open' | 'cut' | 'silent';
  /** Added to each way of a statement. */
  slowMs: number;
  /** What happens to the statements from now on: to the nth one. */
  readonly planned: PlannedFault[];
}

export interface PlannedFault {
  /** How many statements of this process pass before it. */
  after: number;
  /** Looks are passed over: only what changes something counts. */
  readonly besideWrites: boolean;
  /**
   * before: it never reaches the database. after: it does its work and nobody hears of it. in_transaction: after the first
   * that leaves a transaction open, and its connection with it.
   */
  readonly moment: 'before' | 'after' | 'in_transaction';
  readonly strike: (line: DatabaseLine) => void | Promise<void>;
}

/** A statement that has taken longer is asked whether it waits for a lock. */
const LOOK_AFTER_MS = 15;
/** Of what was said while nothing was answered, so much comes when things are better: the network had kept it. */
const KEPT = 0.5;
const UP_MS = [0.05, 0.6] as const;
const DOWN_MS = [0.05, 0.6] as const;
/** One statement in so many takes long, as with a disk that is busy. */
const SLOW_ONE_IN = 60;
const SLOW_MS = [5, 80] as const;

/**
 * Between the simulated processes and the one real PostgreSQL. Statements reach it one at a time, in the order of the
 * simulated network, each at its simulated moment; one that has to wait for a lock is left there until the lock is free.
 */
export class DatabaseNetwork {
  readonly #lines = new Set<DatabaseLine>();
  readonly #blocked: DatabaseLine[] = [];
  statements = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    private readonly admin: Queries,
    private readonly weatherOf: (owner: SimulatedOwner) => DatabaseWeather,
  ) {}

  open(line: DatabaseLine, dial: () => Promise<void>): void {
    this.scheduler.alone(this.#draw(UP_MS), line.owner, () => {
      if (line.destroyed) return undefined;
      const { way } = this.weatherOf(line.owner);
      if (way === 'silent') return undefined;
      if (way === 'cut') {
        line.break();
        return undefined;
      }
      this.#lines.add(line);
      return dial();
    });
  }

  forget(line: DatabaseLine): void {
    this.#lines.delete(line);
  }

  linesOf(owner: SimulatedOwner): readonly DatabaseLine[] {
    return [...this.#lines].filter((line) => line.owner === owner);
  }

  /** One request and its answer. */
  carry(line: DatabaseLine, request: Buffer): void {
    const weather = this.weatherOf(line.owner);
    const slow = this.random.integer(1, SLOW_ONE_IN) === 1 ? this.#draw(SLOW_MS) : 0;
    const upMs = this.#draw(UP_MS) + weather.slowMs + slow;
    line.onItsWay += 1;
    this.scheduler.alone(upMs, undefined, () => this.#arrive(line, request));
  }

  /** As a good network again: where something was lost, the connection ends. */
  heal(owner: SimulatedOwner): void {
    for (const line of this.linesOf(owner)) {
      const kept = line.kept.splice(0);
      if (line.hasLost) line.break();
      else
        for (const request of kept)
          this.scheduler.alone(this.#draw(UP_MS), undefined, () => this.#arrive(line, request));
    }
  }

  /** Everything that a process that ended held is given up before time goes on. */
  async abandon(owner: SimulatedOwner): Promise<void> {
    const lines = this.linesOf(owner);
    for (const line of lines) {
      line.vanish();
      this.forget(line);
    }
    await this.#end(lines);
  }

  async #arrive(line: DatabaseLine, request: Buffer): Promise<void> {
    if (!this.#lines.has(line)) return;
    const weather = this.weatherOf(line.owner);
    if (weather.way === 'silent' && !line.hasLost && this.random.next() < KEPT) {
      line.kept.push(request);
      return;
    }
    line.onItsWay -= 1;
    if (weather.way !== 'open') {
      line.hasLost = true;
      if (line.destroyed) await this.#hangUp(line);
      return;
    }
    if (line.destroyed) {
      await this.#doUnheard(line, request);
      return;
    }
    const fault = this.#faultOf(weather, request);
    if (fault?.moment === 'before') {
      await fault.strike(line);
      await this.#end([line]);
      return;
    }
    this.statements += 1;
    const heard = line.say(request, this.#clockMessage());
    const isBlocked = await this.#untilHeardOrBlocked(line, heard);
    if (fault?.moment === 'after') {
      await fault.strike(line);
      await this.#end([line]);
    } else if (isBlocked) {
      this.#blocked.push(line);
      this.scheduler.trace(`${line.owner.name} waits for a lock`);
    } else this.#answer(line);
    if (fault?.moment === 'in_transaction') {
      if (line.isInTransaction) await fault.strike(line);
      else weather.planned.push(fault);
    }
    await this.#releaseBlocked();
  }

  /** Whoever asked has given it up and hung up meanwhile; the server finds out when it has done it. */
  async #doUnheard(line: DatabaseLine, request: Buffer): Promise<void> {
    this.scheduler.trace(`${line.owner.name} gave up what is done now`);
    this.statements += 1;
    const isBlocked = await this.#untilHeardOrBlocked(line, line.say(request, this.#clockMessage()));
    if (isBlocked) this.#blocked.push(line);
    else await this.#hangUp(line);
  }

  /** The server hears that nobody is there any more, once nothing is on its way. */
  async #hangUp(line: DatabaseLine): Promise<void> {
    if (line.onItsWay > 0) return;
    this.forget(line);
    line.vanish();
    await this.#end([line]);
  }

  #faultOf({ planned }: DatabaseWeather, request: Buffer): PlannedFault | undefined {
    const [first] = planned;
    if (first === undefined || (first.besideWrites && !isWrite(request))) return undefined;
    first.after -= 1;
    if (first.after > 0) return undefined;
    planned.shift();
    return first;
  }

  #answer(line: DatabaseLine): void {
    const answer = line.takeAnswer();
    this.watchSilence(line);
    const { slowMs } = this.weatherOf(line.owner);
    this.scheduler.after(this.#draw(DOWN_MS) + slowMs, line.owner, () => {
      if (line.destroyed) return;
      if (this.weatherOf(line.owner).way === 'open') line.hear(answer);
      else line.hasLost = true;
    });
  }

  /** The server ends a session that has a transaction open and says nothing, as the product has asked it to. */
  watchSilence(line: DatabaseLine): void {
    const { said, idleMs, isInTransaction } = line;
    if (!isInTransaction || idleMs === undefined) return;
    this.scheduler.alone(idleMs, undefined, async () => {
      if (line.said !== said || !this.#lines.has(line)) return;
      this.scheduler.trace(`a silent transaction of ${line.owner.name} is ended`);
      this.forget(line);
      this.scheduler.after(this.#draw(DOWN_MS), line.owner, () => {
        line.break();
      });
      await this.#end([line]);
    });
  }

  /** @returns whether it waits for a lock */
  async #untilHeardOrBlocked(line: DatabaseLine, heard: Promise<void>): Promise<boolean> {
    while (!line.hasAnswer()) {
      await Promise.race([heard, new Promise((resolve) => realSetTimeout(resolve, LOOK_AFTER_MS))]);
      if (!line.hasAnswer() && (await this.#waitsForLock(line))) return true;
    }
    return false;
  }

  async #releaseBlocked(): Promise<void> {
    for (const line of this.#blocked.splice(0)) {
      if (!this.#lines.has(line)) continue;
      while (!line.hasAnswer() && !(await this.#waitsForLock(line)))
        await new Promise((resolve) => realSetTimeout(resolve, 1));
      if (!line.hasAnswer()) this.#blocked.push(line);
      else if (line.destroyed) await this.#hangUp(line);
      else this.#answer(line);
    }
  }

  async #waitsForLock(line: DatabaseLine): Promise<boolean> {
    const { rows } = await this.admin.query<{ waits: boolean }>(
      'SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits',
      [line.pid],
    );
    return rows[0]?.waits === true;
  }

  /** Until the server has given up what they held. */
  async #end(lines: readonly DatabaseLine[]): Promise<void> {
    const pids = lines.map(({ pid }) => pid).filter((pid) => pid > 0);
    if (pids.length === 0) return;
    await this.admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
    for (;;) {
      const { rows } = await this.admin.query('SELECT FROM pg_stat_activity WHERE pid = ANY ($1::int[])', [
        pids,
      ]);
      if (rows.length === 0) break;
      await new Promise((resolve) => realSetTimeout(resolve, 1));
    }
    await this.#releaseBlocked();
  }

  /** What the session takes for the time while it does what follows. */
  #clockMessage(): Buffer {
    const text = `SET demo_clock.at = '${new Date(this.scheduler.now).toISOString()}'\0`;
    const message = Buffer.alloc(5 + Buffer.byteLength(text));
    message.write('Q');
    message.writeUInt32BE(message.length - 1, 1);
    message.write(text, 5);
    return message;
  }

  #draw([least, most]: readonly [number, number]): number {
    return least + this.random.next() * (most - least);
  }
}

/** Statements that are known to the server by their names. */
const NAMED_WRITES = /auction-decisions|auction-marks|auction-settlements|insert-webhook-events/;
const WRITES =
  /(INSERT INTO|UPDATE) "?(approval|auction|bid|exposure|operation|operation_command|operation_event|proposal|proposal_command|proposal_event|task)"?[\s(]/;

/** Whether it commits, or changes something of the business: what a fault beside it can tear in two. */
function isWrite(request: Buffer): boolean {
  const text = request.toString('latin1');
  return NAMED_WRITES.test(text) || /^Q....COMMIT/s.test(text) || WRITES.test(text);
}
