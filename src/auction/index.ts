export * from './domain';
export * from './ports';
export { AuctionModule } from './auction.module';
export { openPersonalData } from './personal-data';
export { OpenAuctionService } from './open-auction.service';
export { RecordOutcomeService } from './record-outcome.service';
