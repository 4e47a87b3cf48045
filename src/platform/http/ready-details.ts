type Detail = Readonly<Record<string, string | number | null>>;

/** What modules have to say on /health/ready. No secrets and no people. */
export class ReadyDetails {
  readonly #parts = new Map<string, () => Detail>();

  add(name: string, read: () => Detail): void {
    this.#parts.set(name, read);
  }

  read(): Readonly<Record<string, Detail>> {
    return Object.fromEntries([...this.#parts].map(([name, read]) => [name, read()]));
  }
}
