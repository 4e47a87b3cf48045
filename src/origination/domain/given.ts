import { z } from 'zod';
import { Decimal, parseCalendarDate, parseReais, type CalendarDate } from '../../kernel';

/** Reais to the cent, in quotes or as a number: numbers of a body are decimals. */
export const reaisGiven = z
  .unknown()
  .meta({ type: ['string', 'number'] })
  .transform((given, context): Decimal => {
    const value =
      typeof given === 'string' || typeof given === 'number'
        ? parseReais(String(given))
        : Decimal.isDecimal(given)
          ? given
          : undefined;
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

/** A whole number: numbers of a body are decimals. */
export const wholeGiven = (least: number, most: number) =>
  z
    .unknown()
    .meta({ type: 'integer', minimum: least, maximum: most })
    .transform((given) => (Decimal.isDecimal(given) ? Number(given) : given))
    .pipe(
      z
        .int('informe um número inteiro')
        .min(least, `no mínimo ${String(least)}`)
        .max(most, `no máximo ${String(most)}`),
    );
