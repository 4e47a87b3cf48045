import { ProblemException } from './problem';

/** What somebody saw before they chose another, what there is now, and what they chose. */
interface Sight<Value> {
  /** Who does not say what they saw is not asked. */
  readonly seen: Value | undefined;
  readonly now: Value;
  /** What is so already is asked for again after a lost answer: nothing is taken from anybody. */
  readonly wished: Value | undefined;
}

/**
 * Holds a list against what stood before whoever changes it, in whatever order: two who change the same sight would else give
 * back what the first of them took away.
 * @throws ProblemException 409 where it is another now
 */
export function checkAsSeen({ seen, now, wished }: Sight<readonly string[]>, title: string): void {
  if (seen === undefined || isSameList(seen, now)) return;
  if (wished === undefined || !isSameList(wished, now)) throw changedMeanwhile(title);
}

/** The same of single values, each by its name. */
export function checkValuesAsSeen(
  { seen, now, wished }: Sight<Readonly<Record<string, unknown>>>,
  title: string,
): void {
  for (const [name, value] of Object.entries(seen ?? {}))
    if (value !== undefined && value !== now[name] && wished?.[name] !== now[name])
      throw changedMeanwhile(title);
}

/** @returns what is thrown where somebody acts on a sight that is over */
export function changedMeanwhile(title: string): ProblemException {
  return new ProblemException(409, { type: 'changed_meanwhile', title });
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  const [there, here] = [new Set(one), new Set(other)];
  return there.size === here.size && other.every((entry) => there.has(entry));
}
