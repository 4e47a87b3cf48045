export * from './domain';
export * from './ports';
export { AuctionModule } from './auction.module';
export { runBacktestCommand } from './backtest.command';
export { openPersonalData, shownEmployer } from './personal-data';
export { runDecisionReplay } from './replay.command';
export { readProgrammeTerms } from './programme-terms';
export { OpenAuctionService } from './bidding/open-auction.service';
export { RecordOutcomeService } from './bidding/record-outcome.service';
