import { Module } from '@nestjs/common';
import { AuthorizationReview } from './authorization-review.service';
import { CommandBook } from './command-book.service';
import { CommandOutcome } from './command-outcome.service';
import { CommandSender } from './command-sender.service';
import { OperationLife } from './operation-life.service';
import { defaultOperationLimits, OPERATION_LIMITS } from './operation-limits';
import { OperationService } from './operation.service';
import { TaskDesk } from './task-desk.service';

/** Needs RESERVATION_DESK, AUTHORIZATION_RULES_SOURCE and BUSINESS_CALENDAR_SOURCE, bound by the composition root. */
@Module({
  providers: [
    { provide: OPERATION_LIMITS, useValue: defaultOperationLimits },
    AuthorizationReview,
    CommandBook,
    CommandOutcome,
    CommandSender,
    OperationLife,
    OperationService,
    TaskDesk,
  ],
  exports: [OperationService],
})
export class OperationModule {}
