import { Button, Group, Select, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { HELP } from '../../words/help-words';
import { optionsOf } from '../../words/words';
import { EVERY, WEEKDAYS } from './recurrence';

const numbers = (from: number, to: number, label: (n: number) => string) =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ value: String(from + at), label: label(from + at) }));
const HOURS = numbers(0, 23, (hour) => `${String(hour)}h`);
const DAYS = numbers(1, 31, (day) => (day === 31 ? 'último dia' : `dia ${String(day)}`));
export const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'Excel' },
  { value: 'parquet', label: 'Parquet' },
];

export interface Settled {
  readonly onSettled: () => unknown;
  readonly onError: (error: unknown) => unknown;
}

/** One of one's own views of Explorar, from now on again and again. */
export function NewSchedule({ settled }: { readonly settled: Settled }) {
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
    <Group align="flex-start" mb="md" className="filters">
      <Select
        label="Visão"
        description={HELP.schedule.view}
        placeholder="Escolha"
        data={mine.map(({ id, name }) => ({ value: id, label: name }))}
        value={view}
        onChange={setView}
      />
      <Select
        label="Formato"
        description={HELP.schedule.format}
        w={150}
        allowDeselect={false}
        data={FORMATS}
        value={format}
        onChange={(value) => {
          if (value === 'csv' || value === 'xlsx' || value === 'parquet') setFormat(value);
        }}
      />
      <Select
        label="Quando"
        description={HELP.schedule.every}
        w={150}
        allowDeselect={false}
        data={optionsOf(EVERY)}
        value={every}
        onChange={(value) => {
          setOn(1);
          if (value === 'day' || value === 'week' || value === 'month') setEvery(value);
        }}
      />
      {every !== 'day' && (
        <Select
          label="Dia"
          description={HELP.schedule.on}
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
        description={HELP.schedule.hour}
        w={160}
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
