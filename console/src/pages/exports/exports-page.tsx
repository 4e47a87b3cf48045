import { Badge, Loader, Paper, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, bodyOf } from '../../api/client';
import { bytes, count, dateTime } from '../../format/format';
import { ActionButton } from '../../parts/action-button';
import { MoreButton } from '../../parts/more-button';
import { Page } from '../../parts/page';
import { saveAnswer } from '../../parts/save-as';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { AUCTION_STATUS, EXPORT_STATUS, inSentence, wordOf } from '../../words/words';
import { Schedules } from './schedules';

const COLOR: Readonly<Record<string, string>> = {
  waiting: 'gray',
  running: 'blue',
  done: 'teal',
  failed: 'red',
};

const isUnderWay = ({ status }: { readonly status: string }): boolean =>
  status === 'waiting' || status === 'running';

/** The files one has asked for; each appears by itself when it is ready. */
export function ExportsPage() {
  const mayExport = useSession().may('exports.create');
  return (
    <Page
      title="Exportações"
      subtitle="Os arquivos ficam aqui por sete dias. Cada um fica na trilha de auditoria."
    >
      {mayExport && <Files />}
      <Schedules />
    </Page>
  );
}

function Files() {
  const query = useInfiniteQuery({
    queryKey: ['exports'],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/exports', { params: { query: { ...(pageParam !== '' && { cursor: pageParam }) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isUnderWay)) === true ? 1_000 : false,
  });
  return (
    <>
      <Paper p={0}>
        <Loaded query={query}>
          {(items) =>
            items.length === 0 ? (
              <Empty title="Nenhuma exportação">
                Filtre o{' '}
                <Link to="/historico" className="link">
                  histórico
                </Link>{' '}
                e use Exportar.
              </Empty>
            ) : (
              <Table.ScrollContainer minWidth={640}>
                <Table aria-label="Exportações">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Pedida</Table.Th>
                      <Table.Th>Formato</Table.Th>
                      <Table.Th>Filtros</Table.Th>
                      <Table.Th>Situação</Table.Th>
                      <Table.Th ta="right">Linhas</Table.Th>
                      <Table.Th ta="right">Tamanho</Table.Th>
                      <Table.Th />
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map((item) => (
                      <Table.Tr key={item.id} data-export={item.format} data-status={item.status}>
                        <Table.Td>{dateTime(item.requested_at)}</Table.Td>
                        <Table.Td>
                          {item.format === 'parquet' ? 'Parquet' : item.format.toUpperCase()}
                        </Table.Td>
                        <Table.Td>
                          <Text size="sm" c="dimmed">
                            {item.title === null ? filtersOf(item.filter) : `visão ${item.title}`}
                          </Text>
                        </Table.Td>
                        <Table.Td>
                          <Badge variant="light" color={COLOR[item.status] ?? 'gray'} tt="none">
                            {wordOf(EXPORT_STATUS, item.status)}
                          </Badge>{' '}
                          {item.status === 'running' && (
                            <Loader size={14} role="status" aria-label="Em andamento" />
                          )}
                          {item.failure !== null && (
                            <Text span size="sm" c="red">
                              {item.failure}
                            </Text>
                          )}
                        </Table.Td>
                        <Table.Td ta="right">{count(item.rows_done)}</Table.Td>
                        <Table.Td ta="right">
                          {item.size_bytes === null ? '–' : bytes(Number(item.size_bytes))}
                        </Table.Td>
                        <Table.Td ta="right">{item.status === 'done' && <Download id={item.id} />}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            )
          }
        </Loaded>
      </Paper>
      <MoreButton query={query} mt="sm" />
    </>
  );
}

/** A filter by what it is about; the two ends of a range are about the same. */
const FILTER: Readonly<Record<string, string>> = {
  status: 'situação',
  reason: 'motivo',
  received_from: 'período',
  received_before: 'período',
  rate_from: 'taxa',
  rate_to: 'taxa',
  term_from: 'prazo',
  term_to: 'prazo',
  amount_from: 'valor',
  amount_to: 'valor',
  policy: 'versão da política',
  borrower: 'trabalhador',
  employer: 'empregador',
};

function filtersOf({ status, ...filter }: Readonly<Record<string, unknown>>): string {
  const situation =
    typeof status === 'string' ? [`situação: ${inSentence(wordOf(AUCTION_STATUS, status))}`] : [];
  const others = Object.keys(filter).map((name) => FILTER[name] ?? name);
  const all = [...new Set([...situation, ...others])];
  return all.length === 0 ? 'todos os leilões' : all.join(', ');
}

function Download({ id }: { readonly id: string }) {
  const get = () => api.GET('/api/v1/exports/{id}/file', { params: { path: { id } }, parseAs: 'blob' });
  return (
    <ActionButton variant="light" act={() => saveAnswer(get(), 'exportacao')}>
      Baixar
    </ActionButton>
  );
}
