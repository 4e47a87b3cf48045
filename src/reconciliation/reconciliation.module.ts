import { Module } from '@nestjs/common';
import { ExposureModule } from '../exposure';
import { OperationModule } from '../operation';
import { RecoveryModule } from '../recovery';
import { GapBook } from './gap-book.service';
import { ReconciliationController } from './reconciliation.controller';
import { Reconciliation } from './reconciliation.service';
import { RunBook } from './run-book.service';

/** Needs NOTIFICATION_DESK and RESERVATION_DESK, bound by the composition root. */
@Module({
  imports: [ExposureModule, OperationModule, RecoveryModule],
  controllers: [ReconciliationController],
  providers: [GapBook, Reconciliation, RunBook],
  exports: [Reconciliation],
})
export class ReconciliationModule {}
