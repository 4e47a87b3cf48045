export { runRetentionCommand } from './retention.command';
export { RetentionModule } from './retention.module';
