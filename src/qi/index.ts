export { QiKeyError } from './es512';
export { QiModule } from './qi.module';
export { QI_SETTINGS, type QiSettings, type SigningScheme } from './qi-settings';
export { readAuctionEnd, type AuctionEndReading } from './read-auction-end';
export { readOperationEvent, type OperationEventReading, type Product } from './read-operation-event';
export { readProposalRequest, type ProposalRequestReading } from './read-proposal-request';
export { readEnvelope } from './read-envelope';
export type { Unreadable, UnreadableCode } from './unreadable';
export { BALANCE_WEBHOOK_TYPES, OPERATION_WEBHOOK_TYPES, WEBHOOK_TYPES } from './webhook-types';
