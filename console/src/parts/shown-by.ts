/**
 * For `onSettled`: what was done counts as done once what is read anew shows it. Of what failed people are told at once: the
 * same service may leave that reading without an answer for minutes.
 */
export function shownBy(reading: Promise<unknown>, error: unknown): Promise<unknown> | undefined {
  return error === null ? reading : undefined;
}
