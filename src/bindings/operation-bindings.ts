import { Global, Module } from '@nestjs/common';
import { AccessModule, Standings } from '../access';
import {
  ACCEPTANCE_SOURCE,
  AUTHORIZATION_RULES_SOURCE,
  BUSINESS_CALENDAR_SOURCE,
  LOAN_CLAIMS,
  WORKFORCE,
  type AuthorizationRulesSource,
  type BusinessCalendarSource,
  type Workforce,
} from '../operation';
import { AcceptanceRecords, ClaimBook, OriginationModule } from '../origination';
import { ActivePolicy, PolicyModule } from '../policy';
import { PricingDataService, PricingModule } from '../pricing';
import { authorizationRules } from './authorization-rules';

/** What the operation declares and others fill. */
@Global()
@Module({
  imports: [AccessModule, OriginationModule, PolicyModule, PricingModule],
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
    { provide: LOAN_CLAIMS, useExisting: ClaimBook },
    {
      provide: WORKFORCE,
      inject: [Standings],
      useFactory: (standings: Standings): Workforce => ({
        present: (actors) => standings.whoMay('tasks.work', actors),
      }),
    },
  ],
  exports: [ACCEPTANCE_SOURCE, AUTHORIZATION_RULES_SOURCE, BUSINESS_CALENDAR_SOURCE, LOAN_CLAIMS, WORKFORCE],
})
export class OperationBindings {}
