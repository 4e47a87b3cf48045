/** Why a webhook cannot be acted upon. It is kept and a person looks at it. */
const REASONS = {
  KEY_MISSING: 'O webhook não traz a chave que diz a que ele se refere.',
  KEYS_DISAGREE: 'O webhook traz duas chaves diferentes para a mesma coisa.',
  STATUS_UNKNOWN: 'O webhook traz uma situação que o sistema não conhece.',
  STATUSES_DISAGREE: 'O webhook traz duas situações diferentes.',
  CONTENT_UNCLEAR: 'O conteúdo do webhook não permite saber o que aconteceu.',
  TYPE_UNKNOWN: 'O tipo do webhook não é conhecido.',
} as const;

export type UnreadableCode = keyof typeof REASONS;

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly code: UnreadableCode;
  /** For the operator, in Portuguese; quotes nothing of the webhook. */
  readonly reason: string;
}

export function unreadable(code: UnreadableCode): Unreadable {
  return { kind: 'unreadable', code, reason: REASONS[code] };
}
