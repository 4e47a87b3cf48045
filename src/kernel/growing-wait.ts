export interface GrowingWait {
  readonly baseMs: number;
  readonly maxMs: number;
  /** By how much each wait is longer than the one before it; 2 unless said otherwise. */
  readonly factor?: number;
}

/** From here on no wait is longer than the one before, whatever its bound. */
const GROWS_FOR = 30;

/** How long to wait after the nth failure in a row (from 1) before something is tried again. */
export function growingWaitMs(failures: number, { baseMs, maxMs, factor = 2 }: GrowingWait): number {
  return Math.min(baseMs * factor ** Math.min(failures - 1, GROWS_FOR), maxMs);
}
