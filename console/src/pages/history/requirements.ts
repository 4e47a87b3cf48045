import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { plainName } from '../../words/words';
import { documentOf } from '../policy/document';
import { inWords } from '../policy/rule-words';

/** What each rule of a version requires, in words, by the rule's id; undefined for what no rule of the document says. */
export function useRequirements(version: string): (ruleId: string) => string | undefined {
  const policy = useQuery({
    queryKey: ['policy', version],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/policies/{number}', { params: { path: { number: Number(version) } } })),
    staleTime: Infinity,
  });
  const dictionary = useQuery({
    queryKey: ['policy-dictionary'],
    queryFn: () => bodyOf(api.GET('/api/v1/policies/dictionary')),
    staleTime: Infinity,
  });
  const { data: book } = dictionary;
  if (policy.data === undefined || book === undefined) return () => undefined;
  const { rules, lists } = documentOf(policy.data.document);
  const field = (name: string) => book.fields.find((one) => one.name === name);
  const words = {
    labelOf: (name: string) => field(name)?.label ?? plainName(name),
    typeOf: (name: string) => field(name)?.type ?? 'text',
    unitOf: (name: string) => field(name)?.unit ?? undefined,
    listOf: (name: string) => lists.find((list) => list.name === name)?.label ?? plainName(name),
  };
  return (ruleId) => {
    const rule = rules.find(({ id }) => id === ruleId);
    return rule && inWords(rule.require, words);
  };
}
