import type { Invariant } from './auditor';
import type { LifeResult } from './life';
import type { LifePlan } from './plan';

/** What a thread is asked to play. */
export interface LifeJob {
  /** Where databases can be made, and the name of the one to copy. */
  readonly server: string;
  readonly mould: string;
  /** A directory for what processes keep outside of the database. */
  readonly home: string;
  readonly isLogKept: boolean;
  readonly work:
    | { readonly kind: 'life'; readonly plan: LifePlan }
    | { readonly kind: 'webhooks'; readonly seed: number; readonly count: number }
    /** In whose names these words stand. */
    | { readonly kind: 'guards'; readonly words: string };
}

export interface LifePlayed {
  readonly result: LifeResult;
  /** The last lines of its processes' log. */
  readonly log: readonly string[];
}

/** A build with a guard taken out. */
export interface GuardTried {
  readonly name: string;
  readonly breaks: Invariant;
  /** The round in which the broken promise was noticed; null: nobody noticed. */
  readonly seenBy: number | null;
}

/** What a thread says: a guard as soon as it was tried, and at its end what it was asked for. */
export type LifeNews<T> =
  | { readonly kind: 'guard tried'; readonly guard: GuardTried }
  | { readonly kind: 'played'; readonly played: T };
