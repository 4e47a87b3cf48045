export * from './domain';
export { ExposureBook, NotReservedError, type NewExposure, type Refusal } from './exposure-book.service';
export { ExposureModule } from './exposure.module';
