export * from './domain';
export { DebtBook, type Debt } from './debt-book.service';
export {
  COUNTED_IN,
  ExposureBook,
  NotReservedError,
  type NewExposure,
  type Refusal,
} from './exposure-book.service';
export { ExposureModule } from './exposure.module';
