/** How one call to QI ended. */
export type CommandAnswer =
  | {
      readonly kind: 'accepted';
      readonly httpStatus: number;
      readonly body: string;
      /** What an earlier command came to: this one was not sent. */
      readonly ofEarlier?: true;
    }
  /** QI read it and refused; its words are kept for the operator. */
  | {
      readonly kind: 'rejected';
      readonly httpStatus: number;
      readonly code: string | undefined;
      readonly description: string | undefined;
      readonly body: string;
    }
  /** Certainly not taken: refused connection, 429. Safe to repeat. */
  | { readonly kind: 'not_taken'; readonly why: string; readonly httpStatus: number | undefined }
  /** 5xx, time-out, cut connection or an answer that cannot be read: it may have taken effect. */
  | {
      readonly kind: 'unknown';
      readonly why: string;
      readonly httpStatus: number | undefined;
      readonly body?: string;
    };

/** Instead of a call: what its owner would have to keep to forbids it by now. It is over, unless an answer was lost before. */
export interface Withheld {
  readonly kind: 'withheld';
  readonly why: string;
  readonly httpStatus: undefined;
}

/** What became of one attempt to send or ask. */
export type AttemptResult = CommandAnswer | Withheld;

export const ATTEMPT_RESULTS = [
  'accepted',
  'rejected',
  'not_taken',
  'unknown',
  'withheld',
] as const satisfies readonly AttemptResult['kind'][];
