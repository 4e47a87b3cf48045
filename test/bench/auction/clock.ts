/** Milliseconds of the machine's monotonic clock, which all its processes share: receipts are compared across them. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The value that `share` of the values do not exceed; NaN when there are none. @param sorted rising */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}
