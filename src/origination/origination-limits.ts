import type { CommandLimits } from '../commands';
import type { EngineSettings } from '../platform';

/** How the origination module paces its work (engine.yaml, `origination`). */
export interface OriginationLimits extends CommandLimits {
  /** Balance queries that may leave in a second, of all processes together: lenders have quotas. */
  readonly queriesPerSecond: number;
  /** How long after a failure that passes by itself the balance is asked for again; and how often at most. */
  readonly retryAfterMinutes: number;
  readonly maxRetries: number;
  /** How long after QI took a query its answer may take; one without has failed for a reason that passes. */
  readonly answerWithinMinutes: number;
  /** How often what falls due (queries to repeat, offers to expire) is looked for. */
  readonly sweepMs: number;
  /** Inquiries after a debt whose answer was lost before "QI knows nothing of it" is believed. */
  readonly issueInquiries: number;
  /** Lines of one file that starts proposals. */
  readonly batchMaxLines: number;
}

export const ORIGINATION_LIMITS = Symbol('OriginationLimits');

export function originationLimitsFrom({ origination }: EngineSettings): OriginationLimits {
  return {
    concurrency: origination.concurrency,
    pollMs: origination.poll_ms,
    retryBaseMs: origination.retry_base_ms,
    retryMaxMs: origination.retry_max_ms,
    tellAfterAttempts: origination.tell_after_attempts,
    queriesPerSecond: origination.queries_per_second,
    retryAfterMinutes: origination.retry_after_minutes,
    maxRetries: origination.max_retries,
    answerWithinMinutes: origination.answer_within_minutes,
    sweepMs: origination.sweep_ms,
    issueInquiries: origination.issue_inquiries,
    batchMaxLines: origination.batch_max_lines,
  };
}
