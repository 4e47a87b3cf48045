import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { calendarDateAt, type CalendarDate, type Clock } from '../kernel';
import { CLOCK } from '../platform';
import { ActivePolicy, type PolicyVersion } from '../policy';
import {
  capsOn,
  productPolicy,
  type CapsInForce,
  type DirectProduct,
  type LegalCaps,
  type Product,
} from '../policy/domain';
import { PricingDataService } from '../pricing';
import type { OfferTerms } from './domain';

/** What law lets each product cost and last, by day. */
export type ProductCaps = Readonly<Record<Product, LegalCaps>>;
export const PRODUCT_CAPS = Symbol('ProductCaps');

/** What a product is judged and priced by now: law, policy in force, prices and calendar. */
@Injectable()
export class OfferTermsSource {
  constructor(
    private readonly policies: ActivePolicy,
    private readonly pricing: PricingDataService,
    @Inject(PRODUCT_CAPS) private readonly caps: ProductCaps,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** For whoever only asks. */
  current(product: DirectProduct): OfferTerms {
    return this.#under(this.policies.current(), product);
  }

  /** For what is written in the transaction. */
  async inForce(tx: EntityManager, product: DirectProduct): Promise<OfferTerms> {
    return this.#under(await this.policies.inForce(tx), product);
  }

  /** What law lets a contract of that day cost and last. */
  capsOn(product: DirectProduct, day: CalendarDate): CapsInForce {
    return capsOn(this.caps[product], day);
  }

  #under({ version, compiled }: PolicyVersion, product: DirectProduct): OfferTerms {
    const now = this.clock.now();
    const { context } = this.pricing;
    return {
      policy: { version, compiled },
      now,
      caps: this.capsOn(product, calendarDateAt(now)),
      pricing: context,
      calendar: context.data.holidays,
      disbursementBusinessDays:
        productPolicy(compiled, product)?.section.settings.disbursement_business_days ?? 0,
    };
  }
}
