export * from './ports';
export { ReconciliationModule } from './reconciliation.module';
export { runReplayCommand, type ReplayOptions } from './replay.command';
