import { ARMS, WHOLE, type Arm, type Propensities } from './exploration';

/** A past bid as a question about it needs it. */
export interface PastBid {
  readonly day: number;
  readonly arm: Arm;
  readonly stepBp: number;
  /** undefined when none were stored: nothing can be said then. */
  readonly propensities: Propensities | undefined;
  readonly won: boolean;
  /** By the version of its day, at so many bp from the cell's rate: P(win), and reais that a win is worth through the funnel. */
  readonly model: (distanceBp: number) => { readonly win: number; readonly worth: number };
}

export const WHAT_IF_REFUSALS = [
  'NO_PROPENSITIES',
  'OUTSIDE_EXPLORED',
  'SAMPLE_TOO_SMALL',
  'TOO_FEW_DAYS',
] as const;
export type WhatIfRefusal = (typeof WHAT_IF_REFUSALS)[number];

export type WhatIf =
  | {
      readonly kind: 'answered';
      /** Reais a bid more (or less) than what was bid, with the ends of the 95 % interval. */
      readonly effect: { readonly mean: number; readonly low: number; readonly high: number };
      readonly effectiveSample: number;
      readonly bids: number;
      readonly days: number;
    }
  | {
      readonly kind: 'refused';
      readonly reason: WhatIfRefusal;
      readonly effectiveSample: number;
      /** The share of bids that must be tried at the asked distance for an answer; undefined when more days are what is missing. */
      readonly shareNeeded: number | undefined;
    };

const LEAST_SAMPLE = 200;
const MOST_OUTSIDE = 0.1;
const LEAST_DAYS = 20;
const MOST_WEIGHT = 60;
const RESAMPLES = 999;

/**
 * "What if we had bid `shiftBp` more than the cell's rate?" Doubly robust: the model's answer, corrected by what came of the bids
 * that were tried there. Wins are as they came, what a win is worth is the model's. Days are drawn anew for the interval.
 * In steps, of a bid or of the days drawn once: all of them take a third of a second.
 * @param random at least 0, less than 1: a seeded stream, so that the same question has the same answer
 */
export function* whatIf(
  bids: readonly PastBid[],
  shiftBp: number,
  random: () => number,
): Generator<undefined, WhatIf> {
  const judged: Judged[] = [];
  for (const bid of bids) {
    judged.push(judge(bid, shiftBp));
    yield;
  }
  const weights = judged.map(({ weight }) => weight);
  const effectiveSample = effectiveSize(weights);
  const shareNeeded = bids.length === 0 ? undefined : Math.min(1, LEAST_SAMPLE / bids.length);
  const refused = (reason: WhatIfRefusal, share: number | undefined): WhatIf => ({
    kind: 'refused',
    reason,
    effectiveSample,
    shareNeeded: share,
  });
  if (bids.some(({ propensities }) => propensities === undefined))
    return refused('NO_PROPENSITIES', shareNeeded);
  const byDay = sumsByDay(bids, judged);
  if (byDay.length < LEAST_DAYS) return refused('TOO_FEW_DAYS', undefined);
  const outside = judged.filter(({ covered }) => !covered).length;
  if (outside > MOST_OUTSIDE * bids.length) return refused('OUTSIDE_EXPLORED', shareNeeded);
  if (effectiveSample < LEAST_SAMPLE) return refused('SAMPLE_TOO_SMALL', shareNeeded);
  const mean = judged.reduce((sum, { effect }) => sum + effect, 0) / bids.length;
  const { low, high } = yield* interval(byDay, random);
  return {
    kind: 'answered',
    effect: { mean, low, high },
    effectiveSample,
    bids: bids.length,
    days: byDay.length,
  };
}

interface Judged {
  readonly effect: number;
  readonly weight: number;
  readonly covered: boolean;
}

/** A bid's own part of the effect, the weight it has in it, and whether the asked rate lies between rates that were tried. */
function judge({ arm, stepBp, propensities, won, model }: PastBid, shiftBp: number): Judged {
  const target = mixture(propensities, stepBp, shiftBp);
  if (target === undefined || propensities === undefined) return { effect: 0, weight: 0, covered: false };
  const at = ARMS.indexOf(arm);
  const weight = Math.min(MOST_WEIGHT, ((target[at] ?? 0) * WHOLE) / (propensities[at] ?? WHOLE));
  const made = model(arm * stepBp);
  const came = won ? made.worth : 0;
  const expected = target.reduce((sum, share, i) => {
    if (share === 0) return sum;
    const { win, worth } = model(stepBp * (ARMS[i] ?? 0));
    return sum + share * win * worth;
  }, 0);
  return { effect: expected + weight * (came - made.win * made.worth) - came, weight, covered: true };
}

/** The asked rate as a mixture of the two arms beside it; undefined when one of them was never tried. */
function mixture(
  propensities: Propensities | undefined,
  stepBp: number,
  shiftBp: number,
): readonly number[] | undefined {
  if (propensities === undefined || stepBp === 0) return undefined;
  const place = shiftBp / stepBp + 2;
  const [below, part] = [Math.floor(place), place - Math.floor(place)];
  const shares = ARMS.map((_, at) => (at === below ? 1 - part : at === below + 1 ? part : 0));
  const inside = shares.every((share, at) => share === 0 || (propensities[at] ?? 0) > 0);
  return inside && below >= 0 && place <= ARMS.length - 1 ? shares : undefined;
}

function effectiveSize(weights: readonly number[]): number {
  const [sum, squares] = weights.reduce(([a, b], weight) => [a + weight, b + weight * weight], [0, 0]);
  return squares === 0 ? 0 : sum ** 2 / squares;
}

interface DaySum {
  readonly bids: number;
  readonly effect: number;
}

function sumsByDay(bids: readonly PastBid[], judged: readonly Judged[]): readonly DaySum[] {
  const days = new Map<number, DaySum>();
  bids.forEach(({ day }, at) => {
    const { bids: count, effect } = days.get(day) ?? { bids: 0, effect: 0 };
    days.set(day, { bids: count + 1, effect: effect + (judged[at]?.effect ?? 0) });
  });
  return [...days.values()];
}

/** The middle 95 % of the mean when whole days are drawn with replacement. */
function* interval(
  days: readonly DaySum[],
  random: () => number,
): Generator<undefined, { low: number; high: number }> {
  const means: number[] = [];
  while (means.length < RESAMPLES) {
    means.push(meanOfDrawn(days, random));
    yield;
  }
  means.sort((a, b) => a - b);
  const at = (part: number): number => means[Math.round(part * (RESAMPLES - 1))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}

/** A bid's effect in as many days, drawn with replacement. */
function meanOfDrawn(days: readonly DaySum[], random: () => number): number {
  let [count, effect] = [0, 0];
  for (let i = 0; i < days.length; i++) {
    const day = days[Math.floor(random() * days.length)];
    count += day?.bids ?? 0;
    effect += day?.effect ?? 0;
  }
  return effect / count;
}
