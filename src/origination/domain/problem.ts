/** What is wrong with a wish, or with what it came to; `path` as in `periods[1].amount`. In Portuguese: people read it. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}
