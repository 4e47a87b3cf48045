import { DateTime } from 'luxon';
import {
  HOUR_MS,
  addDays,
  calendarDateAt,
  isBusinessDay,
  SAO_PAULO,
  type HolidayCalendar,
} from '../../kernel';
import type { MarginStatus } from './margin-state';
import type { OperationStatus } from './operation-state';
import type { Endings } from './two-endings';

/** How long a loan may stand in one status before somebody looks. */
export type TimeLimit = { readonly hours: number } | { readonly businessDays: number };
/** A status without a limit is final, or has a task of its own that nobody can tick off. */
export type TimeLimits = Readonly<Partial<Record<OperationStatus, TimeLimit>>>;
/** Of a margin; one that the servant has been asked about is late so long after the time for consent is over. */
export type MarginLimits = Readonly<Partial<Record<MarginStatus, TimeLimit>>>;

/**
 * The instant before which a loan must have come to its status to be late at `now`.
 * Business days are counted from the day after, in São Paulo: two of them from a Friday end with the Tuesday.
 */
export function lateIfSinceBefore(now: Date, limit: TimeLimit, calendar: HolidayCalendar): Date {
  if ('hours' in limit) return new Date(now.getTime() - limit.hours * HOUR_MS);
  let day = calendarDateAt(now);
  for (let passed = 0; passed <= limit.businessDays; day = addDays(day, -1)) {
    if (isBusinessDay(day, calendar)) passed += 1;
  }
  return DateTime.fromISO(addDays(day, 1), { zone: SAO_PAULO }).toJSDate();
}

/** A loan, and since and until when it waits. */
export interface Waiting extends Endings {
  readonly statusSince: Date;
  readonly consentUntil: Date | null;
}

/** Whether the time for the servant's answer has passed; false where none is waited for. */
export const isConsentOver = (until: Date | null, now: Date): boolean => until !== null && until <= now;

/**
 * Whether the end of what was cancelled should have come by now: the servant's time is over, or the time that QI takes to cancel.
 * False of a loan that waits for neither.
 */
export function isEndOverdue(
  { status, margin, statusSince, consentUntil }: Waiting,
  now: Date,
  limits: TimeLimits,
  calendar: HolidayCalendar,
): boolean {
  const waitsForServant = margin === 'pending_consent_with_deletion';
  if (waitsForServant && !isConsentOver(consentUntil, now)) return false;
  if (status !== 'canceling') return waitsForServant;
  const limit = limits.canceling;
  return limit !== undefined && statusSince < lateIfSinceBefore(now, limit, calendar);
}
