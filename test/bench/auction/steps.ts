import type { Counterpart } from './counterpart';
import { percentile } from './clock';
import type { Load, Pushed } from './load';

/** What became of webhooks pushed at one rate. Latencies from the push to QI's receipt of the whole proposal, in ms. */
export interface Step {
  readonly perSecond: number;
  readonly pushed: number;
  readonly bids: number;
  readonly p50: number;
  readonly p99: number;
  /** Requests that QI got more than one proposal for, of all time. */
  readonly repeated: number;
}

/** How long nothing may come until what has not come is given up. */
const QUIET_MS = 3_000;
const P99_GOAL_MS = 1_000;
/** The search ends when the highest rate that held and the lowest that did not are this close. */
const CLOSE_ENOUGH = 1.08;
const LOWEST_RATE = 5;

/** Pushes at a rate and waits until everything has been bid on or given up. */
export async function step(
  load: Load,
  counterpart: Counterpart,
  perSecond: number,
  seconds: number,
): Promise<Step> {
  const before = await counterpart.bids();
  const pushed = await load.atRate(perSecond, seconds);
  await counterpart.settled(before + pushed.length, QUIET_MS);
  return { perSecond, ...(await outcome(counterpart, pushed)) };
}

async function outcome(
  counterpart: Counterpart,
  pushed: readonly Pushed[],
): Promise<Omit<Step, 'perSecond'>> {
  const { received, repeated } = await counterpart.report();
  const latencies = pushed.map(({ key, at }) => (received.get(key) ?? Infinity) - at).sort((a, b) => a - b);
  return {
    pushed: pushed.length,
    bids: latencies.filter(Number.isFinite).length,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    repeated,
  };
}

/**
 * The highest rate at which every auction is bid on and p99 stays below a second: from a first guess up or down by
 * halves, then between the last that held and the first that did not. One failure may be the machine's, so a rate has
 * two attempts.
 */
export async function sustainedRate(
  attempt: (perSecond: number) => Promise<Step>,
  firstGuess: number,
): Promise<number> {
  let [held, broke] = [0, Infinity];
  let rate = firstGuess;
  while (broke / held > CLOSE_ENOUGH && rate >= LOWEST_RATE) {
    if (holds(await attempt(rate)) || holds(await attempt(rate))) held = rate;
    else broke = rate;
    rate = Math.round(nextRate(held, broke));
  }
  return held;
}

function holds({ bids, pushed, p99 }: Step): boolean {
  return bids === pushed && p99 < P99_GOAL_MS;
}

function nextRate(held: number, broke: number): number {
  if (broke === Infinity) return held * 1.5;
  if (held === 0) return broke / 2;
  return (held + broke) / 2;
}
