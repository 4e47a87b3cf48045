export { AcceptanceRecords } from './acceptance-records';
export { BalanceNewsService } from './balance-news.service';
export { ClaimBook } from './claim-book';
export { OriginationModule } from './origination.module';
export * from './ports';
