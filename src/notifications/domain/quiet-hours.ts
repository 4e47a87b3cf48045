import { MINUTE_MS, SAO_PAULO } from '../../kernel';

/** From and until when, HH:MM in São Paulo; may go over midnight. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
}

const DAY_MINUTES = 24 * 60;

/** For how long somebody is still to be left in peace; 0 when they are not. São Paulo has had no summer time since 2019. */
export function quietLeftMs(now: Date, quiet: QuietHours | undefined): number {
  if (quiet === undefined) return 0;
  const [from, until] = [minuteOf(quiet.from), minuteOf(quiet.until)];
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: SAO_PAULO,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const minute = minuteOf(time.format(now));
  const length = (until - from + DAY_MINUTES) % DAY_MINUTES;
  const passed = (minute - from + DAY_MINUTES) % DAY_MINUTES;
  return passed < length ? (length - passed) * MINUTE_MS - (now.getTime() % MINUTE_MS) : 0;
}

function minuteOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}
