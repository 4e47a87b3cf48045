export { QiKeyError } from './es512';
export { QiFiltersModule } from './filters.module';
export { errorOf } from './qi-answer';
export type { QiExchange } from './qi-message';
export { openQiLine, type QiLine } from './qi-line';
export { QiModule } from './qi.module';
export type { QiSettings, SigningScheme } from './qi-settings';
export { readAuctionEnd } from './read-auction-end';
export { readEnvelope } from './read-envelope';
export { readOperationEvent, type OperationEventReading } from './read-operation-event';
export { rereadWebhook } from './reread';
export { readProposalRequest } from './read-proposal-request';
export {
  REQUEST_LIMITS_SOURCE,
  type Bounds,
  type RequestLimits,
  type RequestLimitsSource,
} from './requester-filter';
export type { Unreadable } from './unreadable';
export { BALANCE_WEBHOOK_TYPES, OPERATION_WEBHOOK_TYPES, WEBHOOK_TYPES } from './webhook-types';
