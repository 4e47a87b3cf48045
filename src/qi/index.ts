export { QiKeyError } from './es512';
export { errorOf } from './qi-answer';
export { QiFilterDesk } from './qi-filter-desk';
export type { QiExchange } from './qi-message';
export { openQiLine, type QiLine } from './qi-line';
export { QiModule } from './qi.module';
export type { QiSettings, SigningScheme } from './qi-settings';
export { readAuctionEnd } from './read-auction-end';
export { readEnvelope } from './read-envelope';
export { readOperationEvent, type OperationEventReading } from './read-operation-event';
export { rereadWebhook } from './reread';
export { readProposalRequest } from './read-proposal-request';
export type { Unreadable } from './unreadable';
export { readMarginNews } from './read-federal-payroll';
export { readBalanceNews } from './read-fgts';
export {
  FGTS_BALANCE_WEBHOOK_TYPES,
  MARGIN_WEBHOOK_TYPES,
  OPERATION_WEBHOOK_TYPES,
  WEBHOOK_TYPES,
} from './webhook-types';
