import { lifeOf, type NightFigures } from '../../../src/winning/domain';

/** Days of shadow and canary before a version bids for all. */
const WATCHED_DAYS = 28;

const QUIET: NightFigures = {
  ...{ bids: 0, firstDay: '', lastDay: '', calibration: [], calibrationError: 0, calibrated: 0 },
  ...{ margin: undefined, marginDays: 0, driftAlarms: [], meanMoveBp: 0, meanDistanceBp: 0 },
  rails: { atFloor: 0, atCeiling: 0, newAtCeiling: 0 },
  exploration: { days: 0, bids: 0, tried: 0, expected: 0, cost: 0, budget: 0 },
};

/**
 * Nights on which drift alarms, or rates that come up to their ceiling, would have returned every bid to the table.
 * @param newAtCeiling of each day, the part of the requests
 */
export function returnsOf(alarms: readonly number[], newAtCeiling: readonly number[]): number {
  return newAtCeiling.filter((part, day) => {
    if (day < WATCHED_DAYS) return false;
    const driftAlarms = alarms.filter((alarm) => alarm <= day).map(isoDay);
    const { returnFor } = lifeOf({
      parent: {
        stage: 'active',
        stageSince: isoDay(0),
        mandate: '',
        segments: '',
        trainedThrough: isoDay(day),
      },
      ...{
        mandate: '',
        segments: '',
        day: isoDay(day + 1),
        watchedFrom: '',
        isReturned: false,
        silentDays: [],
      },
      ...{ validityDays: 1, shadowDays: 0, canaryDays: 0, largestMoveBp: 0, speedLimitBp: 0 },
      figures: { ...QUIET, driftAlarms, rails: { ...QUIET.rails, newAtCeiling: part } },
    });
    return returnFor !== undefined;
  }).length;
}

function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
