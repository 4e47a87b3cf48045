import { Timeline } from './timeline';

interface Appointment {
  readonly at: number;
  readonly work: () => void;
}

/** A clock that stands still until it is moved, and appointments that are kept in the order of their times. */
export class VirtualTimeline extends Timeline {
  #now: number;
  /** The latest first. */
  readonly #appointments: Appointment[] = [];

  constructor(begin: Date) {
    super();
    this.#now = begin.getTime();
  }

  override now(): Date {
    return new Date(this.#now);
  }

  override after(seconds: number, work: () => void): void {
    const appointment = { at: this.#now + seconds * 1000, work };
    const later = this.#appointments.findLastIndex(({ at }) => at > appointment.at);
    this.#appointments.splice(later + 1, 0, appointment);
  }

  override at(moment: Date, work: () => void): void {
    this.after(Math.max(0, moment.getTime() - this.#now) / 1000, work);
  }

  override clear(): void {
    this.#appointments.length = 0;
  }

  override close(): void {
    this.clear();
  }

  /** Lets time pass without anything happening in it: what falls due meanwhile happens at the next step. */
  pass(ms: number): void {
    this.#now += ms;
  }

  /** Moves to the next appointment and keeps it. @returns false when there is none before `end` */
  step(end: Date): boolean {
    const next = this.#appointments.at(-1);
    if (next === undefined || next.at >= end.getTime()) return false;
    this.#appointments.pop();
    this.#now = Math.max(this.#now, next.at);
    next.work();
    return true;
  }
}
