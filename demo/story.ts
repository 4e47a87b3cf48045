import { drawCnpj } from '../sandbox/identifiers';
import type { BehaviourChange } from '../sandbox';
import type { Random } from '../sandbox/random';
import { addDays, calendarDateAt, instantOf, toEpochDay, type CalendarDate } from '../src/kernel';

/** Of everything that is drawn: each start tells the same story. */
export const SEED = 20_260_701;

/** What the weeks before now tell, by days ago. */
export const CHAPTERS = {
  /** Our rates are cut, and may be learnt from then on: bids win more often. */
  rateCut: 26,
  /** The market offers less and more of it takes part: we win less often from here on. */
  marketShift: 15,
  /** QI answers 503 for a while. */
  outage: 11,
  /** We follow the market. */
  answer: 7,
};
/** What the committee lets be learnt with the first change of rates: it watches for some days, then bids for some, then for all. */
export const MANDATE = {
  enabled: true,
  rails: { below_bp: 40, above_bp: 60 },
  minimum_margin_bp: 5,
  speed_limit_bp: 10,
  exploration: { share: '0.36', budget: '0.04', steps_bp: [5, 10, 15] },
  validity_days: 3,
  minimum_bids: 100,
  shadow_days: 4,
  canary_days: 5,
  canary_share: '0.3',
  control_share: '0.1',
  daily_funding: null,
};
const OUTAGE_HOURS = { from: 13.2, to: 15.4 };

const HOUR_MS = 3_600_000;
/** Requests an hour on a weekday from 7 o'clock on: a hill before lunch and a lower one after work. */
const BY_HOUR = [1, 1, 2, 2, 3, 2, 1, 2, 3, 2, 2, 1, 2, 1, 1];
const FIRST_HOUR = 7;
const WEEKEND_SHARE = 0.3;

/** How far all rivals stand over their usual rates, in bp. */
const LEVEL = { before: 36, after: 20 };
const LOANS = {
  disbursed: 78,
  signature_failed: 4,
  never_signed: 8,
  reservation_retried: 6,
  reservation_refused: 5,
  ted_refused: 4,
  pix_refused: 3,
};

/** The first day of a story of so many days that ends now. */
export function firstDay(now: Date, days: number): CalendarDate {
  return addDays(calendarDateAt(now), -days);
}

/** An hour of a day in São Paulo; 14.5 is half past two. */
export function momentOf(day: CalendarDate, hour: number): Date {
  return new Date(instantOf(day, 0).getTime() + hour * HOUR_MS);
}

/** The hours at which auctions open on a day, in order. */
export function openingsOf(random: Random, day: CalendarDate): number[] {
  const share = isWeekend(day) ? WEEKEND_SHARE : 1;
  return BY_HOUR.flatMap((count, i) =>
    Array.from({ length: drawn(random, count * share) }, () => FIRST_HOUR + i + random.next()),
  ).sort((a, b) => a - b);
}

export function isWeekend(day: CalendarDate): boolean {
  // The first day of the count of days was a Thursday.
  return [2, 3].includes(toEpochDay(day) % 7);
}

/** `mean` on average, a little more or less. */
function drawn(random: Random, mean: number): number {
  return Math.floor(mean * (0.7 + 0.6 * random.next()) + random.next());
}

/** Hours of each day at which the world may change. */
export const TURNS: readonly number[] = [0, OUTAGE_HOURS.from, OUTAGE_HOURS.to];

/** How QI and the market are from an hour of a day on. */
export function worldAt(daysAgo: number, hour: number): BehaviourChange {
  const isOut = daysAgo === CHAPTERS.outage && hour >= OUTAGE_HOURS.from && hour < OUTAGE_HOURS.to;
  return {
    rivals: { level_bp: daysAgo > CHAPTERS.marketShift ? LEVEL.before : LEVEL.after },
    api: { error_rate: isOut ? 1 : 0 },
    loans: LOANS,
  };
}

/** How often a company is the employer: a few large ones and several small. */
const WEIGHTS = [18, 14, 11, 9, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2];

export interface Employers {
  /** Of whoever asks; undefined: somebody else. */
  draw(random: Random): string | undefined;
}

export function employersFrom(random: Random): Employers {
  const weights: Readonly<Record<string, number>> = {
    ...Object.fromEntries(WEIGHTS.map((weight) => [drawCnpj(random), weight])),
    other: 10,
  };
  return {
    draw: (drawing) => {
      const cnpj = drawing.weighted(weights);
      return cnpj === 'other' ? undefined : cnpj;
    },
  };
}
