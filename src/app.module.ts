import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ZodSerializerInterceptor, ZodValidationPipe } from 'nestjs-zod';
import { AccessModule } from './access';
import { AlertsModule } from './alerts';
import { AuctionModule } from './auction';
import {
  AuctionBindings,
  InboxBindings,
  IntakeBindings,
  OperationBindings,
  PolicyBindings,
} from './bindings';
import { ConformanceModule } from './conformance';
import { HistoryModule } from './history';
import { InboxModule } from './inbox';
import { QiFiltersModule } from './intake';
import { systemClock, type Clock } from './kernel';
import { MonitoringModule } from './monitoring';
import { NotificationsModule } from './notifications';
import { OperationModule } from './operation';
import { OriginationModule } from './origination';
import { Draining, PlatformModule, ProblemFilter, type Logger, type Settings } from './platform';
import { PolicyModule } from './policy';
import { PricingModule } from './pricing';
import { QiModule } from './qi';
import { ReconciliationModule } from './reconciliation';
import { RetentionModule } from './retention';
import { SetupModule } from './setup';
import { TrialModule } from './trial';
import { TroublesModule } from './troubles';
import { WinningModule } from './winning';

/** The composition root: the one place that knows who stands behind which port. */
@Module({})
export class AppModule implements OnModuleDestroy {
  constructor(private readonly draining: Draining) {}

  /** @param clock another one than the machine's, where a past is played (demo/) */
  static forRoot(settings: Settings, logger: Logger, clock: Clock = systemClock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(settings, logger, clock),
        AccessModule,
        QiModule,
        PolicyModule,
        PricingModule,
        PolicyBindings,
        AuctionBindings,
        OperationBindings,
        IntakeBindings,
        InboxBindings,
        AuctionModule,
        TrialModule,
        WinningModule,
        OperationModule,
        OriginationModule,
        InboxModule,
        ReconciliationModule,
        NotificationsModule,
        AlertsModule,
        QiFiltersModule,
        HistoryModule,
        TroublesModule,
        MonitoringModule,
        RetentionModule,
        ConformanceModule,
        SetupModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: ZodValidationPipe },
        { provide: APP_INTERCEPTOR, useClass: ZodSerializerInterceptor },
      ],
    };
  }

  /** The first of these hooks: the root's. */
  onModuleDestroy(): void {
    this.draining.begin();
  }
}
