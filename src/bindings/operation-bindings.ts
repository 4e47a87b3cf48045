import { Global, Module } from '@nestjs/common';
import {
  ACCEPTANCE_SOURCE,
  AUTHORIZATION_RULES_SOURCE,
  BUSINESS_CALENDAR_SOURCE,
  type AuthorizationRulesSource,
  type BusinessCalendarSource,
} from '../operation';
import { AcceptanceRecords } from '../origination';
import { ActivePolicy, PolicyModule } from '../policy';
import { PricingDataService, PricingModule } from '../pricing';
import { authorizationRules } from './authorization-rules';

/** What the operation declares and others fill. */
@Global()
@Module({
  imports: [PolicyModule, PricingModule],
  providers: [
    { provide: ACCEPTANCE_SOURCE, useClass: AcceptanceRecords },
    {
      provide: AUTHORIZATION_RULES_SOURCE,
      inject: [ActivePolicy],
      useFactory: (policies: ActivePolicy): AuthorizationRulesSource => ({
        rulesInForce: async (tx) => authorizationRules(await policies.inForce(tx)),
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
  exports: [ACCEPTANCE_SOURCE, AUTHORIZATION_RULES_SOURCE, BUSINESS_CALENDAR_SOURCE],
})
export class OperationBindings {}
