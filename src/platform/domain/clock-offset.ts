/** How far one clock stands from another that was asked over a network, in milliseconds. */
export interface ClockOffset {
  /** Ahead of the other one when positive. */
  readonly offsetMs: number;
  /** The truth is no further away than this: half of what the answer took. */
  readonly uncertaintyMs: number;
}

/** Both clocks of one process at one moment. */
export interface Reading {
  readonly wallMs: number;
  /** Never set, and never runs backwards. */
  readonly monotonicMs: number;
}

/** The other one was read at some moment between the two of ours. Ours may have been set meanwhile: it is told as it stands now. */
export function clockOffset(asked: Reading, answered: Reading, otherMs: number): ClockOffset {
  const halfMs = (answered.monotonicMs - asked.monotonicMs) / 2;
  return { offsetMs: answered.wallMs - halfMs - otherMs, uncertaintyMs: halfMs };
}

/** By how much the wall clock was set forward between the two, or the monotonic one stood still: as in a machine's sleep. */
export function clockStep(then: Reading, now: Reading): number {
  return now.wallMs - then.wallMs - (now.monotonicMs - then.monotonicMs);
}

/** A clock that was off is right again only when it is well within the bound, so that one at its edge does not flicker. */
const WELL_WITHIN = 0.8;

/** Whether a clock is too far off. A slow answer alone says nothing of the clock: neither that it is off, nor that it is right again. */
export function isClockOff(
  { offsetMs, uncertaintyMs }: ClockOffset,
  maxOffsetMs: number,
  wasOff: boolean,
): boolean {
  const distance = Math.abs(offsetMs);
  return wasOff
    ? distance + uncertaintyMs > maxOffsetMs * WELL_WITHIN
    : distance - uncertaintyMs > maxOffsetMs;
}
