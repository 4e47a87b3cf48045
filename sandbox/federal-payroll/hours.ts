import { calendarDateAt, hourAt } from '../../src/kernel';
import { isBankDay } from '../business-days';

const OPENS_AT = 7;

/** SIAPE works on business days from 07:00 to midnight in Sao Paulo. */
export function isOpenAt(instant: Date): boolean {
  return isBankDay(calendarDateAt(instant)) && hourAt(instant) >= OPENS_AT;
}
