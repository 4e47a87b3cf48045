import { Random } from '../../sandbox/random';
import { Exports } from '../../src/history/exports/exports.service';
import { People } from './people';
import type { Scheduler } from './scheduler';
import type { SimulatedProcess } from './simulated-process';

const LOOK_EVERY_MS = 5_000;
/** How often, of the looks, somebody wants a file. */
const WANTED = 0.08;

/** Whoever wants to know: asks for all auctions in a file, now and then. */
export class Analyst {
  readonly #random: Random;
  readonly #people: People;

  constructor(
    seed: number,
    private readonly scheduler: Scheduler,
    anyProcess: () => SimulatedProcess | undefined,
  ) {
    this.#random = new Random(seed, 'analyst');
    this.#people = new People('analyst', this.#random, scheduler, anyProcess);
  }

  workUntil(end: number): void {
    this.scheduler.after(LOOK_EVERY_MS, undefined, () => {
      if (this.#random.chance(WANTED))
        this.#people.ask('ask for a file', (process, { actor }) =>
          process.get(Exports).request('csv', {}, actor),
        );
      if (this.scheduler.now < end) this.workUntil(end);
    });
  }
}
