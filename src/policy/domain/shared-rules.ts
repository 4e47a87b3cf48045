import { createHash } from 'node:crypto';
import type { NamedSets } from './condition';
import type { PolicyDocument, Rule } from './document';
import type { Facts } from './fields';
import { compileRule, type CompiledRule, type RuleVerdict } from './rule';

/**
 * The rules of policies that are asked about the same facts in turn: one that several of them have is compiled once,
 * and evaluated once for the same facts.
 */
export class SharedRules {
  readonly #rules = new Map<string, CompiledRule>();

  /** Compiles the rules of one policy. A rule on other lists is another rule. */
  compiler(
    { lists }: Pick<PolicyDocument, 'lists'>,
    externalLists: ReadonlyMap<string, { readonly sha256: string }>,
    sets: NamedSets,
  ): (rule: Rule) => CompiledRule {
    const hashes = [...externalLists].map(([name, { sha256 }]) => [name, sha256]);
    const listsHash = createHash('sha256')
      .update(JSON.stringify([lists, hashes]))
      .digest('hex');
    return (rule) => {
      const key = JSON.stringify([rule, listsHash]);
      const shared = this.#rules.get(key) ?? remembering(compileRule(rule, sets));
      this.#rules.set(key, shared);
      return shared;
    };
  }
}

/** Facts are never changed, so the same object has the same verdict. */
function remembering({ evaluate, ...rule }: CompiledRule): CompiledRule {
  let last: { readonly facts: Facts; readonly verdict: RuleVerdict } | undefined;
  return {
    ...rule,
    evaluate: (facts) => {
      if (last?.facts !== facts) last = { facts, verdict: evaluate(facts) };
      return last.verdict;
    },
  };
}
