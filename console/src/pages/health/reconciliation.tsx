import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { api, bodyOf } from '../../api/client';
import { count, dateTime, shortKey } from '../../format/format';
import { tellDone, tellFailure } from '../../parts/notices';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { wordOf } from '../../words/words';

/** With its calendar, which few who open the page need. */
const ReplayArchived = lazy(() =>
  import('./replay-archived').then((replay) => ({ default: replay.ReplayArchived })),
);

const RESULT: Readonly<Record<string, string>> = {
  done: 'concluída',
  limit_of_calls: 'parou no limite de chamadas',
  qi_unavailable: 'a QI não respondeu',
  failed: 'falhou',
  abandoned: 'interrompida',
};

/** What QI knows and we did not: the last runs and what they found. */
export function Reconciliation() {
  const { may } = useSession();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['reconciliation'],
    queryFn: () => bodyOf(api.GET('/api/v1/reconciliation/runs', { params: { query: { limit: 5 } } })),
    refetchInterval: 10_000,
  });
  const run = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/reconciliation/runs')),
    onSuccess: ({ gaps_found: found }) => {
      tellDone(`Conciliação feita: ${count(found)} faltas encontradas.`);
    },
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['reconciliation'] }),
  });
  return (
    <Stack gap="sm">
      <Loaded query={query} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nenhuma rodada ainda">A primeira se faz sozinha em alguns minutos.</Empty>
          ) : (
            <Table aria-label="Rodadas de conciliação">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Início</Table.Th>
                  <Table.Th>Resultado</Table.Th>
                  <Table.Th ta="right">Faltas</Table.Th>
                  <Table.Th ta="right">Fechadas</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((item) => (
                  <Table.Tr key={item.id}>
                    <Table.Td>{dateTime(item.started_at)}</Table.Td>
                    <Table.Td>{item.result === null ? 'em andamento' : wordOf(RESULT, item.result)}</Table.Td>
                    <Table.Td ta="right">{count(item.gaps_found)}</Table.Td>
                    <Table.Td ta="right">{count(item.gaps_closed)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
      <OpenGaps />
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Roda sozinha; pode ser pedida agora.
        </Text>
        {may('events.replay') && (
          <Group gap="xs">
            <Suspense>
              <ReplayArchived />
            </Suspense>
            <Button
              size="xs"
              variant="default"
              loading={run.isPending}
              onClick={() => {
                run.mutate();
              }}
            >
              Conciliar agora
            </Button>
          </Group>
        )}
      </Group>
    </Stack>
  );
}

const GAP: Readonly<Record<string, string>> = {
  auction_without_end: 'fim de leilão',
  auction_stuck: 'andamento de leilão: parou aqui',
  operation_without_news: 'notícia de operação',
  webhook_undelivered: 'notificação que a QI não entregou',
};
const SHOWN_GAPS = 10;

/** What should have been heard and has not come yet. */
function OpenGaps() {
  const query = useQuery({
    queryKey: ['reconciliation', 'gaps'],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/reconciliation/gaps', { params: { query: { status: 'open', limit: SHOWN_GAPS } } }),
      ),
    refetchInterval: 10_000,
  });
  const gaps = query.data?.items ?? [];
  if (gaps.length === 0) return null;
  return (
    <Table aria-label="O que falta">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Falta</Table.Th>
          <Table.Th>Chave</Table.Th>
          <Table.Th>Desde</Table.Th>
          <Table.Th>Perguntada</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {gaps.map((gap) => (
          <Table.Tr key={gap.id}>
            <Table.Td>{wordOf(GAP, gap.kind)}</Table.Td>
            <Table.Td className="mono">{shortKey(gap.key)}</Table.Td>
            <Table.Td>{dateTime(gap.found_at)}</Table.Td>
            <Table.Td>{count(gap.asked)} vezes</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
