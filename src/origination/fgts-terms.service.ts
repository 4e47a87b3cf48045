import { Inject, Injectable } from '@nestjs/common';
import { calendarDateAt, parseCalendarDate, yearMonthDay, type CalendarDate, type Clock } from '../kernel';
import { CLOCK } from '../platform';
import { ActivePolicy } from '../policy';
import { capsOn, productPolicy, type LegalCaps } from '../policy/domain';
import { PricingDataService } from '../pricing';
import type { BorrowerFile } from './borrower-file';
import {
  cedablePeriods,
  lockedWindow,
  rulesOn,
  type FgtsData,
  type FgtsTerms,
  type LockedWindowOn,
  type Period,
} from './domain/products/fgts';
import { FGTS_CAPS, FGTS_DATA } from './fgts-data';

/** What FGTS is judged, priced and warned by now: law, policy in force, prices and calendar. */
@Injectable()
export class FgtsTermsSource {
  constructor(
    private readonly policies: ActivePolicy,
    private readonly pricing: PricingDataService,
    @Inject(FGTS_DATA) private readonly data: FgtsData,
    @Inject(FGTS_CAPS) private readonly caps: LegalCaps,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  current(): FgtsTerms {
    const now = this.clock.now();
    const { version, compiled } = this.policies.current();
    const { context } = this.pricing;
    return {
      policy: { version, compiled },
      now,
      caps: capsOn(this.caps, calendarDateAt(now)),
      data: this.data,
      pricing: context,
      calendar: context.data.holidays,
      disbursementBusinessDays:
        productPolicy(compiled, 'fgts')?.section.settings.disbursement_business_days ?? 0,
    };
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
