/** What an installation has so far, on its way from nothing to bids that count. */
export interface SetupFacts {
  /** The roles of each person who can sign in. */
  readonly people: readonly (readonly string[])[];
  readonly keys: {
    readonly signing: string;
    readonly webhookAuth: string;
    readonly hasOurs: boolean;
    readonly hasTheirs: boolean;
  };
  /** The latest run against QI; undefined: none. */
  readonly conformance: ConformanceFacts | undefined;
  readonly policy: {
    /** Whether the active version was put in force by a person; the first one of all was not. */
    readonly isOurs: boolean;
    /** Limits on what is put at risk, by name, that the active version leaves open. */
    readonly openCaps: readonly string[];
  };
  readonly isFilterSent: boolean;
  /** Whether an offer was decided on and held back, because nothing is sent in a dry run. */
  readonly hasHeldBack: boolean;
  readonly isDryRun: boolean;
  readonly isBiddingStopped: boolean;
  /** Whether letting bids go on was asked for by one person and approved by another. */
  readonly isReleasedByTwo: boolean;
  /** Whether a bid of ours has gone to QI. */
  readonly isLive: boolean;
}

export interface ConformanceFacts {
  readonly state: 'running' | 'done' | 'stopped' | 'abandoned';
  /** Whether it went as far as an auction. */
  readonly writes: boolean;
  /** Settings that follow from it and are not ours. */
  readonly otherSettings: readonly string[];
}

export const SETUP_STEPS = [
  'people',
  'keys',
  'conformance',
  'policy',
  'caps',
  'dry_run',
  'filters',
  'live',
] as const;
export type SetupStepName = (typeof SETUP_STEPS)[number];

/** What is still missing of a step. */
export const SETUP_GAPS = [
  'policy_pair',
  'operations_pair',
  'our_key',
  'their_key',
  'conformance_missing',
  'conformance_running',
  'conformance_stopped',
  'conformance_without_auction',
  'settings_differ',
  'policy_of_the_start',
  'caps_open',
  'filter_not_sent',
  'nothing_held_back',
  'dry_run_is_on',
  'bidding_is_stopped',
  'not_released_by_two',
] as const;
export type SetupGap = (typeof SETUP_GAPS)[number];

export interface SetupStep {
  readonly name: SetupStepName;
  /** None: it is done. */
  readonly gaps: readonly SetupGap[];
  /** Names of limits or settings that the gaps are about. */
  readonly about: readonly string[];
}

/** The way to the first bid, in its order; each step knows by itself whether it is done. */
export function setupSteps(facts: SetupFacts): readonly SetupStep[] {
  const { conformance, policy } = facts;
  const step = (
    name: SetupStepName,
    gaps: Readonly<Partial<Record<SetupGap, boolean>>>,
    about: readonly string[] = [],
  ): SetupStep => ({
    name,
    gaps: SETUP_GAPS.filter((gap) => gaps[gap] === true),
    about,
  });
  return [
    step('people', peopleGaps(facts.people)),
    step('keys', keyGaps(facts.keys)),
    step('conformance', conformanceGaps(conformance), conformance?.otherSettings),
    step('policy', { policy_of_the_start: !policy.isOurs }),
    step('caps', { caps_open: policy.openCaps.length > 0 }, policy.openCaps),
    step('dry_run', { nothing_held_back: !facts.hasHeldBack && !facts.isLive }),
    step('filters', filterGaps(facts)),
    step('live', liveGaps(facts)),
  ];
}

type Gaps = Readonly<Partial<Record<SetupGap, boolean>>>;

function peopleGaps(people: SetupFacts['people']): Gaps {
  const authors = ['policy_author', 'policy_value_author'];
  return {
    policy_pair: !areTwo(people, authors, ['policy_approver']),
    operations_pair: !areTwo(people, ['operator'], ['operations_approver']),
  };
}

/** Whether somebody has one of the first roles and somebody else one of the second. */
function areTwo(people: SetupFacts['people'], first: readonly string[], second: readonly string[]): boolean {
  const having = (roles: readonly string[]): number[] =>
    people.flatMap((own, at) => (roles.some((role) => own.includes(role)) ? [at] : []));
  const [ones, others] = [having(first), having(second)];
  return ones.some((one) => others.some((other) => other !== one));
}

function keyGaps({ signing, webhookAuth, hasOurs, hasTheirs }: SetupFacts['keys']): Gaps {
  return {
    our_key: signing === 'none' || !hasOurs,
    their_key: webhookAuth === 'none' || !hasTheirs,
  };
}

function conformanceGaps(run: ConformanceFacts | undefined): Gaps {
  return {
    conformance_missing: run === undefined,
    conformance_running: run?.state === 'running',
    conformance_stopped: run?.state === 'stopped' || run?.state === 'abandoned',
    conformance_without_auction: run?.state === 'done' && !run.writes,
    settings_differ: run?.state === 'done' && run.otherSettings.length > 0,
  };
}

function filterGaps({ isFilterSent, isDryRun }: SetupFacts): Gaps {
  return { filter_not_sent: !isFilterSent, dry_run_is_on: !isFilterSent && isDryRun };
}

function liveGaps(facts: SetupFacts): Gaps {
  if (facts.isLive) return {};
  return {
    dry_run_is_on: facts.isDryRun,
    bidding_is_stopped: facts.isBiddingStopped,
    not_released_by_two: !facts.isReleasedByTwo,
  };
}
