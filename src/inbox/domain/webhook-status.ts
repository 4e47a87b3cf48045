/**
 * The life of one webhook, as data.
 *
 * new: durable, to be applied. done: applied. waiting: its other half has not come. parked: a person must look.
 */
export const WEBHOOK_STATUSES = ['new', 'done', 'parked', 'waiting'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

const TRANSITIONS: Readonly<Record<WebhookStatus, readonly WebhookStatus[]>> = {
  new: ['done', 'parked', 'waiting'],
  // Its other half has come, or it is tried again; or it has waited too long.
  waiting: ['new', 'parked'],
  // Somebody has it handled again.
  parked: ['new'],
  done: [],
};

/** The statuses a webhook may have just before `to`. */
export function webhookSourcesOf(to: WebhookStatus): readonly WebhookStatus[] {
  return WEBHOOK_STATUSES.filter((from) => TRANSITIONS[from].includes(to));
}

/** Every reason for which a webhook is parked: a closed list, with words for each in the console. */
export const PARK_REASONS = [
  'unknown_type',
  'unsupported_type',
  'unreadable',
  'handler_failed',
  'waited_too_long',
  // What QI wrote cannot be acted upon.
  'key_missing',
  'keys_disagree',
  'status_unknown',
  'statuses_disagree',
  'content_unclear',
  'type_unknown',
  // The end of an auction that nobody expected.
  'outcome_unclear',
  'auction_unknown',
  'won_while_declined',
  'won_while_rejected',
  'won_while_missed',
  'won_while_lost',
  'won_while_won',
  'won_while_parked',
  'lost_while_won',
] as const;
export type ParkReason = (typeof PARK_REASONS)[number];

/** QI says that a loan is ours that nobody here decided, or decided otherwise: people look at once, at night too. */
export const MONEY_REASONS: readonly ParkReason[] = PARK_REASONS.filter((reason) =>
  reason.startsWith('won_while_'),
);
