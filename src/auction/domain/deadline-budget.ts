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

/** Recent round trips to QI: a ring of fixed size and the percentile of what is in it. */
export class LatencyWindow {
  readonly #samplesMs: number[] = [];
  #next = 0;
  #expectedMs: number | undefined;

  constructor(
    private readonly initialMs: number,
    private readonly percentile: number,
    private readonly size = 100,
  ) {}

  add(ms: number): void {
    this.#samplesMs[this.#next] = ms;
    this.#next = (this.#next + 1) % this.size;
    this.#expectedMs = undefined;
  }

  /** The initial assumption until ten round trips are known. */
  expectedMs(): number {
    if (this.#samplesMs.length < 10) return this.initialMs;
    return (this.#expectedMs ??= this.#percentileMs());
  }

  #percentileMs(): number {
    const sorted = this.#samplesMs.toSorted((a, b) => a - b);
    return sorted[Math.ceil(this.percentile * sorted.length) - 1] ?? this.initialMs;
  }
}
