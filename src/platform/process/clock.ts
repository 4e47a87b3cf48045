import type { Clock } from '../../kernel';
import type { Reading } from '../domain';

/** Injection token of the kernel's Clock: the HouseClock. */
export const CLOCK = Symbol('Clock');

/**
 * What time it is for everything that is judged and kept: the machine's clock; while that is known to be off, the
 * database's, as far as it was heard. What one process writes the others act on: an hour ahead in one is an hour's
 * delay, or a deadline that has passed, in all of them.
 */
export class HouseClock implements Clock {
  #aheadMs = 0;

  constructor(private readonly machine: Clock) {}

  /** Of the machine's clocks, as they are: for whoever measures them. */
  reading(): Reading {
    return { wallMs: this.machine.now().getTime(), monotonicMs: this.machine.monotonicMs() };
  }

  /** The machine's clock is off by so much, or right again: 0. */
  correct(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  now(): Date {
    const now = this.machine.now();
    return this.#aheadMs === 0 ? now : new Date(now.getTime() - this.#aheadMs);
  }

  monotonicMs(): number {
    return this.machine.monotonicMs();
  }
}
