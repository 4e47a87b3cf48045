import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseCalendarDate } from '../kernel';
import type { PayrollCalendar } from './domain';

const date = z.string().transform((text, context) => {
  const value = parseCalendarDate(text);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: `not a calendar date: ${text}` });
  return z.NEVER;
});
const competence = z.string().transform((text, context) => {
  const value = parseCalendarDate(`${text}-01`);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: `not a month, YYYY-MM: ${text}` });
  return z.NEVER;
});

const schema = z.strictObject({
  description: z.string(),
  assumed_cut_off_day: z.int().min(1).max(28),
  assumed_cut_off_day_source: z.string().min(1),
  months: z
    .array(z.strictObject({ cut_off: date, first_deduction: competence, source: z.string().min(1) }))
    .max(600)
    .refine(
      (months) => new Set(months.map(({ cut_off }) => cut_off.slice(0, 7))).size === months.length,
      'two closings in one month',
    )
    .refine(
      (months) => months.every(({ cut_off, first_deduction }) => first_deduction > cut_off.slice(0, 7)),
      'a first deduction before its closing',
    ),
});

/** Reads config/federal-payroll-calendar.json. @throws ZodError or SyntaxError naming what is wrong */
export function readPayrollCalendar(): PayrollCalendar {
  const { assumed_cut_off_day, months } = schema.parse(
    JSON.parse(readFileSync(join('config', 'federal-payroll-calendar.json'), 'utf8')),
  );
  return {
    assumedCutOffDay: assumed_cut_off_day,
    months: months.map(({ cut_off, first_deduction }) => ({ cutOff: cut_off, competence: first_deduction })),
  };
}

export const PAYROLL_CALENDAR = Symbol('PayrollCalendar');
