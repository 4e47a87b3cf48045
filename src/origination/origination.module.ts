import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands';
import { DocumentsModule } from '../documents';
import { ExposureModule } from '../exposure';
import { OperationModule } from '../operation';
import { SETTINGS, type Settings } from '../platform';
import { loadReferenceData, PolicyModule } from '../policy';
import { PricingModule } from '../pricing';
import { RecoveryModule } from '../recovery';
import { BalanceNewsService } from './balance-news.service';
import { ClaimBook } from './claim-book';
import { EstimateController } from './estimate.controller';
import { IssueOrders } from './issue-orders';
import { IssueSettlement } from './issue-settlement.service';
import { ORIGINATION_LIMITS } from './origination-limits';
import { OriginationSweep } from './origination-sweep.service';
import { ProposalBatchesController } from './proposal-batches.controller';
import { ProposalBatchesReader } from './proposal-batches.reader';
import { ProposalBatches } from './proposal-batches.service';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommandSender } from './proposal-command-sender';
import { ProposalCommands } from './proposal-commands';
import { ProposalDocumentsController } from './proposal-documents.controller';
import { AuthorizationWatch } from './products/federal-payroll/authorization-watch.service';
import { FederalPayrollProduct } from './products/federal-payroll/federal-payroll-product';
import {
  FEDERAL_PAYROLL_DATA,
  FEDERAL_PAYROLL_SETTINGS,
  federalPayrollSettingsFrom,
  readFederalPayrollData,
} from './products/federal-payroll/federal-payroll-data';
import { RefinancedContracts } from './products/federal-payroll/refinanced-contracts';
import { FGTS_DATA, readFgtsData } from './products/fgts/fgts-data';
import { FgtsTermsSource } from './products/fgts/fgts-terms.service';
import { OfferRules } from './offer-rules.service';
import { OfferTermsSource } from './offer-terms.service';
import { FgtsProduct } from './products/fgts/fgts-product';
import { ProposalProducts } from './products/proposal-products';
import { PRODUCT_CAPS } from './offer-terms.service';
import { ProposalJudge } from './proposal-judge.service';
import { ProposalLife } from './proposal-life.service';
import { ProposalTasks } from './proposal-tasks';
import { QueryTurns } from './query-turns.service';
import { ProposalsController } from './proposals.controller';
import { Proposals } from './proposals.service';

/** Needs FGTS_DESK and FEDERAL_PAYROLL_DESK, bound by the composition root. */
@Module({
  imports: [
    CommandsModule,
    DocumentsModule,
    ExposureModule,
    OperationModule,
    PolicyModule,
    PricingModule,
    RecoveryModule,
  ],
  controllers: [
    EstimateController,
    ProposalBatchesController,
    ProposalDocumentsController,
    ProposalsController,
  ],
  providers: [
    {
      provide: ORIGINATION_LIMITS,
      inject: [SETTINGS],
      useFactory: ({ engine }: Settings) => engine.origination,
    },
    { provide: FGTS_DATA, useFactory: readFgtsData },
    { provide: FEDERAL_PAYROLL_DATA, useFactory: readFederalPayrollData },
    {
      provide: FEDERAL_PAYROLL_SETTINGS,
      inject: [SETTINGS],
      useFactory: ({ engine }: Settings) => federalPayrollSettingsFrom(engine),
    },
    { provide: PRODUCT_CAPS, useFactory: () => loadReferenceData('config').caps },
    AuthorizationWatch,
    BalanceNewsService,
    FederalPayrollProduct,
    FgtsProduct,
    FgtsTermsSource,
    ClaimBook,
    IssueOrders,
    IssueSettlement,
    OfferRules,
    OfferTermsSource,
    OriginationSweep,
    ProposalBatches,
    ProposalBatchesReader,
    RefinancedContracts,
    ProposalCommandBook,
    ProposalCommandSender,
    ProposalCommands,
    ProposalJudge,
    ProposalLife,
    ProposalProducts,
    ProposalTasks,
    Proposals,
    QueryTurns,
  ],
  exports: [BalanceNewsService, ClaimBook],
})
export class OriginationModule {}
