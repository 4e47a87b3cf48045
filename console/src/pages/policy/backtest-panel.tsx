import { Alert, Badge, Button, Code, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { count, date, dateTime } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { filterOf } from '../history/history-search';

const STATE: Readonly<Record<string, readonly [string, string]>> = {
  queued: ['na fila', 'gray'],
  running: ['em andamento', 'blue'],
  done: ['pronto', 'teal'],
  failed: ['falhou', 'red'],
  canceled: ['cancelado', 'gray'],
};

const today = (): string => new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 10);

/** What this version would have done with the requests of a period, beside the active one. */
export function BacktestPanel({ version }: { readonly version: PolicyVersion }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const [period, setPeriod] = useState<[string | null, string | null]>([today(), today()]);
  const query = useQuery({
    queryKey: ['backtests', version.hash],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/policies/{number}/backtests', { params: { path: { number: version.number } } }),
      ),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ state: each }) => each === 'queued' || each === 'running') ? 1_000 : false,
  });
  const start = useMutation({
    mutationFn: () => {
      const [de, ate] = period;
      const { received_from, received_before } = filterOf({ de: de ?? today(), ate: ate ?? de ?? today() });
      return bodyOf(
        api.POST('/api/v1/policies/{number}/backtests', {
          params: { path: { number: version.number } },
          body: {
            received_from: new Date(received_from ?? '').toISOString(),
            received_before: new Date(received_before ?? '').toISOString(),
          },
        }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['backtests'] }),
  });
  return (
    <Stack>
      {may('policies.test') && (
        <Group align="flex-end">
          <DatePickerInput
            type="range"
            label="Pedidos recebidos de"
            valueFormat="DD/MM/YYYY"
            allowSingleDateInRange
            w={260}
            value={period}
            onChange={setPeriod}
          />
          <Button
            loading={start.isPending}
            disabled={period[0] === null}
            onClick={() => {
              start.mutate();
            }}
          >
            Refazer as decisões do período
          </Button>
        </Group>
      )}
      {start.error !== null && (
        <Alert color="red" role="alert">
          {sentenceOf(start.error)}
        </Alert>
      )}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nenhum relatório de impacto desta versão">A ativação exige um.</Empty>
          ) : (
            <Stack>
              {items.map((report) => {
                const [word, color] = STATE[report.state] ?? [report.state, 'gray'];
                return (
                  <Stack key={report.id} gap="xs" data-backtest={report.state}>
                    <Group gap="sm">
                      <Badge variant="light" color={color} tt="none">
                        {word}
                      </Badge>
                      <Text size="sm">
                        {date(report.received_from)} a {date(report.received_before)} ·{' '}
                        {count(report.requests_done)}
                        {report.requests_total !== null && ` de ${count(report.requests_total)}`} pedidos ·{' '}
                        {report.requested_by}, {dateTime(report.requested_at)}
                      </Text>
                    </Group>
                    {report.state === 'running' && report.requests_total !== null && (
                      <Progress
                        value={(report.requests_done / Math.max(1, report.requests_total)) * 100}
                        aria-label="Andamento"
                      />
                    )}
                    {report.failure !== null && <Text c="red">{report.failure}</Text>}
                    {report.figures !== null && <Figures figures={report.figures} />}
                  </Stack>
                );
              })}
            </Stack>
          )
        }
      </Loaded>
    </Stack>
  );
}

/** The plain figures as a table; what is nested stays as it is, folded away. */
function Figures({ figures }: { readonly figures: Readonly<Record<string, unknown>> }) {
  const plain = Object.entries(figures).filter(
    ([, value]) => typeof value === 'number' || typeof value === 'string',
  );
  const nested = Object.entries(figures).filter(([, value]) => typeof value === 'object' && value !== null);
  return (
    <>
      <Table aria-label="Impacto" w="fit-content">
        <Table.Tbody>
          {plain.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Td>{FIGURE[name] ?? name}</Table.Td>
              <Table.Td ta="right" fw={600}>
                {typeof value === 'number' ? count(value) : String(value)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {nested.length > 0 && (
        <details>
          <summary>Por segmento, motivos e decisões que mudam</summary>
          <Code block mah={400} style={{ overflow: 'auto' }}>
            {JSON.stringify(Object.fromEntries(nested), null, 2)}
          </Code>
        </details>
      )}
    </>
  );
}

const FIGURE: Readonly<Record<string, string>> = {
  requests: 'Pedidos',
  changed: 'Decisões que mudam',
  gained: 'Lances a mais',
  lost: 'Lances a menos',
  same: 'Decisões iguais',
};
