export { RecoveryBook, awaitsConfirmation } from './recovery-book.service';
export { RecoveryGeneration } from './recovery-generation.service';
export { RecoveryModule } from './recovery.module';
export { RestoreSteps, type RestoreCounts } from './restore-steps';
