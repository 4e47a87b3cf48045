export { QiFiltersModule } from './filters.module';
export {
  REQUEST_LIMITS_SOURCE,
  type Bounds,
  type RequestLimits,
  type RequestLimitsSource,
} from './requester-filter';
