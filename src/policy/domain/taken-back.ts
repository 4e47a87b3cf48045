import type { Steps } from '../../kernel';
import { diffPoliciesInSteps, type PolicyChange } from './diff-policies';
import type { Policy } from './policy';

/**
 * What was put in force since two versions parted, and what the other of them would undo or change again: both copies
 * know nothing of each other.
 * @param fork the version at which the two parted
 * @returns the differences from what is in force, as `candidate` would make them
 */
export function* takenBackInSteps(
  fork: Policy,
  inForce: Policy,
  candidate: Policy,
): Steps<readonly PolicyChange[]> {
  const since = (yield* diffPoliciesInSteps(fork, inForce)).map(({ path }) => path);
  // A row that is gone has every change of its cells within it. By sets: thousands of rows may have changed in both.
  const [changed, holding] = [new Set(since), new Set(since.flatMap(placesAround))];
  return (yield* diffPoliciesInSteps(inForce, candidate)).filter(
    ({ path }) => holding.has(path) || placesAround(path).some((place) => changed.has(place)),
  );
}

/** A path and every place that holds it: `a[b].c`, `a[b]`, `a`. */
function placesAround(path: string): readonly string[] {
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => index);
  return [path, ...ends.map((end) => path.slice(0, end))];
}
