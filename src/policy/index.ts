export { ActivePolicy } from './active-policy.service';
export { BacktestReports, type BacktestReport } from './backtest-reports.service';
export * from './domain';
export { runPolicyCommand, type PolicyCommandContext } from './policy.command';
export { type ActivePolicyVersion } from './policy-library.service';
export * from './policy.module';
export { loadReferenceData } from './reference-data';
export { PolicyFileError } from './seed-policy';
