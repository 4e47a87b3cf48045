import { MINUTE_MS, growingWaitMs } from '../../kernel';
import type { SubmissionAnswer } from './proposal';

/**
 * How old a decision may be that is still brought to QI. An auction lasts two minutes at most, so it cuts short only a late
 * bid, whose request stays open for a day: by then its policy, its day of disbursement and the limits it was counted in are
 * not those of its decision, and what it reserves keeps others from bidding.
 */
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

/** Until when a bid waits for a QI that does not take it. */
export function waitsUntil({
  decidedAt,
  submitBy,
}: {
  readonly decidedAt: Date;
  readonly submitBy: Date;
}): Date {
  return new Date(Math.min(submitBy.getTime(), decidedAt.getTime() + LONGEST_WAIT_MS));
}

type NotAccepted = Exclude<SubmissionAnswer, { kind: 'accepted' }>;

/** How the POSTs of one bid may be repeated. What QI certainly did not take is repeated as long as there is time. */
export interface RetryRules {
  /** Of POSTs that QI may have taken. */
  readonly maxUnclear: number;
  readonly baseMs: number;
  readonly maxMs: number;
  /** What is left of the time it may wait: a wait that ends after it is none. */
  readonly leftMs: number;
  /** Whether a bid that got no answer may be sent again with the same key and terms (off until QI's idempotency is known). */
  readonly repeatUnknown: boolean;
}

export type SubmissionStep =
  | { readonly kind: 'rejected'; readonly refit: boolean }
  /** Send the same bid again, not before `waitMs` has passed. */
  | { readonly kind: 'repeat'; readonly waitMs: number }
  /** QI certainly has no bid of ours. */
  | { readonly kind: 'give_up'; readonly why: string }
  /** QI may have the bid: only evidence can tell. */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * What follows from an answer of QI that is not a yes.
 * @param attempt how many POSTs of this bid have been made, this one included.
 * @param unclear how many earlier POSTs of this bid may have been taken (they met a 5xx or no answer).
 */
export function nextSubmissionStep(
  answer: NotAccepted,
  attempt: number,
  unclear: number,
  rules: RetryRules,
): SubmissionStep {
  const mayBeLive = unclear > 0;
  const repeat = (otherwise: string, atLeastMs = 0): SubmissionStep => {
    const waitMs = Math.max(atLeastMs, growingWaitMs(attempt, rules));
    if (waitMs < rules.leftMs) return { kind: 'repeat', waitMs };
    const why = atLeastMs > 0 && atLeastMs >= rules.leftMs ? 'retry_after_limit' : otherwise;
    return { kind: mayBeLive || leavesItOpen(answer) ? 'unknown' : 'give_up', why };
  };
  const last = unclear + 1 >= rules.maxUnclear;
  switch (answer.kind) {
    case 'rejected':
      // A refusal of the repetition says nothing of the first one, which may be live: a new bid must not follow it.
      return mayBeLive
        ? { kind: 'unknown', why: 'refused_after_unclear' }
        : { kind: 'rejected', refit: answer.why === 'margin' };
    case 'not_taken':
      return repeat(answer.why, answer.retryAfterMs);
    case 'server_error':
      return last ? { kind: 'unknown', why: whyOf(answer) } : repeat(whyOf(answer));
    case 'no_answer':
      return last || !rules.repeatUnknown ? { kind: 'unknown', why: answer.why } : repeat(answer.why);
  }
}

/** Why it was not a yes, in few words. */
export const whyOf = (answer: NotAccepted): string =>
  answer.kind === 'server_error' ? `http_${answer.httpStatus}` : answer.why;

/** Whether this answer leaves open that QI took the bid. */
export function leavesItOpen(answer: NotAccepted): boolean {
  return answer.kind === 'server_error' || answer.kind === 'no_answer';
}
