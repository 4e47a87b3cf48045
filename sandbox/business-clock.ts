import { calendarDateAt, type CalendarDate } from '../src/kernel';
import type { Behaviour } from './behaviour';
import type { Timeline } from './timeline';

/** The moment by which QI's business goes: now, moved as configured. */
export function businessNow(timeline: Timeline, behaviour: Behaviour): Date {
  return new Date(timeline.now().getTime() + behaviour.clock.offset_seconds * 1000);
}

/** The business day it is in Sao Paulo. */
export function businessToday(timeline: Timeline, behaviour: Behaviour): CalendarDate {
  return calendarDateAt(businessNow(timeline, behaviour));
}
