import { FEDERAL_PAYROLL } from './federal-payroll';
import { FGTS } from './fgts';
import type { LoanProduct } from './loan-product';
import { PRIVATE_PAYROLL } from './private-payroll';

const PRODUCTS: Readonly<Record<string, LoanProduct>> = {
  private_payroll: PRIVATE_PAYROLL,
  fgts: FGTS,
  federal_payroll: FEDERAL_PAYROLL,
};

/** By QI's word for it. */
export function loanProduct(name: string): LoanProduct {
  return (Object.hasOwn(PRODUCTS, name) ? PRODUCTS[name] : undefined) ?? PRIVATE_PAYROLL;
}

export {
  afterRefusal,
  refusalOf,
  understood,
  type AccountForm,
  type GuaranteeRefusal,
  type LoanProduct,
} from './loan-product';
