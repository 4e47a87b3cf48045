export { MARGIN_FAILURES } from './balance-failures';
export { dueBalance } from './due-balance';
export { natureOf } from './facts';
export { judgeFederalPayroll, type FederalPayrollTerms } from './judge';
export {
  authorizationWarning,
  linkId,
  linkOf,
  type Employment,
  type MarginLink,
  type RefinancedContract,
} from './margin-link';
export type { FederalPayrollData } from './rules';
export type { PayrollOffer } from './simulate';
export { readSituation, type FunctionalSituation } from './situation';
export {
  federalPayrollWishes,
  federalPayrollWishesGiven,
  federalPayrollWishesJson,
  identityOf,
  NAMED_TWICE,
  namesTwice,
  shownWishes,
  type FederalPayrollWishes,
  type NamedContract,
} from './wishes';
