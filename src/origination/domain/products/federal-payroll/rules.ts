import type { InterestBase } from '../../../../pricing/domain';
import type { FunctionalSituation } from './situation';

/** Dated data of the product; config/federal-payroll.json. */
export interface FederalPayrollData {
  readonly interestBase: InterestBase;
  /** Instalments fall due on this day of the month whose pay they are deducted from. */
  readonly dueDay: number;
  /** By number, without zeros at the left. One that is not here nobody knows. */
  readonly situations: ReadonlyMap<string, FunctionalSituation>;
}
