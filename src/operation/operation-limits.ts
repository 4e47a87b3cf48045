import type { CommandLimits } from '../commands';
import type { EngineSettings } from '../platform';
import type { TaskKind, TimeLimits, WithdrawalPeriods } from './domain';

/** How the operation module paces its work (engine.yaml, `operation`). Durations in milliseconds unless named otherwise. */
export interface OperationLimits extends CommandLimits {
  /** Between the second person's approval of a permanent cancellation and its sending. */
  readonly undoWindowMs: number;
  /** In which a borrower may withdraw from a paid loan. */
  readonly withdrawal: WithdrawalPeriods;
  /** How soon each kind of task should be dealt with. */
  readonly taskDueHours: Readonly<Record<TaskKind, number>>;
  /** How long a loan may stand in a status. */
  readonly statusLimits: TimeLimits;
  /** How long an operation may be without the auction it belongs to. */
  readonly unlinkedAfterMinutes: number;
  /** How often loans that stand still are looked for. */
  readonly sweepMs: number;
}

export const OPERATION_LIMITS = Symbol('OperationLimits');

export function operationLimitsFrom({ operation }: EngineSettings): OperationLimits {
  const statusLimits = Object.entries(operation.status_limits).map(([status, limit]) => [
    status,
    'hours' in limit ? limit : { businessDays: limit.business_days },
  ]);
  return {
    undoWindowMs: operation.undo_window_seconds * 1_000,
    withdrawal: { days: operation.withdrawal_days, businessDays: operation.withdrawal_business_days },
    concurrency: operation.concurrency,
    pollMs: operation.poll_ms,
    retryBaseMs: operation.retry_base_ms,
    retryMaxMs: operation.retry_max_ms,
    tellAfterAttempts: operation.tell_after_attempts,
    taskDueHours: operation.task_due_hours,
    statusLimits: Object.fromEntries(statusLimits) as TimeLimits,
    unlinkedAfterMinutes: operation.unlinked_after_minutes,
    sweepMs: operation.sweep_ms,
  };
}
