/** What an endpoint may be told of. The triggers that write the outbox (migration 1700000004000) use these words. */
export const EVENT_TYPES = [
  'auction.decided',
  'auction.won',
  'auction.lost',
  'operation.disbursed',
  'operation.failed',
  'task.opened',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Sent to one endpoint on demand, whatever it listens to. */
export const TRIAL_TYPE = 'notification.trial';
