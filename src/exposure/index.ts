export * from './domain';
export { DebtBook } from './debt-book.service';
export {
  COUNTED_IN,
  ExposureBook,
  NotReservedError,
  type NewExposure,
  type Refusal,
} from './exposure-book.service';
export { ExposureModule } from './exposure.module';
