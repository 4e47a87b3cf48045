import type { AlertKind, AlertSeverity } from '../../notifications/domain';
import { RUNBOOKS } from '../../troubles/domain';

/** Which alert it is: one of the same name at most is open. */
export interface AlertName {
  readonly kind: AlertKind;
  /** Which of its kind; empty where there is one at most. */
  readonly subject: string;
}

/** Something that people should know of, as it was found just now. */
export interface FoundAlert extends AlertName {
  readonly severity: AlertSeverity;
  readonly since: Date;
  readonly count: number | null;
  readonly detail: string | null;
}

/** What one look tells. */
export interface AlertsSeen {
  readonly found: readonly FoundAlert[];
  /** Of which nobody can tell now: that one was not found does not say that it is over. */
  readonly untold: readonly AlertName[];
}

/** One that was raised and is not over. */
export interface OpenAlert extends FoundAlert {
  readonly id: string;
  readonly seen_at: Date;
  /** When people were last told. */
  readonly told_at: Date;
  /** Of how many, of those that are still there; null where a release before told them, which does not say. */
  readonly told_count: number | null;
  readonly acknowledged_at: Date | null;
}

const { database_down: _, ...OF_TROUBLES } = RUNBOOKS; // without it nobody can be told

/** The page of docs/runbooks that says what to do. */
export const ALERT_RUNBOOKS: Readonly<Record<AlertKind, string>> = {
  ...OF_TROUBLES,
  restore_unconfirmed: 'restore',
  work_late: 'work-late',
  audit_unanchored: 'audit',
  caps_near: 'limits-reached',
  webhooks_parked: 'webhooks-parked',
  tasks_due: 'tasks-due',
  approvals_waiting: 'approvals-waiting',
  activation_refused: 'activation-refused',
  bidding_stopped: 'stop-bidding',
  pricing_drift: 'pricing-drift',
  notifications_failing: 'notifications-failing',
  rates_returned: 'learned-rates',
  rates_in_doubt: 'rates-in-doubt',
};

/** Of which one more is something that nobody was told of: whoever has the others in hand does not know. */
export function isToldOfMore({ kind, severity }: FoundAlert): boolean {
  return kind === 'work_late' || (kind === 'webhooks_parked' && severity === 'critical');
}
