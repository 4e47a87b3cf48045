import { Module } from '@nestjs/common';
import { RecoveryBook } from './recovery-book.service';
import { RecoveryController } from './recovery.controller';
import { RecoveryGeneration } from './recovery-generation.service';
import { RestoreSteps } from './restore-steps';

/** Whether this is the database that we knew, and what people must look at when it is not. */
@Module({
  controllers: [RecoveryController],
  providers: [RecoveryBook, RecoveryGeneration, RestoreSteps],
  exports: [RecoveryBook, RecoveryGeneration, RestoreSteps],
})
export class RecoveryModule {}
