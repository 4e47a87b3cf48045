import type { AlertKind, AlertSeverity } from '../../notifications/domain';

/** Something that people should know of, as it was found just now. */
export interface FoundAlert {
  readonly kind: AlertKind;
  /** Which of its kind; empty where there is one at most. */
  readonly subject: string;
  readonly severity: AlertSeverity;
  readonly since: Date;
  readonly count: number | null;
  readonly detail: string | null;
}

/** One that was raised and is not over. */
export interface OpenAlert extends FoundAlert {
  readonly id: string;
  readonly seen_at: Date;
  /** When people were last told. */
  readonly told_at: Date;
  readonly acknowledged_at: Date | null;
}

/** The page of docs/runbooks that says what to do. */
export const ALERT_RUNBOOKS: Readonly<Record<AlertKind, string>> = {
  qi_down: 'qi-down',
  qi_failing: 'qi-down',
  commands_waiting: 'qi-down',
  webhooks_silent: 'qi-silent',
  wins_silent: 'no-wins',
  signatures_silent: 'no-signatures',
  webhooks_unhandled: 'webhooks',
  nobody_works: 'database-down',
  unwatched: 'unwatched',
  clock_off: 'clock-off',
  certificate_ending: 'certificate-ending',
  disk_full: 'disk-full',
  caps_near: 'limits-reached',
  tasks_due: 'tasks-due',
  approvals_waiting: 'approvals-waiting',
  pricing_drift: 'pricing-drift',
  notifications_failing: 'notifications-failing',
};
