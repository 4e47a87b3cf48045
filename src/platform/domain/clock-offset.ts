/** How far one clock stands from another that was asked over a network, in milliseconds. */
export interface ClockOffset {
  /** Ahead of the other one when positive. */
  readonly offsetMs: number;
  /** The truth is no further away than this: half of what the answer took. */
  readonly uncertaintyMs: number;
}

/** The other one was read at some moment between the two of ours. */
export function clockOffset(askedMs: number, answeredMs: number, otherMs: number): ClockOffset {
  return {
    offsetMs: (askedMs + answeredMs) / 2 - otherMs,
    uncertaintyMs: Math.max(0, (answeredMs - askedMs) / 2),
  };
}

/** A clock that was off is right again only when it is well within the bound, so that one at its edge does not flicker. */
const WELL_WITHIN = 0.8;

/** Whether a clock is too far off. A slow answer alone says nothing of the clock. */
export function isClockOff(
  { offsetMs, uncertaintyMs }: ClockOffset,
  maxOffsetMs: number,
  wasOff: boolean,
): boolean {
  const distance = Math.abs(offsetMs);
  return wasOff ? distance > maxOffsetMs * WELL_WITHIN : distance - uncertaintyMs > maxOffsetMs;
}
