import { useDebouncedValue } from '@mantine/hooks';
import { useIsFetching, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Lookup } from '../api/client';
import { dateTime, shortKey } from '../format/format';
import { useSession } from '../session/session-provider';
import { POLICY_STATE, PRODUCT, reasonWord, ROLE, wordOf } from '../words/words';
import { matching, placeOf, type Goal } from './goals';
import { PLACES } from './places';

const PAUSE_MS = 200;
/** What the beginning of a key, a CPF or a CNPJ has at least. */
const SHORTEST_KEY = 8;
const SHORTEST_TEXT = 2;
/** More of them may be the beginning of a CPF, which stands in no address. */
const MOST_DIGITS = 3;
const RULES = 12;
const PEOPLE = 8;

/** Where a text may lead: pages at once; rules, people and what has a key when the service has answered. */
export function useGoals(text: string): { readonly goals: readonly Goal[]; readonly isBusy: boolean } {
  const { may } = useSession();
  const [settled] = useDebouncedValue(text.trim(), PAUSE_MS);
  const pages = PLACES.filter(({ permissions }) => permissions.some(may)).map(({ to, label }): Goal => ({
    id: to,
    kind: 'Página',
    name: label,
    to: { to },
  }));
  const [found, rules, people] = [useFound(text, settled), useRules(settled), usePeople(settled)];
  const isFetching = useIsFetching({ queryKey: ['finder'] }) > 0;
  const isSettled = settled === text.trim();
  return {
    goals: [...found, ...matching(pages, text), ...(isSettled ? [...rules, ...people] : [])],
    isBusy: isFetching || !isSettled,
  };
}

function isWords(text: string): boolean {
  return text.length >= SHORTEST_TEXT && text.replaceAll(/\D/g, '').length <= MOST_DIGITS;
}

/** Rules of every product: those that decide now, then those being written. */
function useRules(text: string): readonly Goal[] {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['finder', 'rules', text],
    enabled: isWords(text) && may('policies.read'),
    queryFn: () => bodyOf(api.GET('/api/v1/policies/rules', { params: { query: { text, limit: RULES } } })),
  });
  return (query.data?.items ?? []).map(({ number, state, own_name: name, product, id, code, sentence }) => ({
    id: `rule ${String(number)} ${product} ${id}`,
    kind: state === 'active' ? 'Regra' : `Regra · ${wordOf(POLICY_STATE, state)}`,
    name: reasonWord(code),
    note: [
      ...(state === 'active' ? [] : [name ?? `versão ${String(number)}`]),
      ...(product === 'private_payroll' ? [] : [wordOf(PRODUCT, product)]),
      sentence.replaceAll(/\{[^}]*\}/g, '…'),
    ].join(' · '),
    to: {
      to: '/politica/$number',
      params: { number: String(number) },
      search: { aba: 'regras', regra: id, ...(product !== 'private_payroll' && { produto: product }) },
    },
  }));
}

function usePeople(text: string): readonly Goal[] {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['finder', 'people', text],
    enabled: isWords(text) && may('users.manage'),
    queryFn: () => bodyOf(api.GET('/api/v1/users', { params: { query: { text, limit: PEOPLE } } })),
  });
  return (query.data?.items ?? []).map(({ id, username, roles }) => ({
    id: `person ${id}`,
    kind: 'Pessoa',
    name: username,
    note: roles.map((role) => wordOf(ROLE, role)).join(', '),
    to: { to: '/acesso' },
  }));
}

/** What the service finds under a key or its beginning, a CPF or a CNPJ; a CPF goes out in a body and comes back as a mark. */
function useFound(text: string, settled: string): readonly Goal[] {
  const key = settled;
  const query = useQuery({
    queryKey: ['finder', 'lookup', key],
    enabled: key.length >= SHORTEST_KEY && /\d/.test(key),
    retry: false,
    gcTime: 0,
    queryFn: () => bodyOf(api.POST('/api/v1/history/lookup', { body: { text: key } })),
  });
  if (query.data === undefined || key !== text.trim()) return [];
  const { kind, keys, mark } = query.data;
  if (mark === null) return keys.map((one) => keyGoal(one, keys.length > 1));
  const name = kind === 'borrower' ? 'Leilões deste trabalhador' : 'Leilões deste empregador';
  return [{ id: 'found', kind: 'Histórico', name, to: { to: '/historico', search: { [kind]: mark } } }];
}

type FoundKey = Lookup['keys'][number];

const KEY_KIND: Readonly<Record<FoundKey['kind'], string>> = {
  auction: 'Leilão',
  operation: 'Operação',
  proposal: 'Proposta',
};

/** Among several that begin alike each is shown whole. */
function keyGoal({ kind, key, at }: FoundKey, isOneOfMany: boolean): Goal {
  return {
    id: `${kind} ${key}`,
    kind: KEY_KIND[kind],
    name: isOneOfMany ? key : shortKey(key),
    isLiteral: true,
    note: dateTime(at),
    to: placeOf(kind, key),
  };
}
