import { Random } from '../../sandbox/random';

const PROCESS_FAULTS = [
  'crash',
  'crash_before_statement',
  'crash_after_statement',
  'pause',
  'pause_in_transaction',
  'clock_step',
  'database_cut',
  'database_silent',
  'database_slow',
  'statement_lost',
  'answer_lost',
] as const;
const QI_FAULTS = [
  'qi_refuses',
  'qi_errors',
  'qi_too_many',
  'qi_silent',
  'qi_resets',
  'qi_slow',
  'webhooks_lost',
  'webhooks_doubled',
  'webhooks_late',
] as const;

const USUAL_FAULTS = [...PROCESS_FAULTS, ...QI_FAULTS] as const;
/** The site loses its power, twice; the second time it comes back with the copy of its database that was taken at the first. */
const OLDER_DATABASE = 'older_database';

/** A process is told to stop while it works, as by a rollout; what has not ended in time is ended. */
const ROLLOUT = 'rollout';

export const FAULT_KINDS = [...USUAL_FAULTS, ROLLOUT, OLDER_DATABASE] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One thing that goes wrong, as the seed has drawn it; shrinking leaves some of them out. */
export interface Fault {
  /** Its seed and its number there. */
  readonly name: string;
  readonly kind: FaultKind;
  readonly atMs: number;
  /** Which process, where it is one's. */
  readonly process: number;
  /** For how long, where it lasts. */
  readonly forMs: number;
  /** It strikes beside a statement that changes something; where it strikes beside statements. */
  readonly besideWrites: boolean;
  /** Statements that pass before it, milliseconds of a clock, or a share of calls: as the kind needs it. */
  readonly size: number;
}

/** When faults may begin within a round; what follows is calm. */
export interface FaultTimes {
  readonly beginsMs: number;
  readonly forMs: number;
}

/** Everything that goes wrong in one round. */
export function drawFaults(
  random: Random,
  round: FaultTimes,
  {
    processes,
    most,
    seed,
    kinds = USUAL_FAULTS,
  }: {
    readonly processes: number;
    readonly most: number;
    readonly seed: number;
    readonly kinds?: readonly FaultKind[] | undefined;
  },
): readonly Fault[] {
  const [first, ...rest] = kinds.filter((kind) => kind !== OLDER_DATABASE && kind !== ROLLOUT);
  if (first === undefined) return [];
  return Array.from({ length: random.integer(0, most) }, (_, nth) => {
    const kind = random.pick([first, ...rest]);
    return {
      name: `${seed}.${nth}`,
      kind,
      atMs: round.beginsMs + random.integer(0, round.forMs),
      process: random.integer(0, processes - 1),
      forMs: lengthOf(kind, random),
      ...sizeOf(kind, random),
    };
  }).sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
}

/** One round in so many. */
const RESTORES_ONE_IN = 12;
/** Shorter than this, and no process has seen of the history what the copy does not have. */
const LOST_MS = [25_000, 50_000] as const;

/** The copy that a round goes back to, if it does; every round does when it is asked for by name. */
export function drawRestore(
  random: Random,
  roundMs: number,
  { seed, kinds }: { readonly seed: number; readonly kinds?: readonly FaultKind[] | undefined },
): readonly Fault[] {
  const [least, most] = LOST_MS;
  const isWanted = kinds?.includes(OLDER_DATABASE) ?? random.integer(1, RESTORES_ONE_IN) === 1;
  if (!isWanted || roundMs < most) return [];
  const forMs = random.integer(least, most);
  const atMs = random.integer(0, roundMs - forMs);
  return [
    { name: `${seed}.older`, kind: OLDER_DATABASE, atMs, process: 0, forMs, size: 0, besideWrites: false },
  ];
}

/** One round in so many. */
const ROLLOUTS_ONE_IN = 3;

/** One process of the round, if any; every round has one when it is asked for by name. */
export function drawRollout(
  random: Random,
  roundMs: number,
  {
    processes,
    seed,
    kinds,
  }: { readonly processes: number; readonly seed: number; readonly kinds?: readonly FaultKind[] | undefined },
): readonly Fault[] {
  if (!(kinds?.includes(ROLLOUT) ?? random.integer(1, ROLLOUTS_ONE_IN) === 1)) return [];
  const [atMs, process] = [random.integer(0, roundMs), random.integer(0, processes - 1)];
  return [{ name: `${seed}.rollout`, kind: ROLLOUT, atMs, process, forMs: 0, size: 0, besideWrites: false }];
}

function lengthOf(kind: FaultKind, random: Random): number {
  // Stopped in the middle of something, and for longer than the calm in which others must take it over: a debugger, a swap.
  if (kind === 'pause_in_transaction') return random.integer(20_000, 200_000);
  return random.weighted({ short: 6, long: 2 }) === 'short'
    ? random.integer(200, 6_000)
    : random.integer(6_000, 40_000);
}

function sizeOf(kind: FaultKind, random: Random): Pick<Fault, 'size' | 'besideWrites'> {
  switch (kind) {
    case 'crash_before_statement':
    case 'crash_after_statement':
    case 'statement_lost':
    case 'answer_lost':
      // Most statements are looks: half of these faults pass them over.
      return random.chance(0.5)
        ? { size: random.integer(1, 15), besideWrites: true }
        : { size: random.integer(1, 60), besideWrites: false };
    default:
      return { size: sizeBesideNothing(kind, random), besideWrites: false };
  }
}

function sizeBesideNothing(kind: FaultKind, random: Random): number {
  switch (kind) {
    case 'pause_in_transaction':
      return random.integer(1, 60);
    case 'clock_step':
      return random.pick([-1, 1]) * random.pick([100, 400, 3_000, 40_000, 3_600_000]);
    case 'database_slow':
      return random.pick([20, 150, 700, 2_500]);
    case 'qi_slow':
      return random.pick([1, 5, 30]);
    default:
      return random.pick([0.3, 0.6, 1]);
  }
}
