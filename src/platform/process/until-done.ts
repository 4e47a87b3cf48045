import { setTimeout as pause } from 'node:timers/promises';
import { growingWaitMs, type GrowingWait } from '../../kernel';

export interface UntilDone {
  readonly waits: GrowingWait;
  /** Looks at each failure before the wait for the next try; throws to give up. */
  readonly onFailure: (error: unknown, failures: number) => void | Promise<void>;
  /** Ends the wait under way: the next try comes at once. */
  readonly signal?: AbortSignal;
}

/** Does something that must be done, after growing waits again, until it goes well or `onFailure` gives it up. */
export async function untilDone<Result>(
  work: () => Promise<Result>,
  { waits, onFailure, signal }: UntilDone,
): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      await onFailure(error, failures);
      await pause(growingWaitMs(failures, waits), undefined, { signal }).catch(() => undefined);
    }
  }
}
