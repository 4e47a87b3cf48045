import { growingWaitMs } from '../../kernel';

export interface RetrySchedule {
  readonly baseMs: number;
  readonly factor: number;
  readonly longestMs: number;
  /** Sendings in all, the first included. */
  readonly maxAttempts: number;
}

/**
 * How long to wait after the nth failed sending (from 1); undefined when it was the last one.
 *
 * @param jitter from 0 to 1: spreads the repetitions of what failed together, by up to a fifth.
 */
export function waitAfter(
  failedAttempts: number,
  schedule: RetrySchedule,
  jitter: number,
): number | undefined {
  const { baseMs, longestMs, factor, maxAttempts } = schedule;
  if (failedAttempts >= maxAttempts) return undefined;
  const wait = growingWaitMs(failedAttempts, { baseMs, maxMs: longestMs, factor });
  return Math.round(wait * (0.9 + 0.2 * jitter));
}
