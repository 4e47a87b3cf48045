export { ActivePolicy } from './active-policy.service';
export { BacktestReports, type BacktestReport } from './backtest-reports.service';
export * from './domain';
export { runPolicyCommand, type PolicyCommandContext } from './policy.command';
export { PolicyLibrary, type ActivePolicyVersion } from './policy-library.service';
export { PolicyLists } from './policy-lists.service';
export * from './policy.module';
export { loadReferenceData } from './reference-data';
export { PolicyFileError } from './seed-policy';
