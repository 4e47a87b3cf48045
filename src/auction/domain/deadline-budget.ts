/** What stands between now and the limit, in milliseconds. */
export interface BudgetTerms {
  /** Kept back for the network and for clocks that disagree. */
  readonly networkMarginMs: number;
  /** How long QI has lately taken to answer (a high percentile). */
  readonly expectedLatencyMs: number;
}

export type Budget =
  /** There is time for one call, which may take `timeoutMs` at most. */
  { readonly kind: 'enough'; readonly timeoutMs: number } | { readonly kind: 'too_late' };

/**
 * Whether a call begun now can still be answered before the limit.
 * The time-out is all that is left (less the margin), not the expected latency: a slow answer is better than none.
 */
export function deadlineBudget(now: Date, limitAt: Date, terms: BudgetTerms): Budget {
  const timeoutMs = limitAt.getTime() - now.getTime() - terms.networkMarginMs;
  return timeoutMs >= Math.max(terms.expectedLatencyMs, 1)
    ? { kind: 'enough', timeoutMs }
    : { kind: 'too_late' };
}

/** How long a round trip says something of the next one, in milliseconds. */
const LONGEST_AGE_MS = 120_000;

interface RoundTrip {
  readonly ms: number;
  readonly atMs: number;
}

/**
 * Recent round trips to QI: a ring of fixed size and the percentile of what is in it and not too old. Only what is sent is
 * measured, and too long a latency lets nothing be sent: without an age, QI's slowness would be believed for ever.
 * All moments are milliseconds of one clock that never runs backwards.
 */
export class LatencyWindow {
  readonly #roundTrips: RoundTrip[] = [];
  #next = 0;
  #expected: { readonly ms: number; readonly untilMs: number } | undefined;

  constructor(
    private readonly initialMs: number,
    private readonly percentile: number,
    private readonly size = 100,
  ) {}

  add(ms: number, atMs: number): void {
    this.#roundTrips[this.#next] = { ms, atMs };
    this.#next = (this.#next + 1) % this.size;
    this.#expected = undefined;
  }

  /** The initial assumption until ten round trips are known, and where none of them is recent. */
  expectedMs(nowMs: number): number {
    if (this.#roundTrips.length < 10) return this.initialMs;
    if (this.#expected === undefined || nowMs >= this.#expected.untilMs)
      this.#expected = this.#expectedAt(nowMs);
    return this.#expected.ms;
  }

  /** It holds until the oldest of the recent ones is too old. */
  #expectedAt(nowMs: number): { readonly ms: number; readonly untilMs: number } {
    const recent = this.#roundTrips.filter(({ atMs }) => nowMs < atMs + LONGEST_AGE_MS);
    const sorted = recent.map(({ ms }) => ms).toSorted((a, b) => a - b);
    return {
      ms: sorted[Math.ceil(this.percentile * sorted.length) - 1] ?? this.initialMs,
      untilMs: Math.min(...recent.map(({ atMs }) => atMs)) + LONGEST_AGE_MS,
    };
  }
}
