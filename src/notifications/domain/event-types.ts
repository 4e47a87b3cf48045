/** What an endpoint may be told of. The triggers that write the outbox (migrations 1700000004000 and 1700000012500) use these words. */
export const EVENT_TYPES = [
  'auction.decided',
  'auction.won',
  'auction.lost',
  'operation.consent_reminder',
  'operation.disbursed',
  'operation.failed',
  'task.opened',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Sent to one endpoint on demand, whatever it listens to. */
export const TRIAL_TYPE = 'notification.trial';
