import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseCalendarDate, parseDecimal, parseReais, type Decimal } from '../kernel';
import { INTEREST_BASES } from '../pricing/domain';
import type { ProgrammeTerms } from '../decision/domain';

const date = z.string().transform((text, context) => {
  const parsed = parseCalendarDate(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a date, YYYY-MM-DD' });
  return z.NEVER;
});
const decimal = (read: (text: string) => Decimal | undefined, expected: string) =>
  z.string().transform((text, context) => {
    const parsed = read(text);
    if (parsed?.gte(0) === true) return parsed;
    context.addIssue({ code: 'custom', message: `must be ${expected} in quotes` });
    return z.NEVER;
  });
const fee = z.discriminatedUnion('amount_type', [
  z.strictObject({
    fee_type: z.string(),
    amount_type: z.literal('percentage'),
    amount: decimal(parseDecimal, 'a decimal'),
  }),
  z.strictObject({
    fee_type: z.string(),
    amount_type: z.literal('absolute'),
    amount: decimal(parseReais, 'reais with at most two decimals'),
  }),
]);

const schema = z
  .object({
    interest_base: z.enum(INTEREST_BASES),
    contract_fees: z.array(fee),
    payroll_rules: z
      .array(
        z.object({
          valid_from: date,
          valid_to: date.nullable(),
          cut_off_day: z.int().min(1).max(31),
          months_to_first_due: z.int().min(1).max(12),
          due_day: z.int().min(1).max(31),
        }),
      )
      .min(1),
  })
  .transform((file): ProgrammeTerms => ({
    interestBase: file.interest_base,
    contractFees: file.contract_fees.map((fee) => ({
      feeType: fee.fee_type,
      amountType: fee.amount_type,
      amount: fee.amount,
    })),
    payrollRules: file.payroll_rules.map((rule) => ({
      validFrom: rule.valid_from,
      validTo: rule.valid_to ?? undefined,
      cutOffDay: rule.cut_off_day,
      monthsToFirstDue: rule.months_to_first_due,
      dueDay: rule.due_day,
    })),
  }));

/** Injection token of the programme's terms, read once at start. */
export const PROGRAMME_TERMS = Symbol('ProgrammeTerms');

/** A programme file that cannot be used: the start stops and says where. */
export class ProgrammeFileError extends Error {
  override readonly name = 'ProgrammeFileError';
}

/** @throws ProgrammeFileError naming every wrong field. */
export function readProgrammeTerms(file: string): ProgrammeTerms {
  const read = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `  - ${issue.path.join('.')}: ${issue.message}`);
  throw new ProgrammeFileError(`${file} is wrong:\n${problems.join('\n')}`);
}
