import { Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type AuditRow } from '../../api/client';
import { dateTime } from '../../format/format';
import { Copyable } from '../../parts/copyable';
import { MoreButton } from '../../parts/more-button';
import { Empty, Loaded } from '../../parts/states';
import { filterOf } from '../history/history-search';

const PAUSE_MS = 300;
const PAGE = 100;

/** What people and scripts did, newest first; each row's hash covers the one before. */
export function AuditPanel() {
  const [typed, setTyped] = useState({ actor: '', action: '', subject: '' });
  const [period, setPeriod] = useState<[string | null, string | null]>([null, null]);
  const [filter] = useDebouncedValue(typed, PAUSE_MS);
  const query = useInfiniteQuery({
    queryKey: ['audit', filter, period],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/audit', {
          params: {
            query: {
              limit: PAGE,
              ...Object.fromEntries(Object.entries(filter).filter(([, text]) => text.trim() !== '')),
              ...instants(period),
              ...(pageParam !== '' && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const input = (name: keyof typeof typed, label: string, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={typed[name]}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped((before) => ({ ...before, [name]: text }));
      }}
    />
  );
  return (
    <Stack>
      <Group align="flex-end">
        {input('actor', 'Quem', 'user:ana@…')}
        {input('action', 'O quê', 'policy.activated')}
        {input('subject', 'Sobre', 'policy:3')}
        <DatePickerInput
          type="range"
          label="Período"
          placeholder="todo"
          valueFormat="DD/MM/YYYY"
          allowSingleDateInRange
          clearable
          w={240}
          value={period}
          onChange={setPeriod}
        />
      </Group>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          return rows.length === 0 ? (
            <Empty title="Nada registrado com estes filtros" />
          ) : (
            <Rows rows={rows} />
          );
        }}
      </Loaded>
      <MoreButton query={query} />
      <Text size="sm" c="dimmed">
        A cadeia inteira é conferida por <span className="mono">npm run audit -- verify</span>.
      </Text>
    </Stack>
  );
}

function instants([de, ate]: readonly [string | null, string | null]) {
  if (de === null) return {};
  const { received_from = '', received_before = '' } = filterOf({ de, ate: ate ?? de });
  return { from: new Date(received_from).toISOString(), before: new Date(received_before).toISOString() };
}

function Rows({ rows }: { readonly rows: readonly AuditRow[] }) {
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Trilha de auditoria">
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">Nº</Table.Th>
            <Table.Th>Quando</Table.Th>
            <Table.Th>Quem</Table.Th>
            <Table.Th>O quê</Table.Th>
            <Table.Th>Sobre</Table.Th>
            <Table.Th>Motivo e detalhes</Table.Th>
            <Table.Th>Hash</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ id, at, actor, action, subject, reason, details, hash }) => (
            <Table.Tr key={id}>
              <Table.Td ta="right">{id}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{dateTime(at)}</Table.Td>
              <Table.Td className="breaks">{actor}</Table.Td>
              <Table.Td className="mono">{action}</Table.Td>
              <Table.Td className="mono breaks" maw={240}>
                {subject}
              </Table.Td>
              <Table.Td maw={320}>
                {reason !== null && <Text size="sm">“{reason}”</Text>}
                <Text size="xs" c="dimmed" className="breaks">
                  {Object.entries(details)
                    .map(
                      ([name, value]) =>
                        `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
                    )
                    .join(' · ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <Copyable text={hash} shown={hash.slice(0, 8)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
