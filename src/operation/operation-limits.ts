import type { TaskKind, TimeLimits } from './domain';

/** How the operation module paces its work. Durations in milliseconds unless named otherwise. */
export interface OperationLimits {
  /** Between the second person's approval of a permanent cancellation and its sending. */
  readonly undoWindowMs: number;
  /** Commands being sent at once by one process. */
  readonly concurrency: number;
  /** How often durable commands are looked for when nobody announces one. */
  readonly pollMs: number;
  /** First wait before a command that QI did not take is sent again, or a lost answer is asked about; doubles. */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Attempts after which a person is told that QI's answer is still not known. */
  readonly tellAfterAttempts: number;
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

export const defaultOperationLimits: OperationLimits = {
  undoWindowMs: 30_000,
  concurrency: 4,
  pollMs: 500,
  retryBaseMs: 1_000,
  retryMaxMs: 60_000,
  tellAfterAttempts: 5,
  taskDueHours: {
    authorization_review: 4,
    reservation_unexplained: 8,
    disbursement_failed: 8,
    contradiction: 4,
    command_rejected: 4,
    command_unknown: 1,
    unlinked_operation: 8,
    late: 24,
    auction_parked: 1,
    pricing_drift: 4,
  },
  statusLimits: {
    awaiting_signature: { businessDays: 3 },
    signature_failed: { businessDays: 3 },
    signed: { hours: 4 },
    authorized: { businessDays: 1 },
    reservation_retrying: { businessDays: 3 },
    reservation_failed: { businessDays: 3 },
    reserved: { businessDays: 2 },
    canceling: { businessDays: 1 },
  },
  unlinkedAfterMinutes: 30,
  sweepMs: 60_000,
};
