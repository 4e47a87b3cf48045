import { DAY_MS } from '../../kernel';
import type { NightFigures } from './night-figures';

/** Why the chances to win that a version foretells are not to be trusted. */
export const DOUBTS = ['uncalibrated', 'drifted'] as const;
export type Doubt = (typeof DOUBTS)[number];

/** Off by more than this, in the mean over fifths, is not to be bid with. */
export const MOST_MISCALIBRATION = 0.08;
const LEAST_CALIBRATED = 1_000;
/** An older alarm has been learnt from. */
const FRESH_DAYS = 3;

/** @param trainedThrough yyyy-mm-dd, the last day that the version knows of. */
export function doubtsOf(
  figures: Pick<NightFigures, 'calibrated' | 'calibrationError' | 'driftAlarms'>,
  trainedThrough: string,
): readonly Doubt[] {
  const lastAlarm = figures.driftAlarms.at(-1);
  const isFresh = lastAlarm !== undefined && daysBetween(lastAlarm, trainedThrough) < FRESH_DAYS;
  return [
    ...(isMiscalibrated(figures) ? (['uncalibrated'] as const) : []),
    ...(isFresh ? (['drifted'] as const) : []),
  ];
}

export function isMiscalibrated({
  calibrated,
  calibrationError,
}: Pick<NightFigures, 'calibrated' | 'calibrationError'>): boolean {
  return calibrated >= LEAST_CALIBRATED && calibrationError > MOST_MISCALIBRATION;
}

/** Both yyyy-mm-dd. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS);
}
