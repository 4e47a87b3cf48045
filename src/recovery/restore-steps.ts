import type { EntityManager } from 'typeorm';

/** How many rows of each kind a step has changed, or found. */
export type RestoreCounts = Readonly<Record<string, number>>;

/** What a module does with its own rows when the database turns out to be a copy, in one transaction with the others. */
export type RestoreStep = (tx: EntityManager) => Promise<RestoreCounts>;

/** Modules put theirs in when they are made: before any process looks at its database. */
export class RestoreSteps {
  readonly #steps: RestoreStep[] = [];

  add(step: RestoreStep): void {
    this.#steps.push(step);
  }

  /** One after the other, in the order in which they were added; what has one name is added up. */
  async run(tx: EntityManager): Promise<RestoreCounts> {
    const counts: Record<string, number> = {};
    for (const step of this.#steps)
      for (const [name, count] of Object.entries(await step(tx))) counts[name] = (counts[name] ?? 0) + count;
    return counts;
  }
}
