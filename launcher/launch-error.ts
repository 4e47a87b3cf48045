/** A problem its reader can act on: printed as it stands, without a stack. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';

  constructor(
    problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}\n  ${remedy}`);
  }
}
