import { Global, Module } from '@nestjs/common';
import {
  AUTHORIZATION_RULES_SOURCE,
  BUSINESS_CALENDAR_SOURCE,
  type AuthorizationRulesSource,
  type BusinessCalendarSource,
} from '../operation';
import { ActivePolicy, PolicyModule } from '../policy';
import { PricingDataService, PricingModule } from '../pricing';
import { authorizationRules } from './authorization-rules';

/** What the operation declares and others fill. */
@Global()
@Module({
  imports: [PolicyModule, PricingModule],
  providers: [
    {
      provide: AUTHORIZATION_RULES_SOURCE,
      inject: [ActivePolicy],
      useFactory: (policies: ActivePolicy): AuthorizationRulesSource => ({
        currentRules: () => authorizationRules(policies.current()),
      }),
    },
    {
      provide: BUSINESS_CALENDAR_SOURCE,
      inject: [PricingDataService],
      useFactory: (pricing: PricingDataService): BusinessCalendarSource => ({
        currentCalendar: () => pricing.context.data.holidays,
      }),
    },
  ],
  exports: [AUTHORIZATION_RULES_SOURCE, BUSINESS_CALENDAR_SOURCE],
})
export class OperationBindings {}
