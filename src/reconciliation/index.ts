export * from './ports';
export { ReconciliationModule } from './reconciliation.module';
export { runWebhookReplay, type WebhookReplayOptions } from './replay-webhooks.command';
