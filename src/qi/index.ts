export { readAuctionEnd, type AuctionEndReading } from './read-auction-end';
export { readEnvelope } from './read-envelope';
export { readOperationEvent, type OperationEventReading, type Product } from './read-operation-event';
export { readProposalRequest, type ProposalRequestReading } from './read-proposal-request';
export type { Unreadable, UnreadableCode } from './unreadable';
export { BALANCE_WEBHOOK_TYPES, OPERATION_WEBHOOK_TYPES, WEBHOOK_TYPES } from './webhook-types';
