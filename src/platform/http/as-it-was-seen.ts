import { ProblemException } from './problem';

/**
 * Holds a list against what stood before whoever changes it, in whatever order: two who change the same sight would else give
 * back what the first of them took away. Who does not say what they saw is not asked.
 * @throws ProblemException 409 where it is another now
 */
export function checkAsSeen(
  seen: readonly string[] | undefined,
  now: readonly string[],
  title: string,
): void {
  if (seen === undefined) return;
  const [there, here] = [new Set(seen), new Set(now)];
  if (there.size === here.size && now.every((one) => there.has(one))) return;
  throw changedMeanwhile(title);
}

/** @returns what is thrown where somebody acts on a sight that is over */
export function changedMeanwhile(title: string): ProblemException {
  return new ProblemException(409, { type: 'changed_meanwhile', title });
}
