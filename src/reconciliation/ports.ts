import type { Window } from './domain';

/** One notification as QI lists it: something it told us, or tried to. */
export interface Notification {
  readonly eventKey: string;
  readonly originKey: string | undefined;
  /** Where it was sent. */
  readonly callbacks: readonly {
    readonly key: string;
    /** QI's word in lower case: `sent` and `failed` are printed. */
    readonly status: string | undefined;
  }[];
  readonly occurredAt: Date | undefined;
}

export interface NotificationQuery {
  /** At most 14 days. */
  readonly window: Window;
  readonly originKey: string | undefined;
  /** Only those that some callback did not take. */
  readonly onlyFailed: boolean;
  /** From 1. */
  readonly page: number;
}

export type NotificationList =
  | {
      readonly kind: 'listed';
      readonly notifications: readonly Notification[];
      readonly isLast: boolean;
      /** QI says that there are more, or lists as many as it says to list at once. */
      readonly isFull: boolean;
    }
  | { readonly kind: 'refused' | 'unavailable'; readonly why: string };

export type ResendAnswer =
  | { readonly kind: 'resent' }
  | { readonly kind: 'refused' | 'unavailable'; readonly why: string };

/** QI's record of what it has told us. Never throws for anything the network or QI does. */
export interface NotificationDesk {
  list(query: NotificationQuery, timeoutMs: number): Promise<NotificationList>;
  /** Asks QI to send one notification again; it comes as a webhook. */
  resend(eventKey: string, callbackKey: string, timeoutMs: number): Promise<ResendAnswer>;
}

export const NOTIFICATION_DESK = Symbol('NotificationDesk');
