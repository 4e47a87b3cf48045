import { Badge, Button, Group, Paper, Select, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { dateTime } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { EXPORT_STATUS, wordOf } from '../../words/words';
import { EVERY, recurrenceInWords, WEEKDAYS } from './recurrence';

const numbers = (from: number, to: number, label: (n: number) => string) =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ value: String(from + at), label: label(from + at) }));
const HOURS = numbers(0, 23, (hour) => `${String(hour)}h`);
const DAYS = numbers(1, 31, (day) => (day === 31 ? 'último dia' : `dia ${String(day)}`));
const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'Excel' },
  { value: 'parquet', label: 'Parquet' },
];

/** Views that are exported again and again: everybody's, for the files are for whoever may export. */
export function Schedules() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['export-schedules'],
    queryFn: () => bodyOf(api.GET('/api/v1/export-schedules')),
  });
  const settled = {
    onSettled: () => queries.invalidateQueries({ queryKey: ['export-schedules'] }),
    onError: (error: unknown) => notifications.show({ color: 'red', message: sentenceOf(error) }),
  };
  const remove = useMutation({
    mutationFn: (id: string) =>
      bodyOf(api.DELETE('/api/v1/export-schedules/{id}', { params: { path: { id } } })),
    ...settled,
  });
  return (
    <Paper p="md" component="section" aria-label="Exportações agendadas">
      <Title order={2}>Agendadas</Title>
      <Text size="sm" c="dimmed" mb="sm">
        Quem pode exportar abre os arquivos. Quem deve ser avisado por e-mail se cadastra em Saúde,
        Notificações.
      </Text>
      <NewSchedule settled={settled} />
      <Loaded query={query} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nada agendado">
              Escolha uma visão, um formato e quando: o arquivo passa a se fazer sozinho.
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={640}>
              <Table aria-label="Exportações agendadas">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Visão</Table.Th>
                    <Table.Th>Formato</Table.Th>
                    <Table.Th>Quando</Table.Th>
                    <Table.Th>Próxima</Table.Th>
                    <Table.Th>Última</Table.Th>
                    <Table.Th aria-label="Ações" />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((item) => (
                    <Table.Tr key={item.id}>
                      <Table.Td>{item.view_name}</Table.Td>
                      <Table.Td>{FORMATS.find(({ value }) => value === item.format)?.label}</Table.Td>
                      <Table.Td>{recurrenceInWords(item)}</Table.Td>
                      <Table.Td>{dateTime(item.next_at)}</Table.Td>
                      <Table.Td>
                        {item.last_status === null ? (
                          '–'
                        ) : (
                          <Badge
                            variant="light"
                            color={item.last_status === 'failed' ? 'red' : 'gray'}
                            tt="none"
                          >
                            {wordOf(EXPORT_STATUS, item.last_status)}
                          </Badge>
                        )}
                      </Table.Td>
                      <Table.Td ta="right">
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          color="gray"
                          aria-label={`Tirar ${item.view_name} das agendadas`}
                          onClick={() => {
                            remove.mutate(item.id);
                          }}
                        >
                          Tirar
                        </Button>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </Paper>
  );
}

interface Settled {
  readonly onSettled: () => unknown;
  readonly onError: (error: unknown) => unknown;
}

function NewSchedule({ settled }: { readonly settled: Settled }) {
  const [view, setView] = useState<string | null>(null);
  const [format, setFormat] = useState<'csv' | 'xlsx' | 'parquet'>('xlsx');
  const [every, setEvery] = useState<keyof typeof EVERY>('week');
  const [on, setOn] = useState(1);
  const [hour, setHour] = useState(7);
  const views = useQuery({ queryKey: ['views'], queryFn: () => bodyOf(api.GET('/api/v1/views')) });
  const mine = (views.data?.items ?? []).filter(({ page }) => page === 'explore');
  const create = useMutation({
    mutationFn: (viewId: string) => {
      const recurrence =
        every === 'day'
          ? { every, hour }
          : every === 'week'
            ? { every, weekday: on, hour }
            : { every, month_day: on, hour };
      return bodyOf(api.POST('/api/v1/export-schedules', { body: { view_id: viewId, format, recurrence } }));
    },
    ...settled,
  });
  if (mine.length === 0)
    return (
      <Text size="sm" mb="sm">
        Para agendar, guarde uma visão em{' '}
        <Link to="/explorar" className="link">
          Explorar
        </Link>
        .
      </Text>
    );
  return (
    <Group align="flex-end" mb="md">
      <Select
        label="Visão"
        placeholder="Escolha"
        data={mine.map(({ id, name }) => ({ value: id, label: name }))}
        value={view}
        onChange={setView}
      />
      <Select
        label="Formato"
        w={110}
        allowDeselect={false}
        data={FORMATS}
        value={format}
        onChange={(value) => {
          if (value === 'csv' || value === 'xlsx' || value === 'parquet') setFormat(value);
        }}
      />
      <Select
        label="Quando"
        w={150}
        allowDeselect={false}
        data={Object.entries(EVERY).map(([value, label]) => ({ value, label }))}
        value={every}
        onChange={(value) => {
          setOn(1);
          if (value === 'day' || value === 'week' || value === 'month') setEvery(value);
        }}
      />
      {every !== 'day' && (
        <Select
          label="Dia"
          w={160}
          allowDeselect={false}
          data={every === 'month' ? DAYS : numbers(1, 7, (day) => WEEKDAYS[day - 1] ?? '')}
          value={String(on)}
          onChange={(day) => {
            setOn(Number(day));
          }}
        />
      )}
      <Select
        label="Hora (São Paulo)"
        w={130}
        allowDeselect={false}
        data={HOURS}
        value={String(hour)}
        onChange={(value) => {
          setHour(Number(value));
        }}
      />
      <Button
        loading={create.isPending}
        disabled={view === null}
        onClick={() => {
          if (view !== null) create.mutate(view);
        }}
      >
        Agendar
      </Button>
    </Group>
  );
}
