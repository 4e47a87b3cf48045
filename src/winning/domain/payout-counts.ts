/** How many accepted offers were paid out and how many not, by group; older ones count less. */
export interface PayoutCounts {
  readonly paid: readonly number[];
  readonly failed: readonly number[];
}

/** The share believed at first, as if so many offers had been seen. */
export interface PayoutPrior {
  readonly share: number;
  readonly weight: number;
  /** Part of what is known that is forgotten in a day. */
  readonly forgetting: number;
}

export interface PayoutRow {
  readonly group: number;
  readonly paid: number;
  readonly failed: number;
}

export function payoutPrior(groups: number, { share, weight }: PayoutPrior): PayoutCounts {
  return {
    paid: Array.from({ length: groups }, () => share * weight),
    failed: Array.from({ length: groups }, () => (1 - share) * weight),
  };
}

/** A day later: what is known fades towards the prior, and the day's ends are added. */
export function payoutsAfterDay(
  counts: PayoutCounts,
  rows: readonly PayoutRow[],
  prior: PayoutPrior,
): PayoutCounts {
  const keep = 1 - prior.forgetting;
  const faded = (each: readonly number[], share: number): number[] =>
    each.map((count) => keep * count + prior.forgetting * share * prior.weight);
  const paid = faded(counts.paid, prior.share);
  const failed = faded(counts.failed, 1 - prior.share);
  for (const row of rows) {
    paid[row.group] = (paid[row.group] ?? 0) + row.paid;
    failed[row.group] = (failed[row.group] ?? 0) + row.failed;
  }
  return { paid, failed };
}

export function payoutShare({ paid, failed }: PayoutCounts, group: number): number {
  const [yes, no] = [paid[group] ?? 0, failed[group] ?? 0];
  return yes / (yes + no);
}
