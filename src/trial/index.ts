export { BacktestReports } from './backtest-reports.service';
export { runBacktestCommand } from './backtest.command';
export { runDecisionReplay } from './replay.command';
export { TrialModule } from './trial.module';
