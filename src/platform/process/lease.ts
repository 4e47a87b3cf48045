import type { Clock } from '../../kernel';

/**
 * SQL: this process may take up a row under a lease. Nobody holds it, or its holder is dead, or it is ours: the answer to
 * our claim was lost, or what became of our work could not be recorded. Without the last, a row is forgotten for as long as
 * its process lives. None that is in our hands, whoever holds it: another process may have worked on it since we had its
 * lease, and that the lease is not ours any more is how our work hears of it.
 * @param me the parameter with the id of this process
 * @param inHands the parameter with the keys of the rows that this process is at work on, an array
 * @param key the column of these keys
 * @param row the row's name, where the statement knows more than one
 */
export function freeForUs(me: string, inHands: string, key = 'id', row?: string): string {
  const [owner, id] = row === undefined ? ['lease_owner', key] : [`${row}.lease_owner`, `${row}.${key}`];
  return `CASE WHEN ${owner} <> ${me} AND instance_is_alive(${owner}) THEN false ELSE ${id} <> ALL (${inHands}) END`;
}

export interface FreeRows {
  readonly table: string;
  /** The column that rows are known by. */
  readonly key?: string;
  /** Which of them have work to be done. */
  readonly where: string;
  readonly orderBy: string;
  readonly limit: string;
  /** The parameters of freeForUs. */
  readonly me: string;
  readonly inHands: string;
}

/** SQL: the keys of rows that this process may take up, locked until the statement has marked them as its own. */
export function freeRows({ table, key = 'id', where, orderBy, limit, me, inHands }: FreeRows): string {
  return `SELECT ${key} FROM ${table} WHERE (${where}) AND ${freeForUs(me, inHands, key)}
    ORDER BY ${orderBy} LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
}

/** SQL: for how many milliseconds more the leases of this process hold, if no heartbeat follows. */
export function leaseLeftMs(me: string): string {
  return `(SELECT extract(epoch FROM alive_until - clock_timestamp())::float8 * 1000 FROM instance WHERE id = ${me})`;
}

/** @returns why nothing may be sent under a lease any more; undefined while it holds. */
export type LeaseGuard = () => string | undefined;

/**
 * Marks a row under a lease, or looks at its mark.
 * @param mark tells `left_ms`, what leaseLeftMs says; undefined when the row is not ours
 * @returns undefined when it is not ours
 */
export async function markUnderLease(
  clock: Clock,
  mark: () => Promise<{ readonly left_ms: number | null } | undefined>,
): Promise<LeaseGuard | undefined> {
  const asked = momentOf(clock);
  const marked = await mark();
  return marked && leaseGuard(clock, asked, marked.left_ms ?? 0);
}

/** One moment on both clocks: the wall's may be set, and the monotonic one stands still while a machine sleeps. */
interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

function momentOf(clock: Clock): Moment {
  return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
}

/**
 * @param asked before the database was asked how long the lease holds
 * @param leftMs what it said
 */
function leaseGuard(clock: Clock, asked: Moment, leftMs: number): LeaseGuard {
  return () => {
    const now = momentOf(clock);
    const passedMs = Math.max(now.wallMs - asked.wallMs, now.monotonicMs - asked.monotonicMs);
    return passedMs < leftMs ? undefined : 'lease_may_be_lost';
  };
}
