import type { FaultKind } from './faults';

/** What is played, and how much of what the seeds have drawn. */
export interface LifePlan {
  /** One for each round: its market, its people and its faults are drawn from it. */
  readonly seeds: readonly number[];
  readonly pace: Pace;
  /** Only faults of these kinds; of all, when undefined. */
  readonly kinds?: readonly FaultKind[];
  /** Only these faults, by their names; all, when undefined. */
  readonly onlyFaults?: ReadonlySet<string>;
}

/** How long its parts are, in milliseconds. */
export interface Pace {
  /** Of each round: the market and the faults. */
  readonly busy: number;
  /** Requests of a round come alone or a few together, in so many groups at most. */
  readonly mostGroups: number;
  readonly mostFaults: number;
  readonly mostProposals: number;
  /** And then: after it nothing may be left in nobody's hands. */
  readonly calm: number;
  /** After the last round: everything that QI can still tell has been told, or asked for. */
  readonly lastCalm: number;
}

export const LONG: Pace = {
  busy: 90_000,
  mostGroups: 14,
  mostFaults: 14,
  mostProposals: 4,
  calm: 90_000,
  lastCalm: 8 * 60_000,
};
/** For `npm test`. */
export const SHORT: Pace = {
  busy: 10_000,
  mostGroups: 4,
  mostFaults: 5,
  mostProposals: 1,
  calm: 20_000,
  lastCalm: 4 * 60_000,
};

const ROUNDS_OF_A_SEED = 1_000;

/** The seeds of the rounds of so many hours, all from one. */
export function seedsOf(seed: number, hours: number): readonly number[] {
  const rounds = Math.max(1, Math.round((hours * 3_600_000) / (LONG.busy + LONG.calm)));
  return Array.from({ length: rounds }, (_, round) => seed * ROUNDS_OF_A_SEED + round);
}
