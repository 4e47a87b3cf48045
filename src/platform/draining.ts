/** Whether this process is on its way out: it begins nothing new and finishes what it has in hand. */
export class Draining {
  #begun = false;

  get hasBegun(): boolean {
    return this.#begun;
  }

  begin(): void {
    this.#begun = true;
  }
}
