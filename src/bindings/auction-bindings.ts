import { Global, Module } from '@nestjs/common';
import {
  OPERATION_OPENER,
  PROPOSAL_REQUEST_READER,
  RATE_MODELS,
  WORK_QUEUE,
  type OperationOpener,
  type ProposalRequestReader,
  type WorkQueue,
} from '../auction';
import { OperationModule, OperationService, TaskDesk } from '../operation';
import { readProposalRequest } from '../qi';
import { ActiveRateModels, WinningModule } from '../winning';

/** What the auction declares and others fill. */
@Global()
@Module({
  imports: [OperationModule, WinningModule],
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
    { provide: RATE_MODELS, useExisting: ActiveRateModels },
    {
      provide: PROPOSAL_REQUEST_READER,
      useValue: ((document) => {
        const reading = readProposalRequest(document);
        return reading.kind === 'read' ? reading.request : undefined;
      }) satisfies ProposalRequestReader,
    },
  ],
  exports: [OPERATION_OPENER, PROPOSAL_REQUEST_READER, RATE_MODELS, WORK_QUEUE],
})
export class AuctionBindings {}
