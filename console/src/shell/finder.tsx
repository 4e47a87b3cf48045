import { Combobox, Group, Modal, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf } from '../api/client';
import { shortKey } from '../format/format';
import { documentOf } from '../pages/policy/document';
import { useSession } from '../session/session-provider';
import { reasonWord } from '../words/words';
import { matching, type Goal } from './goals';
import { useLive } from './live-provider';
import { PLACES } from './places';

const PAUSE_MS = 200;
/** What a key, a CPF or a CNPJ has at least. */
const SHORTEST_KEY = 8;
const PEOPLE = 100;

/** One line to write in: pages, rules in force, people; and what a whole key, a CPF or a CNPJ leads to. */
export function Finder({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const combobox = useCombobox({ opened: true });
  const navigate = useNavigate();
  const goals = useGoals(text);
  const go = (id: string): void => {
    const goal = goals.find((one) => one.id === id);
    if (goal === undefined) return;
    onClose();
    void navigate(goal.to);
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title="Ir para" padding="md" yOffset="10vh">
      <Combobox store={combobox} onOptionSubmit={go}>
        <Combobox.EventsTarget>
          <TextInput
            data-autofocus
            aria-label="Página, regra, pessoa, chave, CPF ou CNPJ"
            placeholder="Página, regra, pessoa, chave, CPF ou CNPJ"
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              combobox.resetSelectedOption();
            }}
            onKeyDown={(event) => {
              const [first] = goals;
              if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0 && first) go(first.id);
            }}
          />
        </Combobox.EventsTarget>
        <Combobox.Options mt="xs" mah="50vh" style={{ overflowY: 'auto' }}>
          {goals.length === 0 && <Combobox.Empty>Nada encontrado com essas letras</Combobox.Empty>}
          {goals.map(({ id, kind, name, note }) => (
            <Combobox.Option key={id} value={id}>
              <Group justify="space-between" wrap="nowrap">
                <div>
                  <Text size="sm">{name}</Text>
                  {note !== undefined && (
                    <Text size="xs" c="dimmed" lineClamp={1}>
                      {note}
                    </Text>
                  )}
                </div>
                <Text size="xs" c="dimmed">
                  {kind}
                </Text>
              </Group>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox>
    </Modal>
  );
}

function useGoals(text: string): readonly Goal[] {
  const { may } = useSession();
  const pages = PLACES.filter(({ permissions }) => permissions.some(may)).map(({ to, label }): Goal => ({
    id: to,
    kind: 'Página',
    name: label,
    to: { to },
  }));
  const known = [...pages, ...useRules(), ...usePeople()];
  return [...useFound(text), ...matching(known, text)];
}

/** The rules that decide now. */
function useRules(): readonly Goal[] {
  const { may } = useSession();
  const version = useLive().overview?.policy.version;
  const query = useQuery({
    queryKey: ['policy', version],
    enabled: version !== undefined && may('policies.read'),
    queryFn: () =>
      bodyOf(api.GET('/api/v1/policies/{number}', { params: { path: { number: Number(version) } } })),
  });
  if (query.data === undefined || version === undefined) return [];
  return documentOf(query.data.document).rules.map(({ id, code, sentence }) => ({
    id: `rule ${id}`,
    kind: 'Regra',
    name: reasonWord(code),
    note: sentence,
    to: { to: '/politica/$number', params: { number: version }, search: { aba: 'regras', regra: id } },
  }));
}

function usePeople(): readonly Goal[] {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['finder', 'people'],
    enabled: may('users.manage'),
    queryFn: () => bodyOf(api.GET('/api/v1/users', { params: { query: { limit: PEOPLE } } })),
  });
  return (query.data?.items ?? []).map(({ id, username }) => ({
    id: `person ${id}`,
    kind: 'Pessoa',
    name: username,
    to: { to: '/acesso' },
  }));
}

/** What the service finds under a whole key, a CPF or a CNPJ; a CPF goes out in a body and comes back as a mark. */
function useFound(text: string): readonly Goal[] {
  const [key] = useDebouncedValue(text.trim(), PAUSE_MS);
  const query = useQuery({
    queryKey: ['finder', 'lookup', key],
    enabled: key.length >= SHORTEST_KEY && /\d/.test(key),
    retry: false,
    gcTime: 0,
    queryFn: () => bodyOf(api.POST('/api/v1/history/lookup', { body: { text: key } })),
  });
  if (query.data === undefined || key !== text.trim()) return [];
  const { kind, key: found, mark } = query.data;
  if (kind === 'auction' && found !== null)
    return [
      {
        id: 'found',
        kind: 'Leilão',
        name: shortKey(found),
        to: { to: '/historico/$key', params: { key: found } },
      },
    ];
  if (kind === 'operation' && found !== null)
    return [
      {
        id: 'found',
        kind: 'Operação',
        name: shortKey(found),
        to: { to: '/operacoes/$key', params: { key: found } },
      },
    ];
  if (mark === null) return [];
  const name = kind === 'borrower' ? 'Leilões deste trabalhador' : 'Leilões deste empregador';
  return [{ id: 'found', kind: 'Histórico', name, to: { to: '/historico', search: { [kind]: mark } } }];
}
