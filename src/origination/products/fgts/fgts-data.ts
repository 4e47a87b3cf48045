import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseCalendarDate, parseDecimal } from '../../../kernel';
import type { FgtsData } from '../../domain/products/fgts';

const date = z.string().transform((text, context) => {
  const value = parseCalendarDate(text);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: `not a calendar date: ${text}` });
  return z.NEVER;
});
const decimal = z.string().transform((text, context) => {
  const value = parseDecimal(text);
  if (value?.gte(0) === true) return value;
  context.addIssue({ code: 'custom', message: `not a decimal from 0 on: ${text}` });
  return z.NEVER;
});
const source = z.string().min(1);

const schema = z.strictObject({
  description: z.string(),
  rules: z
    .array(
      z.strictObject({
        valid_from: date,
        maximum_withdrawals: z.int().min(1).max(20),
        minimum_withdrawal: decimal,
        maximum_withdrawal: decimal,
        waiting_days: z.int().min(0).max(3_660),
        /** Read with the legal caps of all products (src/policy). */
        rate_below: decimal,
        source,
      }),
    )
    .min(1),
  bands: z.strictObject({
    source,
    rows: z
      .array(z.strictObject({ up_to: decimal.nullable(), share: decimal, additional: decimal }))
      .min(1)
      .refine((rows) => rows.at(-1)?.up_to === null, 'the last band must have no upper end'),
  }),
  locked_window: z.strictObject({
    business_days_before: z.int().min(0).max(60),
    permitted_from_business_day: z.int().min(1).max(20),
    source,
  }),
});

/** Reads config/fgts.json. @throws ZodError or SyntaxError naming what is wrong */
export function readFgtsData(): FgtsData {
  const { rules, bands, locked_window } = schema.parse(
    JSON.parse(readFileSync(join('config', 'fgts.json'), 'utf8')),
  );
  return {
    rules: rules.map((rule) => ({
      validFrom: rule.valid_from,
      maximumWithdrawals: rule.maximum_withdrawals,
      minimumWithdrawal: rule.minimum_withdrawal,
      maximumWithdrawal: rule.maximum_withdrawal,
      waitingDays: rule.waiting_days,
      source: rule.source,
    })),
    bands: bands.rows.map(({ up_to, share, additional }) => ({
      upTo: up_to ?? undefined,
      share,
      additional,
    })),
    lockedBusinessDaysBefore: locked_window.business_days_before,
    permittedFromBusinessDay: locked_window.permitted_from_business_day,
  };
}

export const FGTS_DATA = Symbol('FgtsData');
