import type { CompiledPolicy } from './compile-policy';
import { fieldDefinition } from './fields';

/**
 * Whether a policy has a list of people that the one in force does not have. Whoever knows whom they put on it can read off what such
 * a policy decides whom a mask hides.
 */
export function namesOthers(policy: CompiledPolicy, inForce: CompiledPolicy | undefined): boolean {
  const known = new Set(inForce === undefined ? [] : listsOfPeople(inForce));
  return listsOfPeople(policy).some((list) => !known.has(list));
}

/** By their addresses; none of them stands in the document. */
function listsOfPeople({ policy, lists }: CompiledPolicy): readonly string[] {
  return policy.lists.flatMap(({ name, of }) => {
    const list = fieldDefinition(of).personal === true ? lists.get(name) : undefined;
    return list === undefined ? [] : [list.sha256];
  });
}
