export * from './ports';
export { ReconciliationModule } from './reconciliation.module';
