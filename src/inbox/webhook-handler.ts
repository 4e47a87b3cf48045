import type { EntityManager } from 'typeorm';
import type { ParkReason } from './domain';
import type { WebhookEvent } from './webhook-event';

/** What became of an event. Whatever the handler wrote through `tx` commits together with this verdict. */
export type Handling =
  /** `afterCommit` runs once the transaction is durable: the place to start work that must not wait for a poll. */
  | { readonly kind: 'done'; readonly afterCommit?: () => void }
  /** A person must look. The event stays visible with this reason and can be replayed. */
  | { readonly kind: 'parked'; readonly reason: ParkReason }
  /** What it belongs to has not arrived: kept until `releaseWaiting(tx, key)` is called for this key. */
  | { readonly kind: 'waiting'; readonly correlationKey: string };

/** Applies one event. Runs in one transaction, at least once, on any instance: it must be idempotent. */
export type WebhookHandler = (event: WebhookEvent, tx: EntityManager) => Promise<Handling>;

/**
 * What became of an event that a module took to apply in a commit of its own. full: there is no room for it now.
 * not_ours: another process holds it. handle: it is one for a transaction of its own after all.
 */
export type TakenEvent =
  | { readonly kind: 'recorded' | 'not_ours' | 'full' }
  | { readonly kind: 'handle'; readonly handler: WebhookHandler };

/** Where an event goes. */
export interface WebhookRoute {
  /** Applies it, in a transaction of the inbox's. */
  readonly handler: WebhookHandler;
  /**
   * Applies it in one commit with many others, its own end included; undefined when it is none of those that can be.
   * Rejects when it could not be written: it is tried again.
   */
  readonly take?: () => Promise<TakenEvent> | undefined;
}
