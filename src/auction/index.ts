export * from './domain';
export * from './ports';
export { AuctionModule } from './auction.module';
export { decisionDataSha256 } from './decision-data';
export { shownEmployer, knownPersonalData, type PersonalData } from './personal-data';
export { PROGRAMME_TERMS, readProgrammeTerms } from './programme-terms';
export { OpenAuctionService } from './bidding/open-auction.service';
export { RecordOutcomeService } from './bidding/record-outcome.service';
export { StoredRequests } from './bidding/stored-requests.service';
