export { runArchiveCommand, runArchiveQuery, runArchiveVerify } from './archive/archive.command';
export { runRetentionCommand } from './retention.command';
export { RetentionModule } from './retention.module';
