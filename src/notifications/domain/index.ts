export { CLOUD_EVENT_TYPE, writeCloudEvent, type NotificationEvent } from './cloud-event';
export { EVENT_TYPES, TRIAL_TYPE, type EventType } from './event-types';
export { waitAfter, type RetrySchedule } from './retry-schedule';
export { signWebhook, writeSecret, type WebhookMessage } from './standard-webhook';
