/** By what it is seen that somebody watches the engine: metrics were asked for, or monitoring said that it lives. */
export const SIGNS = ['scrape', 'heartbeat'] as const;
export type Sign = (typeof SIGNS)[number];

/** Which signs came to this process, for whoever keeps them. */
export class Sightings {
  readonly #seen = new Set<Sign>();

  note(sign: Sign): void {
    this.#seen.add(sign);
  }

  /** Those since the last call. */
  take(): readonly Sign[] {
    const seen = [...this.#seen];
    this.#seen.clear();
    return seen;
  }
}
