import type { OpenAuctionService, RecordOutcomeService } from './auction';
import type { Handling, WebhookEvent, WebhookHandler, WebhookRouter } from './inbox';
import type { OperationService } from './operation';
import {
  BALANCE_WEBHOOK_TYPES,
  OPERATION_WEBHOOK_TYPES,
  WEBHOOK_TYPES,
  readAuctionEnd,
  readOperationEvent,
  readProposalRequest,
  type Unreadable,
} from './qi';

/** Who deals with which webhook: the one place where QI's types meet our modules. */
export function createWebhookRouter(
  openAuction: OpenAuctionService,
  recordOutcome: RecordOutcomeService,
  operations: OperationService,
): WebhookRouter {
  const operationHandler: WebhookHandler = (event, tx) => {
    const reading = readOperationEvent(event.document);
    return reading.kind === 'read' ? operations.recordEvent(tx, event, reading) : refuse(reading);
  };
  const handlers = new Map<string, WebhookHandler>([
    [
      WEBHOOK_TYPES.proposalRequest,
      (event, tx) => {
        const reading = readProposalRequest(event.document);
        return reading.kind === 'read' ? openAuction.open(event, reading.request, tx) : refuse(reading);
      },
    ],
    [
      WEBHOOK_TYPES.auctionEnd,
      (event, tx) => {
        const reading = readAuctionEnd(event.document);
        return reading.kind === 'read' ? recordOutcome.record(reading.end, tx) : refuse(reading);
      },
    ],
    ...[...OPERATION_WEBHOOK_TYPES, ...BALANCE_WEBHOOK_TYPES].map(
      (type) => [type, operationHandler] as const,
    ),
  ]);
  return (event: WebhookEvent) => handlers.get(event.type ?? '');
}

/** Kept and shown to a person: what cannot be read is never guessed at, what we have no use for is never lost. */
function refuse(reading: Unreadable | { readonly kind: 'unsupported' }): Promise<Handling> {
  return Promise.resolve({
    kind: 'parked',
    reason: reading.kind === 'unreadable' ? reading.code : 'unsupported_type',
  });
}
