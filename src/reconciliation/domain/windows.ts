import { DAY_MS, SECOND_MS } from '../../kernel';

/** A span of time, both ends included. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/**
 * QI lists notifications of at most 14 days at once (QI documentation, resending of notifications). A little less is
 * asked for, because both ends are rounded outwards to whole seconds.
 */
export const LONGEST_WINDOW_MS = 14 * DAY_MS - 2 * SECOND_MS;

/** The two halves of a window, which meet on a whole second; undefined where QI cannot be asked about a shorter one. */
export function halvesOf({ from, to }: Window): readonly [Window, Window] | undefined {
  const middle = Math.floor((from.getTime() + to.getTime()) / 2 / SECOND_MS) * SECOND_MS;
  if (middle <= from.getTime() || middle >= to.getTime()) return undefined;
  const meeting = new Date(middle);
  return [
    { from, to: meeting },
    { from: meeting, to },
  ];
}

/** The span from `from` to `to` in pieces that QI accepts, oldest first; none when it is empty. */
export function windowsBetween(from: Date, to: Date, longestMs = LONGEST_WINDOW_MS): readonly Window[] {
  const windows: Window[] = [];
  for (let start = from.getTime(); start < to.getTime(); start += longestMs) {
    windows.push({ from: new Date(start), to: new Date(Math.min(start + longestMs, to.getTime())) });
  }
  return windows;
}
