import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands';
import { DocumentsModule } from '../documents';
import { ExposureModule } from '../exposure';
import { SETTINGS, type Settings } from '../platform';
import { RecoveryModule } from '../recovery';
import { ApprovalActions } from './approval-actions.service';
import { ApprovalBook } from './approval-book.service';
import { ApprovalController } from './approval.controller';
import { AuthorizationReview } from './authorization-review.service';
import { ComebackWatch } from './comeback-watch.service';
import { ConsentWatch } from './consent-watch.service';
import { LateWithdrawals } from './late-withdrawals.service';
import { OperationAsks } from './operation-asks.service';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommands } from './operation-commands';
import { OperationCommandSender } from './operation-command-sender';
import { EvidenceExport } from './evidence-export.service';
import { IdempotentRequests } from './idempotent-requests.service';
import { KillSwitch } from './kill-switch.service';
import { KillSwitchController } from './kill-switch.controller';
import { OperationDocumentsController } from './operation-documents.controller';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, operationLimitsFrom } from './operation-limits';
import { OperationController } from './operation.controller';
import { OperationService } from './operation.service';
import { OperatorActions } from './operator-actions.service';
import { TakeBack } from './take-back.service';
import { PaidAmounts } from './paid-amounts.service';
import { PaidOffWatch } from './paid-off-watch.service';
import { PAYROLL_CALENDAR, readPayrollCalendar } from './payroll-calendar';
import { StandstillWatch } from './standstill-watch.service';
import { TaskActions } from './task-actions.service';
import { TaskController } from './task.controller';
import { TaskDesk } from './task-desk.service';
import { TaskOwnerWatch } from './task-owner-watch.service';
import { Withdrawals } from './withdrawals.service';

/** Needs RESERVATION_DESK, ACCEPTANCE_SOURCE, AUTHORIZATION_RULES_SOURCE, BUSINESS_CALENDAR_SOURCE, LOAN_CLAIMS and WORKFORCE, bound by the composition root. */
@Module({
  imports: [CommandsModule, DocumentsModule, ExposureModule, RecoveryModule],
  controllers: [
    ApprovalController,
    KillSwitchController,
    OperationController,
    OperationDocumentsController,
    TaskController,
  ],
  providers: [
    {
      provide: OPERATION_LIMITS,
      inject: [SETTINGS],
      useFactory: ({ engine }: Settings) => operationLimitsFrom(engine),
    },
    { provide: PAYROLL_CALENDAR, useFactory: readPayrollCalendar },
    ApprovalActions,
    ApprovalBook,
    AuthorizationReview,
    ComebackWatch,
    ConsentWatch,
    EvidenceExport,
    IdempotentRequests,
    KillSwitch,
    LateWithdrawals,
    OperationAsks,
    OperationCommandBook,
    OperationCommands,
    OperationCommandSender,
    OperationLife,
    OperationService,
    OperatorActions,
    TakeBack,
    TaskActions,
    PaidAmounts,
    PaidOffWatch,
    StandstillWatch,
    TaskDesk,
    TaskOwnerWatch,
    Withdrawals,
  ],
  exports: [IdempotentRequests, OperationService, PAYROLL_CALENDAR, TaskDesk],
})
export class OperationModule {}
