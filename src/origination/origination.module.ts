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
import { EstimateController } from './estimate.controller';
import { FGTS_CAPS, FGTS_DATA, readFgtsData } from './fgts-data';
import { FgtsTermsSource } from './fgts-terms.service';
import { IssueOrders } from './issue-orders';
import { IssueSettlement } from './issue-settlement.service';
import { ORIGINATION_LIMITS, originationLimitsFrom } from './origination-limits';
import { OriginationSweep } from './origination-sweep.service';
import { ProposalBatchesController } from './proposal-batches.controller';
import { ProposalBatchesReader } from './proposal-batches.reader';
import { ProposalBatches } from './proposal-batches.service';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommandSender } from './proposal-command-sender';
import { ProposalCommands } from './proposal-commands';
import { ProposalDocumentsController } from './proposal-documents.controller';
import { ProposalJudge } from './proposal-judge.service';
import { ProposalLife } from './proposal-life.service';
import { ProposalTasks } from './proposal-tasks';
import { ProposalsController } from './proposals.controller';
import { Proposals } from './proposals.service';

/** Needs ORIGINATION_DESK, bound by the composition root. */
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
      useFactory: ({ engine }: Settings) => originationLimitsFrom(engine),
    },
    { provide: FGTS_DATA, useFactory: () => readFgtsData() },
    { provide: FGTS_CAPS, useFactory: () => loadReferenceData('config').caps.fgts },
    BalanceNewsService,
    FgtsTermsSource,
    IssueOrders,
    IssueSettlement,
    OriginationSweep,
    ProposalBatches,
    ProposalBatchesReader,
    ProposalCommandBook,
    ProposalCommandSender,
    ProposalCommands,
    ProposalJudge,
    ProposalLife,
    ProposalTasks,
    Proposals,
  ],
  exports: [BalanceNewsService],
})
export class OriginationModule {}
