/** The only source of time. Domain code never holds one: it is given instants. */
export interface Clock {
  /** Wall-clock time, for records and deadlines set by others. */
  now(): Date;
  /** Milliseconds that never run backwards, for measuring how long something took. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  // The edge of the system: the one place that reads the machine's clock.
  // oxlint-disable-next-line hidden-inputs/none -- the one clock
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
