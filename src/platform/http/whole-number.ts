import { z } from 'zod';
import { Decimal } from '../../kernel';

/**
 * A whole number in a query or a body, whose numbers are decimals. Nothing becomes one: where no text is a 0 and true a 1, a
 * field left empty asks for something else.
 */
export const wholeNumber = (least: number, most: number) =>
  z
    .unknown()
    .meta({ type: 'integer', minimum: least, maximum: most })
    .transform((given) =>
      Decimal.isDecimal(given) || (typeof given === 'string' && /^-?\d{1,10}$/.test(given))
        ? Number(given)
        : given,
    )
    .pipe(z.int().min(least).max(most));

/** How many of a list one page has. */
export const pageLimit = wholeNumber(1, 200).prefault(50);
