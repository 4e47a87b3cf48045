export { MARGIN_FAILURES } from './balance-failures';
export { dueBalance, type PaymentPlan } from './due-balance';
export { natureOf, type FederalPayrollCase } from './facts';
export { judgeFederalPayroll, type FederalPayrollTerms, type FederalPayrollVerdict } from './judge';
export {
  authorizationWarning,
  linkId,
  linkOf,
  type Employment,
  type MarginLink,
  type RefinancedContract,
} from './margin-link';
export type { FederalPayrollData } from './rules';
export type { PayrollGround, PayrollOffer } from './simulate';
export { readSituation, type FunctionalSituation } from './situation';
export {
  federalPayrollWishes,
  federalPayrollWishesGiven,
  federalPayrollWishesJson,
  identityOf,
  NAMED_TWICE,
  namesTwice,
  type FederalPayrollWishes,
  type NamedContract,
} from './wishes';
