import { ALERT_KINDS, ALERT_PREFIX } from './alert-kinds';

const ALERT_TYPES = ALERT_KINDS.map((kind) => `${ALERT_PREFIX}${kind}` as const);

/** What became of a file that is made again and again (src/history/views). */
export const EXPORT_TYPES = ['export.ready', 'export.failed'] as const;

/** What people can be told of; systems are told of everything. */
export const PEOPLE_TYPES = [...ALERT_TYPES, ...EXPORT_TYPES] as const;

/**
 * What an endpoint may be told of. The triggers that write the outbox (migrations 1700000004000 and 1700000012500) use the
 * first ones; the others are written where they are noticed.
 */
export const EVENT_TYPES = [
  'auction.decided',
  'auction.won',
  'auction.lost',
  'operation.consent_reminder',
  'operation.disbursed',
  'operation.failed',
  'task.opened',
  ...PEOPLE_TYPES,
] as const;

/** Sent to one endpoint on demand, whatever it listens to. */
export const TRIAL_TYPE = 'notification.trial';
