import type { JsonObject } from '../src/kernel';

/** What the partner must never do; a test of the product expects this list to stay empty. */
export type ViolationKind =
  /** A proposal with another control key while one of ours may win. */
  | 'second_proposal'
  /** A control key used again with other terms. */
  | 'control_key_reused'
  /** A repetition that became a proposal of its own, because this QI does not recognise control keys. */
  | 'proposal_doubled'
  /** Authorised again although the first authorisation had been answered. */
  | 'authorized_twice'
  | 'canceled_twice'
  | 'canceled_after_disbursement'
  /** A command that the state of the loan does not admit. */
  | 'command_out_of_place'
  /** The partner's evidence again although it had been answered. */
  | 'signed_twice'
  /** A second live debt for what one borrower may pledge only once. */
  | 'second_debt'
  /** A debt on more than the newest query found. */
  | 'amount_above_balance'
  /** A debt on an employment link that no query of the borrower's named. */
  | 'unknown_link'
  /** A call while SIAPE is closed. */
  | 'outside_hours'
  /** A balance query while an earlier one of the same CPF has no answer. */
  | 'query_while_pending'
  /** A command that named a proposal request, an operation or a query that never existed. */
  | 'unknown_key';

export interface Violation {
  readonly at: string;
  readonly kind: ViolationKind;
  readonly key: string;
  readonly detail: string;
}

export interface Call {
  readonly at: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** The HTTP status, or how the answer was withheld. */
  readonly answer: number | 'no_answer' | 'reset';
  readonly fault: string | null;
}

/** Keeps the newest `limit` entries and counts all of them. */
export class Journal<T> {
  #entries: T[] = [];
  #total = 0;

  add(entry: T, limit: number): void {
    this.#total += 1;
    this.#entries.push(entry);
    // Trimmed in blocks: dropping one entry per addition would copy the list each time.
    if (this.#entries.length > limit * 1.25) this.#entries = this.#entries.slice(-limit);
  }

  get entries(): readonly T[] {
    return this.#entries;
  }

  get total(): number {
    return this.#total;
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
  }
}

/** One line per event, on the terminal and for tests that listen. */
export type Log = (event: string, fields?: JsonObject | Record<string, unknown>) => void;
