import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { DatabaseNetwork } from './database-network';
import { currentOwner, type SimulatedOwner } from './replaced-runtime';

const SYNC = 0x53; // S
const QUERY = 0x51; // Q
const TERMINATE = 0x58; // X
const READY = 0x5a; // Z
const IDLE = 0x49; // I: no transaction is open
const KEY_DATA = 0x4b; // K
const NOTIFICATION = 0x41; // A
const HEADER = 5;

/**
 * One connection to PostgreSQL as the simulation sees it: what is said on it takes simulated time, may be lost on either
 * way, and reaches the real server alone, one request at a time.
 */
export class DatabaseLine extends Duplex {
  readonly #socket = new Socket();
  /** Whole messages of the server since the last answer was handed on. */
  #answer = Buffer.alloc(0);
  /** The beginning of one that is still coming. */
  #begun = Buffer.alloc(0);
  #request = Buffer.alloc(0);
  #isOpen = false;
  #heard: (() => void) | undefined;
  /** Requests of the server whose end it has to tell; 0 while nothing is asked. */
  #awaited = 1;
  /** Of the server's process that serves it. */
  pid = 0;
  /** Something that was said on it was lost: nobody can go on speaking. */
  hasLost = false;
  /** Requests that reached the server. */
  said = 0;
  /** Requests that have not come to the server. */
  onItsWay = 0;
  /** Of these, what the network keeps while nothing passes. */
  readonly kept: Buffer[] = [];
  #isBroken = false;
  /** A transaction is open, since the last answer. */
  isInTransaction = false;

  /** @param idleMs for so long the server bears an open transaction in which nothing is said; undefined: for ever */
  constructor(
    private readonly network: DatabaseNetwork,
    readonly owner: SimulatedOwner,
    readonly idleMs: number | undefined,
  ) {
    super({ autoDestroy: true });
    this.#socket.on('data', (bytes: Buffer) => {
      this.#take(bytes);
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#heard?.());
  }

  connect(port: number): this {
    this.network.open(this, () => {
      this.#socket.setNoDelay(true);
      this.#socket.connect(port, '127.0.0.1', () => {
        currentOwner.run(this.owner, () => this.emit('connect'));
      });
      return this.#untilHeard();
    });
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // What comes is pushed when it comes.
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#isOpen) this.#collect(bytes);
    else this.#socket.write(bytes);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end();
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // What is given up is on its way all the same, and the end of the connection comes behind it.
    if (this.#isBroken || this.onItsWay === 0) {
      this.#socket.destroy();
      this.network.forget(this);
    }
    done(error);
  }

  /** Ends it as a network does. */
  break(): void {
    this.#isBroken = true;
    if (this.destroyed) this.vanish();
    currentOwner.run(this.owner, () => {
      this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    });
  }

  /** The answer reaches the process. */
  hear(answer: Buffer): void {
    currentOwner.run(this.owner, () => this.push(answer));
  }

  /** Ends it as the end of its process does: nobody is told. */
  vanish(): void {
    this.#socket.destroy();
  }

  /** Says it to the real server. @returns what resolves when that has answered, or hangs up */
  say(request: Buffer, clock: Buffer): Promise<void> {
    this.said += 1;
    this.#answer = Buffer.alloc(0);
    this.#socket.write(Buffer.concat([clock, request]));
    this.#awaited = 2;
    return this.#untilHeard();
  }

  /** What the server answered to what was said last, without what it said about the clock. */
  takeAnswer(): Buffer {
    const answer = this.#answer;
    this.#answer = Buffer.alloc(0);
    this.#awaited = 0;
    this.isInTransaction = answer.length > 0 && answer.at(-1) !== IDLE;
    return answer.subarray(endOfReady(answer, 1));
  }

  hasAnswer(): boolean {
    return this.#socket.destroyed || endOfReady(this.#answer, this.#awaited) > 0;
  }

  #untilHeard(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  #take(bytes: Buffer): void {
    if (this.#isOpen) {
      this.#keepWhole(bytes);
      if (this.hasAnswer()) this.#heard?.();
      else if (this.#isIdle && this.#answer.length > 0) this.#handOnUnasked();
      return;
    }
    // The greeting passes through as it comes, and takes no time.
    this.#answer = Buffer.concat([this.#answer, bytes]);
    this.#isOpen = endOfReady(this.#answer, 1) > 0;
    if (this.#isOpen) {
      this.pid = pidIn(this.#answer);
      this.#answer = Buffer.alloc(0);
      this.#awaited = 0;
    }
    this.hear(bytes);
    if (this.#isOpen) this.#heard?.();
  }

  get #isIdle(): boolean {
    return this.#awaited === 0;
  }

  /** The server says goodbye. */
  #handOnUnasked(): void {
    this.hear(this.#answer);
    this.#answer = Buffer.alloc(0);
  }

  /** Who is notified of what and when is chosen by the server in real time: here nobody hears of it, and everybody looks. */
  #keepWhole(bytes: Buffer): void {
    const all = Buffer.concat([this.#begun, bytes]);
    const kept = [this.#answer];
    let at = 0;
    for (let end = endOfMessage(all, at); end > 0; end = endOfMessage(all, at)) {
      if (all[at] !== NOTIFICATION) kept.push(all.subarray(at, end));
      at = end;
    }
    this.#begun = all.subarray(at);
    this.#answer = Buffer.concat(kept);
  }

  /** Requests go out whole: up to the message after which the server answers. */
  #collect(bytes: Buffer): void {
    this.#request = Buffer.concat([this.#request, bytes]);
    for (let at = 0; at + HEADER <= this.#request.length;) {
      const type = this.#request[at];
      const end = at + 1 + this.#request.readUInt32BE(at + 1);
      if (end > this.#request.length) return;
      at = end;
      if (type === TERMINATE) {
        this.#socket.end();
        return;
      }
      if (type !== SYNC && type !== QUERY) continue;
      const request = this.#request.subarray(0, end);
      this.#request = this.#request.subarray(end);
      at = 0;
      this.network.carry(this, request);
    }
  }
}

/** @returns where the message ends that begins there; 0 while it is not whole */
function endOfMessage(bytes: Buffer, at: number): number {
  if (at + HEADER > bytes.length) return 0;
  const end = at + 1 + bytes.readUInt32BE(at + 1);
  return end > bytes.length ? 0 : end;
}

/** @returns where the nth message ends that says that the server is ready; 0 when it has not said so yet */
function endOfReady(bytes: Buffer, nth: number): number {
  let seen = 0;
  for (let at = 0; at + HEADER <= bytes.length;) {
    const type = bytes[at];
    at += 1 + bytes.readUInt32BE(at + 1);
    if (at > bytes.length) return 0;
    if (type === READY && (seen += 1) === nth) return at;
  }
  return 0;
}

function pidIn(greeting: Buffer): number {
  for (let at = 0; at + HEADER <= greeting.length; at += 1 + greeting.readUInt32BE(at + 1))
    if (greeting[at] === KEY_DATA) return greeting.readUInt32BE(at + HEADER);
  return 0;
}
