import type { ParkReason } from '../inbox';

/**
 * A webhook that cannot be acted upon; it is kept and a person looks at it.
 * - key_missing: it does not say what it is about.
 * - keys_disagree, statuses_disagree: it says one thing in two ways.
 * - status_unknown, type_unknown: a word of QI's that we do not know.
 * - content_unclear: known words that together do not tell what happened.
 */
export type UnreadableCode = Extract<
  ParkReason,
  'content_unclear' | `key${string}` | `status${string}` | 'type_unknown'
>;

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly code: UnreadableCode;
}

export function unreadable(code: UnreadableCode): Unreadable {
  return { kind: 'unreadable', code };
}
