export * from './domain';
export { readPricingData } from './pricing-data';
export { PricingDataService } from './pricing-data.service';
export { PricingModule } from './pricing.module';
export { runQuote } from './quote.command';
