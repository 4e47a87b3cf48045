import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ZodSerializerInterceptor, ZodValidationPipe } from 'nestjs-zod';
import { AccessModule } from './access';
import {
  AuctionModule,
  OPERATION_OPENER,
  OpenAuctionService,
  PROPOSAL_REQUEST_READER,
  RecordOutcomeService,
  WORK_QUEUE,
  type OperationOpener,
  type ProposalRequestReader,
  type WorkQueue,
} from './auction';
import { HistoryModule } from './history';
import { InboxModule, WEBHOOK_ROUTER } from './inbox';
import { NotificationsModule } from './notifications';
import {
  AUTHORIZATION_RULES_SOURCE,
  BUSINESS_CALENDAR_SOURCE,
  OperationModule,
  OperationService,
  TaskDesk,
  type AuthorizationRulesSource,
  type BusinessCalendarSource,
} from './operation';
import { PlatformModule, ProblemFilter, type Logger, type Settings } from './platform';
import { ActivePolicy, PolicyModule } from './policy';
import { PricingDataService, PricingModule } from './pricing';
import {
  QiFiltersModule,
  QiModule,
  readProposalRequest,
  REQUEST_LIMITS_SOURCE,
  type RequestLimitsSource,
} from './qi';
import { ReconciliationModule } from './reconciliation';
import { RetentionModule } from './retention';
import { authorizationRules } from './authorization-rules';
import { requestLimits } from './request-limits';
import { createWebhookRouter } from './webhook-routes';

/** What the auction declares and others fill. */
@Global()
@Module({
  imports: [OperationModule],
  providers: [
    {
      provide: OPERATION_OPENER,
      inject: [OperationService],
      useFactory: (operations: OperationService): OperationOpener => ({
        recordWon: (tx, { bid, ...win }) =>
          operations.recordWon(tx, {
            ...win,
            requestControlKey: bid?.requestControlKey,
            disbursedIssueAmount: bid?.disbursedIssueAmount,
            installmentFaceValue: bid?.installmentFaceValue,
            numberOfInstallments: bid?.numberOfInstallments,
            monthlyInterestRate: bid?.monthlyInterestRate,
          }),
        announce: () => {
          operations.announce();
        },
      }),
    },
    {
      provide: WORK_QUEUE,
      inject: [TaskDesk],
      useFactory: (tasks: TaskDesk): WorkQueue => ({
        open: (tx, { auctionKey, kind, code, message, actor }) =>
          tasks.openForAuction(tx, auctionKey, kind, { code, message }, actor),
      }),
    },
    {
      provide: PROPOSAL_REQUEST_READER,
      useValue: ((document) => {
        const reading = readProposalRequest(document);
        return reading.kind === 'read' ? reading.request : undefined;
      }) satisfies ProposalRequestReader,
    },
  ],
  exports: [OPERATION_OPENER, PROPOSAL_REQUEST_READER, WORK_QUEUE],
})
class AuctionBindings {}

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
class OperationBindings {}

/** What QI's side declares and others fill. */
@Global()
@Module({
  imports: [PolicyModule],
  providers: [
    {
      provide: REQUEST_LIMITS_SOURCE,
      inject: [ActivePolicy],
      useFactory: (policies: ActivePolicy): RequestLimitsSource => ({
        current: () => {
          const { version, compiled } = policies.current();
          return { limits: requestLimits(compiled), policy: { version, hash: compiled.hash } };
        },
      }),
    },
  ],
  exports: [REQUEST_LIMITS_SOURCE],
})
class QiBindings {}

/** What the inbox declares and others fill. */
@Global()
@Module({
  imports: [AuctionModule, OperationModule],
  providers: [
    {
      provide: WEBHOOK_ROUTER,
      inject: [OpenAuctionService, RecordOutcomeService, OperationService],
      useFactory: createWebhookRouter,
    },
  ],
  exports: [WEBHOOK_ROUTER],
})
class InboxBindings {}

/** The composition root: the one place that knows who stands behind which port. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(settings, logger),
        AccessModule,
        QiModule,
        PolicyModule,
        PricingModule,
        AuctionBindings,
        OperationBindings,
        QiBindings,
        InboxBindings,
        AuctionModule,
        OperationModule,
        InboxModule,
        ReconciliationModule,
        NotificationsModule,
        QiFiltersModule,
        HistoryModule,
        RetentionModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: ZodValidationPipe },
        { provide: APP_INTERCEPTOR, useClass: ZodSerializerInterceptor },
      ],
    };
  }
}
