import { z } from 'zod';
import { Decimal, parseCalendarDate, parseDecimal, type CalendarDate } from '../../kernel';

/** Reais as people or programs give them, to the cent. */
export const reaisGiven = z.union([z.string(), z.number()]).transform((given, context): Decimal => {
  const value = parseDecimal(String(given));
  if (value?.gt(0) === true && value.decimalPlaces() <= 2 && value.lte(1_000_000)) return value;
  context.addIssue({ code: 'custom', message: 'informe um valor em reais, como 1234.56' });
  return z.NEVER;
});

export const dateGiven = z.string().transform((given, context): CalendarDate => {
  const value = parseCalendarDate(given);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: 'informe uma data que existe, AAAA-MM-DD' });
  return z.NEVER;
});
