import { Code, Group, Select, Stack, Table, Text, TextInput, UnstyledButton } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type AuditRow } from '../../api/client';
import { dateTime } from '../../format/format';
import { Copyable } from '../../parts/copyable';
import { MoreButton } from '../../parts/more-button';
import { Empty, Loaded } from '../../parts/states';
import { AUDIT_ACTION, detailWords, subjectWord } from '../../words/audit-words';
import { actorWord, optionsOf, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';
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
      description={name === 'actor' ? HELP.people.auditActor : HELP.people.auditSubject}
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
        <Select
          label="O quê"
          description={HELP.people.auditAction}
          placeholder="tudo"
          searchable
          clearable
          w={280}
          data={optionsOf(AUDIT_ACTION)}
          value={typed.action === '' ? null : typed.action}
          onChange={(action) => {
            setTyped((before) => ({ ...before, action: action ?? '' }));
          }}
        />
        {input('subject', 'Sobre', 'clique num item da lista')}
        <DatePickerInput
          type="range"
          label="Período"
          description={HELP.people.auditPeriod}
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
            <Empty title="Nada registrado com estes filtros">Tire um filtro ou aumente o período.</Empty>
          ) : (
            <Rows
              rows={rows}
              onSubject={(subject) => {
                setTyped((before) => ({ ...before, subject }));
              }}
            />
          );
        }}
      </Loaded>
      <MoreButton query={query} />
      <Text size="sm" c="dimmed">
        A cadeia inteira é conferida por <Code>npm run audit -- verify</Code>.
      </Text>
    </Stack>
  );
}

function instants([de, ate]: readonly [string | null, string | null]) {
  if (de === null) return {};
  const { received_from = '', received_before = '' } = filterOf({ de, ate: ate ?? de });
  return { from: new Date(received_from).toISOString(), before: new Date(received_before).toISOString() };
}

function Rows({
  rows,
  onSubject,
}: {
  readonly rows: readonly AuditRow[];
  readonly onSubject: (subject: string) => void;
}) {
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
              <Table.Td className="breaks">{actorWord(actor)}</Table.Td>
              <Table.Td>{wordOf(AUDIT_ACTION, action)}</Table.Td>
              <Table.Td className="breaks" maw={240}>
                <UnstyledButton
                  className="link"
                  fz="sm"
                  aria-label={`Só sobre ${subjectWord(subject)}`}
                  onClick={() => {
                    onSubject(subject);
                  }}
                >
                  {subjectWord(subject)}
                </UnstyledButton>
              </Table.Td>
              <Table.Td maw={320}>
                {reason !== null && <Text size="sm">“{reason}”</Text>}
                <Text size="xs" c="dimmed" className="breaks">
                  {detailWords(details)}
                </Text>
                <Recorded row={{ action, subject, details }} />
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

/** The row to the letter, as its hash covers it. */
function Recorded({ row }: { readonly row: Pick<AuditRow, 'action' | 'subject' | 'details'> }) {
  return (
    <details>
      <Text component="summary" size="xs" c="dimmed">
        Como gravado
      </Text>
      <Code block className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
        {JSON.stringify(row, null, 1)}
      </Code>
    </details>
  );
}
