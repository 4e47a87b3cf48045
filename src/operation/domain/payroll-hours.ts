import {
  addDays,
  calendarDateAt,
  hourAt,
  instantOf,
  isBusinessDay,
  nextBusinessDay,
  type HolidayCalendar,
} from '../../kernel';

/** When SIAPE takes queries and reservations, in São Paulo: from one full hour (0 to 23) to before another (24 is midnight). */
export interface PayrollHours {
  readonly opensAtHour: number;
  readonly closesAtHour: number;
  readonly businessDaysOnly: boolean;
}

/** `from` itself when SIAPE is open then, else the moment at which it opens next. */
export function payrollOpensAt(from: Date, hours: PayrollHours, calendar: HolidayCalendar): Date {
  const [today, hour] = [calendarDateAt(from), hourAt(from)];
  const worksToday = !hours.businessDaysOnly || isBusinessDay(today, calendar);
  if (worksToday && hour >= hours.opensAtHour && hour < hours.closesAtHour) return from;
  const first = hour < hours.opensAtHour ? today : addDays(today, 1);
  return instantOf(hours.businessDaysOnly ? nextBusinessDay(first, calendar) : first, hours.opensAtHour);
}
