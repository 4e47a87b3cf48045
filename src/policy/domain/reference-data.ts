import { z } from 'zod';
import { parseCalendarDate, parseDecimal, type CalendarDate, type Decimal } from '../../kernel';
import type { ESocialTable } from './fields';
import type { Product } from './product';

/** What the world outside fixes, by day: codes of eSocial and limits of the programme. */
export interface ReferenceData {
  readonly eSocial: Readonly<Record<ESocialTable, ReadonlyMap<string, ESocialCode>>>;
  readonly caps: Readonly<Record<Product, LegalCaps>>;
}

/** What law lets one product cost and last, by day. */
export interface LegalCaps {
  /** Monthly fractions. */
  readonly rateCaps: readonly DatedCap<Decimal>[];
  /** Numbers of instalments, or of withdrawals. */
  readonly termCaps: readonly DatedCap<number>[];
}

export interface ESocialCode {
  readonly name: string;
  /** Since when it is out of use, as precisely as published ("2022-03"), or "unknown"; undefined while in use. */
  readonly ended: string | undefined;
}

export interface DatedCap<T> {
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate | undefined;
  /** `all`: every loan of the programme. Others hold only for loans that an auction cannot tell apart. */
  readonly scope: string;
  readonly maximum: T;
  /** The maximum itself is already too much. */
  readonly exclusive: boolean;
}

const read = <T>(parse: (text: string) => T | undefined, expected: string) =>
  z.string().transform((text, ctx) => {
    const value = parse(text);
    if (value !== undefined) return value;
    ctx.addIssue({ code: 'custom', message: `expected ${expected}`, input: text });
    return z.NEVER;
  });
const date = read(parseCalendarDate, 'a date YYYY-MM-DD');
/** A percentage in its place would be a limit that nothing reaches. */
const monthlyRate = read(
  (text) => [parseDecimal(text)].find((value) => value?.isPositive() === true && value.lessThan(1)),
  'a fraction: "0.0180" is 1.80% a month',
);

const code = z
  .strictObject({
    code: z.string().regex(/^\d{2}$/),
    name: z.string().min(1),
    ended: z
      .string()
      .regex(/^(\d{4}(-\d{2})?|unknown)$/)
      .nullable(),
  })
  .transform((row) => [row.code, { name: row.name, ended: row.ended ?? undefined }] as const);

const eSocialFile = z.strictObject({
  description: z.string(),
  source: z.string(),
  leave_reasons: z.array(code).min(1),
  termination_reasons: z.array(code).min(1),
});

const dated = { valid_from: date, valid_to: date.nullable(), scope: z.string(), source: z.string().min(1) };
const caps = {
  monthly_rate_caps: z.array(z.strictObject({ ...dated, maximum: monthlyRate })),
  term_caps: z.array(z.strictObject({ ...dated, maximum: z.int().min(1) })),
};
const limitsFile = z.strictObject({
  description: z.string(),
  ...caps,
  cet_above_rate_caps: z.array(z.never()),
  not_known: z.array(z.string()),
});

/** Of config/federal-payroll.json, what limits a policy. */
const federalPayrollFile = z.object(caps);

/** Of config/fgts.json, what limits a policy; the rest belongs to whoever simulates. */
const fgtsFile = z.object({
  rules: z
    .array(
      z.object({
        valid_from: date,
        maximum_withdrawals: z.int().min(1),
        rate_below: monthlyRate,
      }),
    )
    .min(1),
});

/**
 * Reads what stands in config/: esocial-codes.json, regulatory-limits.json, fgts.json and federal-payroll.json.
 * @throws ZodError when a file is not as described in it: a broken table must not pass for an empty one.
 */
export function readReferenceData(
  eSocialCodes: unknown,
  regulatoryLimits: unknown,
  fgts: unknown,
  federalPayroll: unknown,
): ReferenceData {
  const codes = eSocialFile.parse(eSocialCodes);
  const limits = limitsFile.parse(regulatoryLimits);
  return {
    eSocial: {
      leave_reasons: new Map(codes.leave_reasons),
      termination_reasons: new Map(codes.termination_reasons),
    },
    caps: {
      private_payroll: legalCaps(limits),
      fgts: fgtsCaps(fgtsFile.parse(fgts)),
      federal_payroll: legalCaps(federalPayrollFile.parse(federalPayroll)),
    },
  };
}

function legalCaps(rows: z.output<typeof federalPayrollFile>): LegalCaps {
  return { rateCaps: rows.monthly_rate_caps.map(datedCap), termCaps: rows.term_caps.map(datedCap) };
}

/** The rate stays below its cap; a withdrawal is an instalment. Each rule holds until the next one begins. */
function fgtsCaps({ rules }: z.output<typeof fgtsFile>): LegalCaps {
  const cap = <T>(validFrom: CalendarDate, maximum: T, exclusive: boolean): DatedCap<T> => ({
    validFrom,
    validTo: undefined,
    scope: 'all',
    maximum,
    exclusive,
  });
  return {
    rateCaps: rules.map((rule) => cap(rule.valid_from, rule.rate_below, true)),
    termCaps: rules.map((rule) => cap(rule.valid_from, rule.maximum_withdrawals, false)),
  };
}

function datedCap<T>(row: {
  valid_from: CalendarDate;
  valid_to: CalendarDate | null;
  scope: string;
  maximum: T;
}): DatedCap<T> {
  const { valid_from: validFrom, valid_to: validTo, scope, maximum } = row;
  return { validFrom, validTo: validTo ?? undefined, scope, maximum, exclusive: false };
}

/** A rate that law does not let a loan reach, or pass. */
export interface RateCap {
  /** Monthly, a fraction. */
  readonly maximum: Decimal;
  readonly exclusive: boolean;
}

/** What binds every loan of a product on a day; undefined where nothing is known to. */
export interface CapsInForce {
  readonly rate: RateCap | undefined;
  /** The most instalments, or withdrawals. */
  readonly installments: number | undefined;
}

export function capsOn({ rateCaps, termCaps }: LegalCaps, on: CalendarDate): CapsInForce {
  return { rate: capOn(rateCaps, on), installments: capOn(termCaps, on)?.maximum };
}

export function isWithinCap(rate: Decimal, { maximum, exclusive }: RateCap): boolean {
  return exclusive ? rate.lt(maximum) : rate.lte(maximum);
}

/** Whether law lets a loan cost so much a month and be paid back in so many instalments. */
export function isWithinCaps(
  { rate: cap, installments: most }: CapsInForce,
  {
    monthlyInterestRate,
    numberOfInstallments,
  }: Readonly<{
    monthlyInterestRate: Decimal;
    numberOfInstallments: number;
  }>,
): boolean {
  return (
    (cap === undefined || isWithinCap(monthlyInterestRate, cap)) &&
    (most === undefined || numberOfInstallments <= most)
  );
}

/** The cap that binds every loan on a day: of those in force, the one that began last. */
export function capOn<T>(caps: readonly DatedCap<T>[], on: CalendarDate): DatedCap<T> | undefined {
  return caps
    .filter(({ scope }) => scope === 'all')
    .filter(({ validFrom, validTo }) => validFrom <= on && (validTo === undefined || on <= validTo))
    .sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
    .at(-1);
}
