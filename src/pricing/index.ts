export * from './domain';
export { readPricingData, PricingDataError } from './pricing-data';
export { PricingDataService } from './pricing-data.service';
