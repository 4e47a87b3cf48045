import type { InterestBase } from '../../../../pricing/domain';
import type { PayrollRule } from '../../../../decision/domain';
import type { FunctionalSituation } from './situation';

/** Dated data of the product; config/federal-payroll.json. */
export interface FederalPayrollData {
  readonly interestBase: InterestBase;
  /** Which payroll a contract is first deducted in, by the day it is reserved. */
  readonly payrollRules: readonly PayrollRule[];
  /** By number, without zeros at the left. One that is not here nobody knows. */
  readonly situations: ReadonlyMap<string, FunctionalSituation>;
}
