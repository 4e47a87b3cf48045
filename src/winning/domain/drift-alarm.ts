/** Two running sums of how far the wins of each day were from what was predicted, in deviations: up and down (CUSUM). */
export interface DriftWatch {
  readonly up: number;
  readonly down: number;
  /** Days that the alarm goes on moving the level faster. */
  readonly alarmDays: number;
  readonly days: number;
}

export const NO_DRIFT: DriftWatch = { up: 0, down: 0, alarmDays: 0, days: 0 };

export interface DriftLimits {
  /** What a day may be off without being counted, and the sum that is an alarm; in deviations. */
  readonly slack: number;
  readonly alarmAt: number;
  /** Days at the start that are no news: the prior is not the market. */
  readonly quietDays: number;
  readonly alarmDays: number;
}

export interface DayOfWins {
  readonly won: number;
  readonly predicted: number;
  /** Sum of p (1 - p). */
  readonly variance: number;
}

export function watchDrift(
  watch: DriftWatch,
  day: DayOfWins,
  limits: DriftLimits,
): DriftWatch & { readonly alarm: boolean } {
  const z = day.variance > 0 ? (day.won - day.predicted) / Math.sqrt(day.variance) : 0;
  const up = Math.max(0, watch.up + z - limits.slack);
  const down = Math.max(0, watch.down - z - limits.slack);
  const days = watch.days + 1;
  if (Math.max(up, down) <= limits.alarmAt) {
    return { up, down, days, alarmDays: Math.max(0, watch.alarmDays - 1), alarm: false };
  }
  const alarm = days > limits.quietDays;
  return { up: 0, down: 0, days, alarmDays: alarm ? limits.alarmDays : 0, alarm };
}
