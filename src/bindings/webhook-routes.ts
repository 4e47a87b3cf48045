import type { OpenAuctionService, RecordOutcomeService } from '../auction';
import type { WebhookEvent, WebhookRoute, WebhookRouter } from '../inbox';
import type { OperationService } from '../operation';
import type { BalanceNewsService } from '../origination';
import {
  FGTS_BALANCE_WEBHOOK_TYPES,
  MARGIN_WEBHOOK_TYPES,
  OPERATION_WEBHOOK_TYPES,
  WEBHOOK_TYPES,
  readAuctionEnd,
  readBalanceNews,
  readMarginNews,
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
  const balanceRoute =
    (read: typeof readBalanceNews) =>
    (event: WebhookEvent): WebhookRoute => {
      const reading = read(event.document);
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
    ...FGTS_BALANCE_WEBHOOK_TYPES.map((type) => [type, balanceRoute(readBalanceNews)] as const),
    ...MARGIN_WEBHOOK_TYPES.map((type) => [type, balanceRoute(readMarginNews)] as const),
    ...OPERATION_WEBHOOK_TYPES.map((type) => [type, operationRoute] as const),
  ]);
  return {
    knows: (type) => routes.has(type ?? ''),
    routeOf: (event) => routes.get(event.type ?? '')?.(event),
  };
}

/** Kept and shown to a person: what cannot be read is never guessed at. */
function refuse({ code: reason }: Unreadable): WebhookRoute {
  return { handler: () => Promise.resolve({ kind: 'parked', reason }) };
}
