export * from './domain';
export * from './ports';
export { AuctionModule } from './auction.module';
export { OpenAuctionService } from './open-auction.service';
export { RecordOutcomeService } from './record-outcome.service';
