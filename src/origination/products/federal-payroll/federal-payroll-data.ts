import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { payrollHoursFrom } from '../../../operation';
import type { PayrollHours } from '../../../operation/domain';
import type { EngineSettings } from '../../../platform';
import { INTEREST_BASES } from '../../../pricing/domain';
import type { FederalPayrollData } from '../../domain/products/federal-payroll';

const source = z.string().min(1);

/** Its legal caps are read with those of all products (src/policy). */
const schema = z.object({
  interest_base: z.enum(INTEREST_BASES),
  due_day: z.int().min(1).max(28),
  due_day_source: source,
  functional_situations_source: source,
  functional_situations: z.array(
    z.strictObject({
      number: z.string().regex(/^[1-9]\d{0,2}$/),
      name: z.string().min(1),
      kind: z.enum(['post', 'temporary_post', 'pension']),
    }),
  ),
});

/** Reads config/federal-payroll.json. @throws ZodError or SyntaxError naming what is wrong */
export function readFederalPayrollData(): FederalPayrollData {
  const file = readFileSync(join('config', 'federal-payroll.json'), 'utf8');
  const read = schema.parse(JSON.parse(file));
  return {
    interestBase: read.interest_base,
    dueDay: read.due_day,
    situations: new Map(
      read.functional_situations.map(({ number, name, kind }) => [
        number,
        { name, isTemporary: kind === 'temporary_post', isPension: kind === 'pension' },
      ]),
    ),
  };
}

/** How the product is run (engine.yaml, `origination.federal_payroll`). */
export interface FederalPayrollSettings {
  readonly hours: PayrollHours;
  readonly limitDays: number;
  readonly reservationMethod: 'creation' | 'issuing';
  readonly authorizationWarningDays: number;
}

export function federalPayrollSettingsFrom(engine: EngineSettings): FederalPayrollSettings {
  const settings = engine.origination.federal_payroll;
  return {
    hours: payrollHoursFrom(engine),
    limitDays: settings.limit_days_to_disburse,
    reservationMethod: settings.reservation_method,
    authorizationWarningDays: settings.authorization_warning_days,
  };
}

export const FEDERAL_PAYROLL_DATA = Symbol('FederalPayrollData');
export const FEDERAL_PAYROLL_SETTINGS = Symbol('FederalPayrollSettings');
