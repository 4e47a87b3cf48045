/** The sandbox's clock and its appointments; `clear` forgets all of them, so that closing and resetting leave nothing behind. */
export class Timeline {
  readonly #appointments = new Set<NodeJS.Timeout>();
  #closed = false;

  now(): Date {
    return new Date();
  }

  after(seconds: number, work: () => void): void {
    if (this.#closed) return;
    const appointment = setTimeout(() => {
      this.#appointments.delete(appointment);
      work();
    }, seconds * 1000);
    this.#appointments.add(appointment);
  }

  at(moment: Date, work: () => void): void {
    this.after(Math.max(0, moment.getTime() - this.now().getTime()) / 1000, work);
  }

  clear(): void {
    for (const appointment of this.#appointments) clearTimeout(appointment);
    this.#appointments.clear();
  }

  /** Forgets all, and makes no more. */
  close(): void {
    this.#closed = true;
    this.clear();
  }
}
