/**
 * A webhook that cannot be acted upon; it is kept and a person looks at it.
 * - key_missing: it does not say what it is about.
 * - keys_disagree, statuses_disagree: it says one thing in two ways.
 * - status_unknown, type_unknown: a word of QI's that we do not know.
 * - content_unclear: known words that together do not tell what happened.
 */
export type UnreadableCode =
  | 'key_missing'
  | 'keys_disagree'
  | 'status_unknown'
  | 'statuses_disagree'
  | 'content_unclear'
  | 'type_unknown';

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly code: UnreadableCode;
}

export function unreadable(code: UnreadableCode): Unreadable {
  return { kind: 'unreadable', code };
}
