/** Those for which a person must look at the auction. */
export const AUCTION_PARK_REASONS = [
  'limit_missing',
  'limit_unreadable',
  'limit_not_after_event',
  'limit_too_far',
  'request_unreadable',
  'decision_failed',
] as const;
export type AuctionParkReason = (typeof AUCTION_PARK_REASONS)[number];

/**
 * Why an auction or a bid stands where it stands, where the engine has put it there. Beside these a bid may carry QI's own
 * words of refusal (`QIT000099: Partner is blocked`), and what the network said (`HTTP 503`, `http_503`, `ECONNRESET`).
 */
export const STATUS_REASONS = [
  // missed
  'no_time',
  'too_late_to_send',
  'kill_switch',
  'dry_run',
  'retry_after_limit',
  'request_finished',
  'request_expired',
  'circuit_open',
  'clock_off',
  // parked
  ...AUCTION_PARK_REASONS,
  // unknown, unproven
  'ended_before_it_opened',
  'before_restore',
  'process_died_while_sending',
  'refused_after_unclear',
  'stopped_while_unclear',
  'lost_without_answer',
  // known later, or from the outside
  'known_by_outcome',
  'auction_ended',
  'no_outcome_came',
  // what was said is on disk only as having been said
  'not_recordable',
  // of earlier releases, on disk
  'too_late_to_decide',
] as const;
export type StatusReason = (typeof STATUS_REASONS)[number];

/** Why an auction ends before a bid of ours is on its way. What becomes of one that is, its bid tells. */
export const UNBID_REASONS = [
  'no_time',
  'kill_switch',
  'dry_run',
  'request_finished',
  'request_expired',
  'clock_off',
  ...AUCTION_PARK_REASONS,
  'ended_before_it_opened',
  'before_restore',
] as const satisfies readonly StatusReason[];
export type UnbidReason = (typeof UNBID_REASONS)[number];

/** For whoever reads them over the API. */
export const STATUS_REASONS_TOLD = `One of: ${STATUS_REASONS.join(', ')}; or QI's words of refusal, or what the network said.`;

/** What the network said, or the code of QI's before its words. */
const CODE = /^(?:HTTP \d{3}|http_\d{3}|[A-Z]{3}\d{6}(?=$|:)|(?:E[A-Z]+|[A-Z]+(?:_[A-Z0-9]+)+)$)/;

/** Why a bid stands where it stands, for those whom QI's words do not concern: they may hold anything, a name too. */
export function withoutWords(reason: string): string {
  const isOurs = STATUS_REASONS.some((ours) => ours === reason);
  return isOurs ? reason : (CODE.exec(reason)?.[0] ?? 'other');
}
