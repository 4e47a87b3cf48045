/** A span of time, both ends included. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/**
 * QI lists notifications of at most 14 days at once (QI documentation, resending of notifications). A little less is
 * asked for, because both ends are rounded outwards to whole seconds.
 */
export const LONGEST_WINDOW_MS = 14 * 86_400_000 - 2_000;

/** The span from `from` to `to` in pieces that QI accepts, oldest first; none when it is empty. */
export function windowsBetween(from: Date, to: Date, longestMs = LONGEST_WINDOW_MS): readonly Window[] {
  const windows: Window[] = [];
  for (let start = from.getTime(); start < to.getTime(); start += longestMs) {
    windows.push({ from: new Date(start), to: new Date(Math.min(start + longestMs, to.getTime())) });
  }
  return windows;
}
