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
  /** Asks `npm run simulate` for it; empty for the usual one. */
  readonly flag: string;
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
  /** Hours after a round in which nobody asks for anything: one of these; none where there is none. */
  readonly restHours: readonly number[];
}

export const LONG: Pace = {
  flag: '',
  busy: 90_000,
  mostGroups: 14,
  mostFaults: 14,
  mostProposals: 4,
  calm: 90_000,
  lastCalm: 8 * 60_000,
  restHours: [],
};
/** Days and months go by between the rounds, which come at every hour: what is done daily, and what grows old, is seen. */
export const WITH_RESTS: Pace = { ...LONG, flag: '--rests', restHours: [1, 5, 11, 31, 70] };
/** For `npm test`. */
export const SHORT: Pace = {
  flag: '--short',
  busy: 10_000,
  mostGroups: 4,
  mostFaults: 5,
  mostProposals: 1,
  calm: 20_000,
  lastCalm: 4 * 60_000,
  restHours: [],
};

const ROUNDS_OF_A_SEED = 1_000;

/** The seeds of the rounds of so many hours, all from one. */
export function seedsOf(seed: number, hours: number, { busy, calm, restHours }: Pace): readonly number[] {
  const restMs = (3_600_000 * restHours.reduce((sum, one) => sum + one, 0)) / Math.max(1, restHours.length);
  const rounds = Math.max(1, Math.round((hours * 3_600_000) / (busy + calm + restMs)));
  return Array.from({ length: rounds }, (_, round) => seed * ROUNDS_OF_A_SEED + round);
}
