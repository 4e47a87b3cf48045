import { diffPolicies, type PolicyChange } from './diff-policies';
import type { Policy } from './policy';

/**
 * What was put in force since two versions parted, and what the other of them would undo or change again: both copies
 * know nothing of each other.
 * @param fork the version that both come from
 * @returns the differences from what is in force, as `candidate` would make them
 */
export function takenBack(fork: Policy, inForce: Policy, candidate: Policy): readonly PolicyChange[] {
  const since = diffPolicies(fork, inForce).map(({ path }) => path);
  return diffPolicies(inForce, candidate).filter(({ path }) =>
    since.some((other) => isWithin(path, other) || isWithin(other, path)),
  );
}

/** A row that is gone has every change of its cells within it. */
function isWithin(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
}
