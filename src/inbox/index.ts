export * from './domain';
export { InboxModule } from './inbox.module';
export { WEBHOOK_GATE, type Admission, type Delivery, type Envelope, type WebhookGate } from './ports';
export { releaseWaiting } from './release-waiting';
export { WEBHOOK_ROUTER, type WebhookRouter } from './webhook-dispatcher.service';
export { openWebhookDoor, WEBHOOK_PATH } from './webhook-door';
export type { WebhookEvent } from './webhook-event';
export type { Handling, TakenEvent, WebhookRoute } from './webhook-handler';
