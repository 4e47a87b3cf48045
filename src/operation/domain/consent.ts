import { DateTime } from 'luxon';
import { addDays, calendarDateAt, SAO_PAULO } from '../../kernel';

/**
 * When the time for a servant's consent is over: after so many whole days, at the end of the last one in São Paulo.
 * QI's manual says 10 days and not of which kind; the longer reading gives nobody up too soon.
 */
export function consentUntil(askedAt: Date, days: number): Date {
  return DateTime.fromISO(addDays(calendarDateAt(askedAt), days + 1), { zone: SAO_PAULO }).toJSDate();
}
