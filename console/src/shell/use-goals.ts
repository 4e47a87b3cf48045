import { useDebouncedValue } from '@mantine/hooks';
import { useIsFetching, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Lookup } from '../api/client';
import { ApiProblem } from '../api/problem';
import { dateTime, shortKey } from '../format/format';
import { typedCpf } from '../format/typed';
import { useSession } from '../session/session-provider';
import { POLICY_STATE, PRODUCT, reasonWord, ROLE, wordOf } from '../words/words';
import { matching, placeOf, type Goal } from './goals';
import { PLACES } from './places';

const PAUSE_MS = 200;
/** What the beginning of a key, a CPF or a CNPJ has at least. */
const SHORTEST_KEY = 8;
/** One key in some thousands begins without a digit; words of eight such letters are few. */
const MAY_BE_KEY = /\d|^[a-f-]+$/i;
const SHORTEST_TEXT = 2;
/** More of them may be the beginning of a CPF, which stands in no address. */
const MOST_DIGITS = 3;
const RULES = 12;
const PEOPLE = 8;

interface Search {
  readonly goals: readonly Goal[];
  readonly error: Error | null;
}

interface Goals {
  readonly goals: readonly Goal[];
  readonly isBusy: boolean;
  /** Why the service could not be asked; that it knows nothing of it is no problem. */
  readonly problem: Error | undefined;
  /** A CPF, and whoever looks for it may see none: the service is not asked. */
  readonly isOnlyForOthers: boolean;
}

/** Where a text may lead: pages at once; rules, people and what has a key when the service has answered. */
export function useGoals(text: string): Goals {
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
    goals: [
      ...found.goals,
      ...matching(pages, text),
      ...(isSettled ? [...rules.goals, ...people.goals] : []),
    ],
    isBusy: isFetching || !isSettled,
    problem: [found, rules, people].map(({ error }) => error ?? undefined).find(isProblem),
    isOnlyForOthers: isCpf(text) && !may('personal_data.reveal'),
  };
}

function isProblem(error: Error | undefined): boolean {
  return error !== undefined && !(error instanceof ApiProblem && error.status === 404);
}

/** Whole, as the service reads it: a longer number with the same digits in it is none. */
function isCpf(text: string): boolean {
  return /^[\d.-]{11,14}$/.test(text.trim()) && typedCpf(text) !== undefined;
}

function isWords(text: string): boolean {
  return text.length >= SHORTEST_TEXT && text.replaceAll(/\D/g, '').length <= MOST_DIGITS;
}

/** Rules of every product: those that decide now, then those being written. */
function useRules(text: string): Search {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['finder', 'rules', text],
    enabled: isWords(text) && may('policies.read'),
    queryFn: () => bodyOf(api.GET('/api/v1/policies/rules', { params: { query: { text, limit: RULES } } })),
  });
  const goals = (query.data?.items ?? []).map(
    ({ number, state, own_name: name, product, id, code, sentence }): Goal => ({
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
    }),
  );
  return { goals, error: query.error };
}

function usePeople(text: string): Search {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['finder', 'people', text],
    enabled: isWords(text) && may('users.manage'),
    queryFn: () => bodyOf(api.GET('/api/v1/users', { params: { query: { text, limit: PEOPLE } } })),
  });
  const goals = (query.data?.items ?? []).map(({ id, username, roles }): Goal => ({
    id: `person ${id}`,
    kind: 'Pessoa',
    name: username,
    note: roles.map((role) => wordOf(ROLE, role)).join(', '),
    to: { to: '/acesso' },
  }));
  return { goals, error: query.error };
}

/** What the service finds under a key or its beginning, a CNPJ, or a CPF, which goes out in a body and comes back as a mark. */
function useFound(text: string, settled: string): Search {
  const { may } = useSession();
  const key = settled;
  const query = useQuery({
    queryKey: ['finder', 'lookup', key],
    enabled:
      key.length >= SHORTEST_KEY && MAY_BE_KEY.test(key) && (may('personal_data.reveal') || !isCpf(key)),
    retry: false,
    gcTime: 0,
    queryFn: () => bodyOf(api.POST('/api/v1/history/lookup', { body: { text: key } })),
  });
  const found = key === text.trim() ? query.data : undefined;
  return { goals: found === undefined ? [] : foundGoals(found), error: query.error };
}

function foundGoals({ kind, keys, mark }: Lookup): readonly Goal[] {
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
