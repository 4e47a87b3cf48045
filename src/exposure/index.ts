export * from './domain';
export {
  ExposureBook,
  NotReservedError,
  type NewExposure,
  type Refusal,
  type Standing,
} from './exposure-book.service';
export { ExposureModule } from './exposure.module';
