import { assert, parseJson } from '../kernel';
import { canonicalPolicy, compilePolicy, parseStored, type CompiledPolicy, type SharedRules } from './domain';
import { PackedList, type SharedList } from './packed-list';

/** A compiled policy as it passes to another thread. Closures cannot; the lists are shared, not copied. */
export interface PortablePolicy {
  /** Canonical JSON. */
  readonly document: string;
  readonly lists: readonly (readonly [name: string, list: SharedList])[];
}

export function portablePolicy({ policy, lists }: CompiledPolicy): PortablePolicy {
  return {
    document: canonicalPolicy(policy),
    lists: [...lists].map(([name, list]) => {
      assert(list instanceof PackedList, `list ${name} cannot be shared`);
      return [name, list.shared];
    }),
  };
}

export function compilePortable({ document, lists }: PortablePolicy, rules: SharedRules): CompiledPolicy {
  const parsed = parseStored(parseJson(document));
  assert(parsed.kind === 'ok', 'a policy that was compiled before can be read');
  const packed = lists.map(([name, list]) => [name, PackedList.shared(list)] as const);
  return compilePolicy(parsed.policy, new Map(packed), rules);
}
