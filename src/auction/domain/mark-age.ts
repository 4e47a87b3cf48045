/** One moment by both clocks. They part when a process was stopped, or the wall clock was set. */
export interface Moment {
  readonly at: Date;
  /** Milliseconds that never run backwards. */
  readonly monotonicMs: number;
}

/**
 * Why a bid that was marked as being sent at `markedAt` may not be sent now: its limit has passed, or the mark is too
 * old to say that the auction is still ours, that nobody has made the bid unknown and that the kill switch is released.
 * Undefined: it may.
 */
export function refusalToSend(
  markedAt: Moment,
  now: Moment,
  until: Date,
  longestMs: number,
): 'too_late_to_send' | 'mark_too_old' | undefined {
  if (now.at >= until) return 'too_late_to_send';
  const byWallClock = Math.abs(now.at.getTime() - markedAt.at.getTime());
  const elapsedMs = Math.max(byWallClock, now.monotonicMs - markedAt.monotonicMs);
  return elapsedMs > longestMs ? 'mark_too_old' : undefined;
}
