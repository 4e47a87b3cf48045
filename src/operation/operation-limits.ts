import type { CommandLimits } from '../commands';
import type { EngineSettings } from '../platform';
import type {
  MarginLimits,
  PayrollHours,
  TaskKind,
  TimeLimit,
  TimeLimits,
  WithdrawalPeriods,
} from './domain';

/** How the operation module paces its work (engine.yaml, `operation`). Durations in milliseconds unless named otherwise. */
export interface OperationLimits extends CommandLimits {
  /** Inquiries after a command whose answer was lost before "QI knows nothing of it" is believed. */
  readonly commandInquiries: number;
  /** Between the second person's approval and the sending of what was approved. */
  readonly undoWindowMs: number;
  /** In which a borrower may withdraw from a paid loan. */
  readonly withdrawal: WithdrawalPeriods;
  /** How soon each kind of task should be dealt with. */
  readonly taskDueHours: Readonly<Record<TaskKind, number>>;
  /** How long a loan may stand in a status. */
  readonly statusLimits: TimeLimits;
  /** How long a margin may stand in a status, beyond the time for consent where the servant is asked. */
  readonly marginLimits: MarginLimits;
  /** How long the servant has to consent. */
  readonly consentDays: number;
  /** Days after the question on which its reminders are told. */
  readonly consentReminderDays: readonly number[];
  /** When SIAPE takes the reservation of a margin. */
  readonly payrollHours: PayrollHours;
  /** How long an operation may be without the auction it belongs to. */
  readonly unlinkedAfterMinutes: number;
  /** How often loans that stand still, and tasks of people who have left, are looked for. */
  readonly sweepMs: number;
}

export const OPERATION_LIMITS = Symbol('OperationLimits');

export function operationLimitsFrom(engine: EngineSettings): OperationLimits {
  const { operation } = engine;
  return {
    undoWindowMs: operation.undo_window_seconds * 1_000,
    withdrawal: { days: operation.withdrawal_days, businessDays: operation.withdrawal_business_days },
    concurrency: operation.concurrency,
    pollMs: operation.poll_ms,
    retryBaseMs: operation.retry_base_ms,
    retryMaxMs: operation.retry_max_ms,
    tellAfterAttempts: operation.tell_after_attempts,
    commandInquiries: operation.command_inquiries,
    taskDueHours: operation.task_due_hours,
    statusLimits: limitsOf(operation.status_limits),
    marginLimits: limitsOf(operation.margin_limits),
    consentDays: operation.consent_days,
    consentReminderDays: operation.consent_reminder_days,
    payrollHours: payrollHoursFrom(engine),
    unlinkedAfterMinutes: operation.unlinked_after_minutes,
    sweepMs: operation.sweep_ms,
  };
}

/** Of queries and of reservations alike (engine.yaml, `origination.federal_payroll`). */
export function payrollHoursFrom({
  origination: { federal_payroll: settings },
}: EngineSettings): PayrollHours {
  return {
    opensAtHour: settings.opens_at_hour,
    closesAtHour: settings.closes_at_hour,
    businessDaysOnly: settings.business_days_only,
  };
}

type WrittenLimit = { readonly hours: number } | { readonly business_days: number };

function limitsOf<Status extends string>(
  written: Readonly<Record<Status, WrittenLimit>>,
): Readonly<Record<Status, TimeLimit>> {
  const limits = Object.entries<WrittenLimit>(written).map(([status, limit]) => [
    status,
    'hours' in limit ? limit : { businessDays: limit.business_days },
  ]);
  return Object.fromEntries(limits) as Record<Status, TimeLimit>;
}
