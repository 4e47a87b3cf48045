import { DateTime } from 'luxon';
import { SAO_PAULO } from '../src/kernel';

/** QI prints one instant in many ways; each function is named after the form, with the manuals' own sample beside it. */

/** 2025-03-20T14:47:43Z */
export function isoZ(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** 2025-03-20T11:49:43Z meaning 14:49:43 UTC: Sao Paulo's wall clock with a Z, as the auction's limits are printed. */
export function localWithZ(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: SAO_PAULO }).toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
}

/** 2025-04-09 20:00:19, UTC */
export function spaced(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

/** 2026-01-29T20:03:44, UTC */
export function isoWithoutZone(instant: Date): string {
  return instant.toISOString().slice(0, 19);
}

/** 2025-03-18T14:52:07.123456, UTC */
export function isoMicroseconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 23)}000`;
}

/** 30/01/2026 20:21:22, Sao Paulo */
export function dayFirst(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: SAO_PAULO }).toFormat('dd/MM/yyyy HH:mm:ss');
}
