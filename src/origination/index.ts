export { AcceptanceRecords } from './acceptance-records';
export { BalanceNewsService } from './balance-news.service';
export { OriginationModule } from './origination.module';
export * from './ports';
