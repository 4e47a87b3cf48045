import { DatedTables } from './dated-tables';
import type { Loan } from './loan';

/** All that pricing depends on besides what is asked. Results never depend on what it remembers. */
export class PricingContext extends DatedTables {
  /** The last loan opened for a band of prices, which is one of few objects that live long. */
  readonly loans = new WeakMap<object, Loan>();
}
