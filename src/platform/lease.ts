import type { Clock } from '../kernel';

/**
 * SQL: this process may take up a row under a lease. Nobody holds it, or its holder is dead, or it is ours and not in our
 * hands: the answer to our claim was lost, or what became of our work could not be recorded. Without the last, a row is
 * forgotten for as long as its process lives.
 * @param me the parameter with the id of this process
 * @param inHands the parameter with the keys of the rows that this process is at work on, an array
 * @param key the column of these keys
 */
export function freeForUs(me: string, inHands: string, key = 'id'): string {
  return `(lease_owner IS NULL OR CASE WHEN lease_owner = ${me} THEN ${key} <> ALL (${inHands})
           ELSE NOT instance_is_alive(lease_owner) END)`;
}

/** SQL: for how many milliseconds more the leases of this process hold, if no heartbeat follows. */
export function leaseLeftMs(me: string): string {
  return `(SELECT extract(epoch FROM alive_until - clock_timestamp())::float8 * 1000 FROM instance WHERE id = ${me})`;
}

/** One moment on both clocks: the wall's may be set, and the monotonic one stands still while a machine sleeps. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function momentOf(clock: Clock): Moment {
  return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
}

/**
 * Whether a row that was marked under a lease may still be worked on.
 * @param asked before the database was asked how long the lease holds
 * @param leftMs what it said
 * @returns what says why not, once another process may have taken the row over
 */
export function leaseGuard(clock: Clock, asked: Moment, leftMs: number): () => string | undefined {
  return () => {
    const now = momentOf(clock);
    const passedMs = Math.max(now.wallMs - asked.wallMs, now.monotonicMs - asked.monotonicMs);
    return passedMs < leftMs ? undefined : 'lease_may_be_lost';
  };
}
