import type { CommandLimits } from '../commands';
import type { EngineSettings } from '../platform';
import type { MarginLimits, PayrollHours, TimeLimit, TimeLimits, WithdrawalPeriods } from './domain';

/** How the operation module paces its work (engine.yaml, `operation`): what is read as it stands there, and what is reckoned of it. */
export interface OperationLimits
  extends
    CommandLimits,
    Pick<
      EngineSettings['operation'],
      | 'command_inquiries'
      | 'consent_days'
      | 'consent_reminder_days'
      | 'sweep_ms'
      | 'task_due_hours'
      | 'unlinked_after_minutes'
    > {
  /** Between the second person's approval and the sending of what was approved. */
  readonly undoWindowMs: number;
  /** In which a borrower may withdraw from a paid loan. */
  readonly withdrawal: WithdrawalPeriods;
  /** How long a loan may stand in a status. */
  readonly statusLimits: TimeLimits;
  /** How long a margin may stand in a status, beyond the time for consent where the servant is asked. */
  readonly marginLimits: MarginLimits;
  /** When SIAPE takes the reservation of a margin. */
  readonly payrollHours: PayrollHours;
}

export const OPERATION_LIMITS = Symbol('OperationLimits');

export function operationLimitsFrom(engine: EngineSettings): OperationLimits {
  const { operation } = engine;
  return {
    ...operation,
    undoWindowMs: operation.undo_window_seconds * 1_000,
    withdrawal: { days: operation.withdrawal_days, businessDays: operation.withdrawal_business_days },
    statusLimits: limitsOf(operation.status_limits),
    marginLimits: limitsOf(operation.margin_limits),
    payrollHours: payrollHoursFrom(engine),
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
