import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseCalendarDate, parseDecimal, type CalendarDate } from '../kernel';
import type { PricingData } from './domain';

const date = z.string().transform((text, context) => {
  const value = parseCalendarDate(text);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: `not a calendar date: ${text}` });
  return z.NEVER;
});

const fraction = z.string().transform((text, context) => {
  const value = parseDecimal(text);
  if (value?.gte(0) === true && value.lt(1) && value.decimalPlaces() <= 12) return value;
  context.addIssue({ code: 'custom', message: `not a fraction below one with up to 12 decimals: ${text}` });
  return z.NEVER;
});

const validity = { valid_from: date, valid_to: date.nullable(), source: z.string().min(1) };

const taxTables = z.strictObject({
  description: z.string(),
  iof: z
    .array(
      z.strictObject({
        ...validity,
        daily_rate: fraction,
        flat_rate: fraction,
        max_days: z.int().min(1).max(3660),
      }),
    )
    .min(1)
    .superRefine(refuseOverlaps),
});

const feeTaxes = z.strictObject({
  description: z.string(),
  rebate_tax: z
    .array(z.strictObject({ ...validity, rate: fraction }))
    .min(1)
    .superRefine(refuseOverlaps),
});

const holidayFile = z
  .strictObject({
    description: z.string(),
    source: z.string().min(1),
    first_year: z.int(),
    last_year: z.int(),
    /** One line a year: days as MM-DD, separated by blanks. */
    holidays: z.record(z.string().regex(/^\d{4}$/), z.string()),
  })
  .transform(({ first_year: firstYear, last_year: lastYear, holidays }, context) => {
    const dates = new Set<CalendarDate>();
    for (let year = firstYear; year <= lastYear; year += 1) {
      const line = holidays[String(year)];
      if (line === undefined) context.addIssue({ code: 'custom', message: `no line for ${year}` });
      for (const day of line?.split(' ') ?? []) {
        const holiday = parseCalendarDate(`${year}-${day}`);
        if (holiday === undefined)
          context.addIssue({ code: 'custom', message: `not a date: ${year}-${day}` });
        else dates.add(holiday);
      }
    }
    return { firstYear, lastYear, holidays: dates };
  });

/** Two rates for one day would make a price depend on their order. */
function refuseOverlaps(
  rows: readonly { valid_from: CalendarDate; valid_to: CalendarDate | null }[],
  context: z.RefinementCtx,
): void {
  const rising = [...rows].sort((a, b) => (a.valid_from < b.valid_from ? -1 : 1));
  rising.forEach((row, index) => {
    const next = rising[index + 1];
    if (row.valid_to !== null && row.valid_to < row.valid_from)
      context.addIssue({ code: 'custom', message: `the row of ${row.valid_from} ends before it begins` });
    if (next !== undefined && (row.valid_to === null || row.valid_to >= next.valid_from))
      context.addIssue({ code: 'custom', message: `the row of ${row.valid_from} runs into the next one` });
  });
}

/** The dated tables are wrong: every problem, by file and place. */
export class PricingDataError extends Error {
  override readonly name = 'PricingDataError';
}

/**
 * Reads tax-tables.json, fee-taxes.json and holidays.json.
 * @throws PricingDataError naming the file and each thing wrong with it
 */
export function readPricingData(directory: string): PricingData {
  const { iof } = readTable(directory, 'tax-tables.json', taxTables);
  const { rebate_tax: rebateTax } = readTable(directory, 'fee-taxes.json', feeTaxes);
  return {
    iof: iof.map((row) => ({
      validFrom: row.valid_from,
      validTo: row.valid_to ?? undefined,
      dailyRate: row.daily_rate,
      flatRate: row.flat_rate,
      maxDays: row.max_days,
    })),
    rebateTax: rebateTax.map((row) => ({
      validFrom: row.valid_from,
      validTo: row.valid_to ?? undefined,
      rate: row.rate,
    })),
    holidays: readTable(directory, 'holidays.json', holidayFile),
  };
}

function readTable<Output>(directory: string, name: string, schema: z.ZodType<Output>): Output {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(directory, name), 'utf8'));
  } catch (error) {
    throw new PricingDataError(`${name}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${name}: ${issue.path.join('.') || 'file'}: ${issue.message}`,
  );
  throw new PricingDataError(problems.join('\n'));
}
