import { Injectable } from '@nestjs/common';
import { addDays, Decimal, type CalendarDate } from '../kernel';
import { isWithinCaps, type DirectProduct } from '../policy/domain';
import { OfferTermsSource } from './offer-terms.service';
import { ProposalProducts } from './products/proposal-products';
import type { StoredOffer } from './stored';

/** Why no contract is made of an offer any more. */
export type OfferObstacle = 'payment_day_past' | 'rules_changed';

/**
 * A contract keeps to the rules of the day on which it is made, whatever those of its offer were, and is made before its payment day
 * is past: interest runs from it.
 */
@Injectable()
export class OfferRules {
  constructor(
    private readonly terms: OfferTermsSource,
    private readonly products: ProposalProducts,
  ) {}

  /** @returns undefined where a contract may be made of it on that day */
  whyNotOn(day: CalendarDate, name: DirectProduct, offer: StoredOffer): OfferObstacle | undefined {
    if (offer.figures.disbursement_date < day) return 'payment_day_past';
    return this.isPermittedOn(day, name, offer) ? undefined : 'rules_changed';
  }

  isPermittedOn(day: CalendarDate, name: DirectProduct, offer: StoredOffer): boolean {
    const product = this.products.of(name);
    const loan = {
      monthlyInterestRate: new Decimal(offer.monthly_interest_rate),
      numberOfInstallments: product.loanOf(offer).numberOfInstallments,
    };
    return isWithinCaps(this.terms.capsOn(name, day), loan) && product.isPermittedOn(day, offer);
  }

  /** The last day, up to `until`, to which all of the offers are permitted from `from` on; the eve of `from` when they are not then. */
  lastDay(
    name: DirectProduct,
    offers: readonly StoredOffer[],
    from: CalendarDate,
    until: CalendarDate,
  ): CalendarDate {
    let next = from;
    while (next <= until && offers.every((offer) => this.isPermittedOn(next, name, offer)))
      next = addDays(next, 1);
    return addDays(next, -1);
  }
}
