import { daysBetween, isMiscalibrated } from './doubts';
import type { NightFigures } from './night-figures';

export type Stage = 'shadow' | 'canary' | 'active';

/** What returns every bid to the table without asking anybody. */
export const RETURN_CODES = [
  'CALIBRATION',
  'MARGIN_BELOW_CONTROL',
  'DRIFT_AGAIN',
  'AT_CEILING',
  'HASH_MISMATCH',
  'STALE',
  'PERSON',
] as const;
export type ReturnCode = (typeof RETURN_CODES)[number];

/** What makes a version wait for a person. */
export const WAIT_CODES = ['MOVED_AFTER_DRIFT', 'MOVED_WITH_MANDATE', 'FASTER_THAN_LIMIT'] as const;
export type WaitCode = (typeof WAIT_CODES)[number];

export interface LifeInputs {
  /** The version in force; undefined for the first one. */
  readonly parent:
    | {
        readonly stage: Stage;
        /** yyyy-mm-dd. */
        readonly stageSince: string;
        readonly mandate: string;
        readonly segments: string;
        readonly trainedThrough: string;
      }
    | undefined;
  readonly mandate: string;
  readonly segments: string;
  readonly day: string;
  /** When people let learned rates be bid again: what was before does not count, neither for nor against them. */
  readonly watchedFrom: string;
  /** Every bid is the table's, whatever the stage says. */
  readonly isReturned: boolean;
  /** Days on which no bid came to QI, whoever's rates: bidding was stopped, in dry run, QI took none, or nothing came. */
  readonly silentDays: readonly string[];
  /** For so many days after the last that it knows of, a version is bid with. */
  readonly validityDays: number;
  readonly shadowDays: number;
  readonly canaryDays: number;
  readonly figures: NightFigures;
  /** Largest change of a cell since the version before, and what the mandate allows. */
  readonly largestMoveBp: number;
  readonly speedLimitBp: number;
}

export interface Life {
  readonly stage: Stage;
  readonly stageSince: string;
  /** Empty: it is in force at once. */
  readonly waitsFor: readonly WaitCode[];
  readonly returnFor: Exclude<ReturnCode, 'PERSON'> | undefined;
}

/** How far a version has come, since which day, and what it knows of (yyyy-mm-dd). */
type Standing = Pick<NonNullable<LifeInputs['parent']>, 'stage' | 'stageSince' | 'trainedThrough'>;

/** What tells on which days a version was watched, or bid with. */
export type StageTime = Pick<
  LifeInputs,
  'day' | 'watchedFrom' | 'isReturned' | 'silentDays' | 'validityDays'
>;

/** So many drift alarms within so many days: the market moves faster than it is learnt. */
const MOST_DRIFT_ALARMS = 2;
const DRIFT_ALARM_DAYS = 10;
/** Of the requests, those whose rate has come up to its ceiling since the night before. */
const MOST_NEW_AT_CEILING = 0.02;
/** A mean move that people look at first, after an alarm or under another mandate. */
const MOST_QUIET_MOVE_BP = 15;

/** How far a new version comes by itself, and what keeps it. */
export function lifeOf(inputs: LifeInputs): Life {
  const { parent, day, segments } = inputs;
  // Of other cells nothing is bid yet, and what was foretold of their first days nobody had learnt.
  if (parent === undefined || parent.segments !== segments)
    return { stage: 'shadow', stageSince: day, waitsFor: [], returnFor: undefined };
  const returnFor = alarm(inputs, parent);
  const next = returnFor === undefined ? nextStage(parent, inputs) : parent.stage;
  return {
    stage: next,
    stageSince: next === parent.stage && !isPickedUp(parent, inputs) ? parent.stageSince : day,
    waitsFor: waitsFor(inputs, parent),
    returnFor,
  };
}

function alarm(inputs: LifeInputs, parent: NonNullable<LifeInputs['parent']>): Life['returnFor'] {
  const { figures, mandate } = inputs;
  if (parent.stage === 'shadow') return undefined;
  if (isMiscalibrated(figures)) return 'CALIBRATION';
  if (figures.margin !== undefined && figures.margin.high < 0) return 'MARGIN_BELOW_CONTROL';
  if (recentDriftAlarms(inputs) > MOST_DRIFT_ALARMS) return 'DRIFT_AGAIN';
  // Another mandate may have moved the ceilings themselves: that is people's doing.
  const isSameMandate = parent.mandate === mandate;
  return isSameMandate && figures.rails.newAtCeiling > MOST_NEW_AT_CEILING ? 'AT_CEILING' : undefined;
}

function recentDriftAlarms({ figures, day, watchedFrom }: LifeInputs): number {
  return figures.driftAlarms.filter(
    (alarmed) => alarmed >= watchedFrom && daysBetween(alarmed, day) <= DRIFT_ALARM_DAYS,
  ).length;
}

function nextStage(parent: NonNullable<LifeInputs['parent']>, inputs: LifeInputs): Stage {
  const { shadowDays, canaryDays, figures } = inputs;
  const days = daysInStage(parent, inputs);
  if (parent.stage === 'shadow') return days >= shadowDays && !isMiscalibrated(figures) ? 'canary' : 'shadow';
  return parent.stage === 'canary' && days >= canaryDays ? 'active' : parent.stage;
}

/** On which something was bid, and without a break until now: days on which every bid was the table's tell nothing of it, and those before are too far from today. */
function daysInStage(version: Standing, time: StageTime): number {
  const { day, watchedFrom, isReturned, silentDays } = time;
  if (isReturned || isPickedUp(version, time)) return 0;
  const from = watchedFrom > version.stageSince ? watchedFrom : version.stageSince;
  return daysBetween(from, day) - silentDays.filter((silent) => silent >= from && silent < day).length;
}

/** It was too old to be bid with all of yesterday already, as after weeks of a policy that lets nothing be learnt. */
function isPickedUp({ trainedThrough }: Standing, { day, validityDays }: StageTime): boolean {
  return daysBetween(trainedThrough, day) - 1 > validityDays;
}

/**
 * The part of the requests that rates made on a day are bid for, once they are: those of a shadow are made as the canary's that it is
 * to become.
 * @param last the version that they go on from
 */
export function learnedShare(
  last: Standing | undefined,
  time: StageTime,
  mandate: { readonly canaryDays: number; readonly canaryShare: number; readonly controlShare: number },
): number {
  const isForAll =
    last?.stage === 'active' || (last?.stage === 'canary' && daysInStage(last, time) >= mandate.canaryDays);
  return isForAll ? 1 - mandate.controlShare : mandate.canaryShare;
}

function waitsFor(
  { figures, mandate, largestMoveBp, speedLimitBp }: LifeInputs,
  parent: NonNullable<LifeInputs['parent']>,
): readonly WaitCode[] {
  const isFar = figures.meanMoveBp > MOST_QUIET_MOVE_BP;
  const codes: WaitCode[] = [];
  if (isFar && figures.driftAlarms.some((day) => day > parent.trainedThrough))
    codes.push('MOVED_AFTER_DRIFT');
  if (isFar && parent.mandate !== mandate) codes.push('MOVED_WITH_MANDATE');
  if (largestMoveBp > speedLimitBp) codes.push('FASTER_THAN_LIMIT');
  return codes;
}
