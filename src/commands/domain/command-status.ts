/**
 * The life of one call to QI. At most one per subject is live (intended, sending, unknown), so that two people, or a
 * person and the policy, can never send two.
 * withdrawn: it no longer matters. It was undone before it was sent, or its subject moved on before it was sent or
 * before its answer was known.
 */
export const COMMAND_STATUSES = [
  'intended',
  'sending',
  'unknown',
  'accepted',
  'rejected',
  'withdrawn',
] as const;
export type CommandStatus = (typeof COMMAND_STATUSES)[number];

export const LIVE_COMMAND_STATUSES: readonly CommandStatus[] = ['intended', 'sending', 'unknown'];

/**
 * What to do when QI's answer was lost. inquire: a query tells. repeat: a second one changes nothing.
 * ask: it moves money and shows nowhere, so a person finds out.
 */
export type WhenUnknown = 'inquire' | 'repeat' | 'ask';
