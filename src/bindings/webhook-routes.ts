import type { OpenAuctionService, RecordOutcomeService } from '../auction';
import type { WebhookEvent, WebhookRoute, WebhookRouter } from '../inbox';
import type { OperationService } from '../operation';
import type { BalanceNewsService } from '../origination';
import {
  BALANCE_WEBHOOK_TYPES,
  FGTS_BALANCE_WEBHOOK_TYPES,
  OPERATION_WEBHOOK_TYPES,
  WEBHOOK_TYPES,
  readAuctionEnd,
  readBalanceNews,
  readOperationEvent,
  readProposalRequest,
  type Unreadable,
} from '../qi';

/** Who deals with which webhook: the one place where QI's types meet our modules. */
export function createWebhookRouter(
  openAuction: OpenAuctionService,
  recordOutcome: RecordOutcomeService,
  operations: OperationService,
  balances: BalanceNewsService,
): WebhookRouter {
  const balanceRoute = (event: WebhookEvent): WebhookRoute => {
    const reading = readBalanceNews(event.document);
    if (reading.kind !== 'read') return refuse(reading);
    return { handler: (_, tx) => balances.record(tx, event, reading) };
  };
  const operationRoute = (event: WebhookEvent): WebhookRoute => {
    const reading = readOperationEvent(event.document);
    if (reading.kind !== 'read') return refuse(reading);
    return { handler: (_, tx) => operations.recordEvent(tx, event, reading) };
  };
  const routes = new Map<string, (event: WebhookEvent) => WebhookRoute>([
    [
      WEBHOOK_TYPES.proposalRequest,
      (event) => {
        const reading = readProposalRequest(event.document);
        if (reading.kind !== 'read') return refuse(reading);
        const { request } = reading;
        return {
          take: () => openAuction.take(event, request),
          handler: (_, tx) => openAuction.open(event, request, tx),
        };
      },
    ],
    [
      WEBHOOK_TYPES.auctionEnd,
      (event) => {
        const reading = readAuctionEnd(event.document);
        if (reading.kind !== 'read') return refuse(reading);
        return { handler: (_, tx) => recordOutcome.record(reading.end, tx) };
      },
    ],
    ...FGTS_BALANCE_WEBHOOK_TYPES.map((type) => [type, balanceRoute] as const),
    ...[...OPERATION_WEBHOOK_TYPES, ...BALANCE_WEBHOOK_TYPES].map((type) => [type, operationRoute] as const),
  ]);
  return {
    knows: (type) => routes.has(type ?? ''),
    routeOf: (event) => routes.get(event.type ?? '')?.(event),
  };
}

/** Kept and shown to a person: what cannot be read is never guessed at, what we have no use for is never lost. */
function refuse(reading: Unreadable | { readonly kind: 'unsupported' }): WebhookRoute {
  const reason = reading.kind === 'unreadable' ? reading.code : 'unsupported_type';
  return { handler: () => Promise.resolve({ kind: 'parked', reason }) };
}
