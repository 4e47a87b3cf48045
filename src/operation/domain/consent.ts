import { DateTime } from 'luxon';
import { addDays, calendarDateAt, SAO_PAULO } from '../../kernel';

/**
 * When the time for a servant's consent is over: after so many whole days, at the end of the last one in São Paulo.
 * QI's manual says 10 days and not of which kind; the longer reading gives nobody up too soon.
 */
export function consentUntil(askedAt: Date, days: number): Date {
  return DateTime.fromISO(addDays(calendarDateAt(askedAt), days + 1), { zone: SAO_PAULO }).toJSDate();
}

/** QI's words for a cancellation that waits for the servant; its manual prints no code (T-42). */
const WAITS_FOR_CONSENT = /reservation not found/i;

/** Whether this refusal of a cancellation has the margin deleted with the servant's answer; any other changes nothing. */
export function waitsForConsent({ description }: { readonly description: string | undefined }): boolean {
  return WAITS_FOR_CONSENT.test(description ?? '');
}
