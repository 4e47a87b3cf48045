/** What people are told of, as one closed list: first what is wrong (src/troubles), then what waits or goes astray. */
export const ALERT_KINDS = [
  'qi_down',
  'qi_failing',
  'commands_waiting',
  'webhooks_silent',
  'wins_silent',
  'signatures_silent',
  'webhooks_unhandled',
  'nobody_works',
  'unwatched',
  'clock_off',
  'certificate_ending',
  'disk_full',
  'restore_unconfirmed',
  'work_late',
  'audit_unanchored',
  'caps_near',
  'webhooks_parked',
  'tasks_due',
  'approvals_waiting',
  'activation_refused',
  'bidding_stopped',
  'pricing_drift',
  'notifications_failing',
  'rates_returned',
  'rates_in_doubt',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const ALERT_SEVERITIES = ['critical', 'warning'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** raised: it began, or a warning has become critical. reminded: it is critical, goes on, and nobody has it in hand. resolved: it is over. */
export const ALERT_STATUSES = ['raised', 'reminded', 'resolved'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** What is told of one alert. Nobody's name or number is in it. */
export interface AlertNews {
  readonly id: string;
  readonly kind: AlertKind;
  readonly status: AlertStatus;
  readonly severity: AlertSeverity;
  readonly since: Date;
  readonly count: number | null;
  readonly detail: string | null;
}

export const ALERT_PREFIX = 'alert.';
