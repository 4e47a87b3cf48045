import { Inject, Injectable } from '@nestjs/common';
import {
  calendarDateAt,
  parseCalendarDate,
  yearMonthDay,
  type CalendarDate,
  type Clock,
} from '../../../kernel';
import { CLOCK } from '../../../platform';
import { PricingDataService } from '../../../pricing';
import type { BorrowerFile } from '../../borrower-file';
import {
  cedablePeriods,
  lockedWindow,
  rulesOn,
  type FgtsData,
  type FgtsTerms,
  type LockedWindowOn,
  type Period,
} from '../../domain/products/fgts';
import { OfferTermsSource } from '../../offer-terms.service';
import { FGTS_DATA } from './fgts-data';

/** What FGTS is judged, priced and warned by now. */
@Injectable()
export class FgtsTermsSource {
  constructor(
    private readonly terms: OfferTermsSource,
    private readonly pricing: PricingDataService,
    @Inject(FGTS_DATA) private readonly data: FgtsData,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  current(): FgtsTerms {
    return { ...this.terms.current('fgts'), data: this.data };
  }

  /** Undefined while the borrower's birthday is not known. */
  lockedWindowOf(borrower: BorrowerFile | undefined): LockedWindowOn | undefined {
    const birthDate = parseCalendarDate(borrower?.person?.birth_date ?? '');
    return birthDate && this.lockedWindow(birthDate);
  }

  lockedWindow(birthDate: CalendarDate): LockedWindowOn {
    const { holidays } = this.pricing.context.data;
    return lockedWindow(yearMonthDay(birthDate).month, this.#today(), this.data, holidays);
  }

  /** What a contract of today may take of a balance. */
  cedable(balance: readonly Period[]): readonly Period[] {
    const rules = rulesOn(this.data.rules, this.#today());
    return rules === undefined ? [] : cedablePeriods(balance, rules);
  }

  #today(): CalendarDate {
    return calendarDateAt(this.clock.now());
  }
}
