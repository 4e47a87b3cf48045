import { ALERT_KINDS, ALERT_PREFIX } from './alert-kinds';

/** What people can be told of too. */
export const ALERT_TYPES = ALERT_KINDS.map((kind) => `${ALERT_PREFIX}${kind}` as const);

/**
 * What an endpoint may be told of. The triggers that write the outbox (migrations 1700000004000 and 1700000012500) use the
 * first ones; alerts are written where they are noticed (src/alerts).
 */
export const EVENT_TYPES = [
  'auction.decided',
  'auction.won',
  'auction.lost',
  'operation.consent_reminder',
  'operation.disbursed',
  'operation.failed',
  'task.opened',
  ...ALERT_TYPES,
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Sent to one endpoint on demand, whatever it listens to. */
export const TRIAL_TYPE = 'notification.trial';
