import { DateTime } from 'luxon';
import { SAO_PAULO } from '../../kernel';

/** How the printed limits are to be read; `auto` decides by what makes sense beside the event's own time. */
export type DeadlineZone = 'auto' | 'utc' | 'America/Sao_Paulo';
export type DeadlineReading = 'utc' | 'America/Sao_Paulo';

export interface PrintedTimes {
  readonly eventAtText: string | undefined;
  readonly inclusionLimitText: string | undefined;
  readonly expirationText: string | undefined;
  readonly receivedAt: Date;
}

export type Deadline =
  | {
      readonly kind: 'deadline';
      /** End of the internal auction: until here a proposal competes. */
      readonly limitAt: Date;
      /** End of the request; undefined when QI printed none that can be read. */
      readonly expirationAt: Date | undefined;
      readonly reading: DeadlineReading;
    }
  /** A person must look: no reading of the printed limit makes sense. */
  | {
      readonly kind: 'nonsense';
      readonly reason: 'limit_missing' | 'limit_unreadable' | 'limit_not_after_event' | 'limit_too_far';
    };

/**
 * Reads `inclusion_limit_datetime` and `expiration_datetime`.
 *
 * The manual's sample marks both with a Z, yet the limit stands three hours before the event that opens the auction:
 * read as São Paulo time it is exactly two minutes after it. So `auto` tries UTC first and São Paulo second and takes
 * the first reading that falls after the event and within `longestWindowMs` of it. UTC is always the earlier of the
 * two readings, so when both are possible the earlier wins. A fixed zone tries only that reading.
 * The event's own time is taken as UTC; without it the time of receipt stands in.
 *
 * @param longestWindowMs must be less than three hours, or both readings could be possible at once.
 */
export function readDeadline(times: PrintedTimes, zone: DeadlineZone, longestWindowMs: number): Deadline {
  if (times.inclusionLimitText === undefined) return { kind: 'nonsense', reason: 'limit_missing' };
  const opensAt = readInstant(times.eventAtText, 'utc') ?? times.receivedAt;
  const readings: readonly DeadlineReading[] = zone === 'auto' ? ['utc', SAO_PAULO] : [zone];
  let reason: Extract<Deadline, { kind: 'nonsense' }>['reason'] = 'limit_unreadable';
  for (const reading of readings) {
    const limitAt = readInstant(times.inclusionLimitText, reading);
    if (limitAt === undefined) break;
    const windowMs = limitAt.getTime() - opensAt.getTime();
    if (windowMs > 0 && windowMs <= longestWindowMs) {
      const expirationAt = readInstant(times.expirationText, reading);
      return { kind: 'deadline', limitAt, expirationAt, reading };
    }
    reason = windowMs <= 0 ? 'limit_not_after_event' : 'limit_too_far';
  }
  return { kind: 'nonsense', reason };
}

/**
 * Whether a bid for it may have been sent and lost with a restore: the request was, or may have been, made before
 * `bidsFrom`. Without a time of its own it was made within the longest window before its limit.
 */
export function mayBeBidAlready(
  eventAtText: string | undefined,
  limitAt: Date,
  longestWindowMs: number,
  bidsFrom: Date | undefined,
): boolean {
  if (bidsFrom === undefined) return false;
  const madeAt = readInstant(eventAtText, 'utc')?.getTime() ?? limitAt.getTime() - longestWindowMs;
  return madeAt < bidsFrom.getTime();
}

const PRINTED_INSTANT =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A printed instant in the given zone, to the millisecond. A trailing Z is not believed (see above): only a numeric
 * offset is.
 */
function readInstant(text: string | undefined, zone: DeadlineReading): Date | undefined {
  const match = PRINTED_INSTANT.exec(text?.trim() ?? '');
  if (!match) return undefined;
  const [, date = '', hour = '', minute = '', second = '', fraction = '', offset = 'Z'] = match;
  const hourBegins = beginningOf(date, hour, offset === 'Z' ? zone : offset);
  if (hourBegins === undefined) return undefined;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return new Date(hourBegins + (Number(minute) * 60 + Number(second)) * 1000 + ms);
}

/** Requests come by the hundred within an hour, and asking the time zone database takes longer than all the rest. */
const MOST_REMEMBERED = 64;
const remembered = new Map<string, number>();

/** When an hour begins that is printed in a zone or with an offset; undefined when there is no such day or hour. */
function beginningOf(date: string, hour: string, zoneOrOffset: string): number | undefined {
  const key = `${date}T${hour} ${zoneOrOffset}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const isOffset = /^[+-]/.test(zoneOrOffset);
  const instant = isOffset
    ? DateTime.fromISO(`${date}T${hour}:00:00${zoneOrOffset}`, { setZone: true })
    : DateTime.fromISO(`${date}T${hour}:00:00`, { zone: zoneOrOffset });
  if (!instant.isValid || Number(hour) > 23) return undefined;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(key, instant.toMillis());
  return instant.toMillis();
}
