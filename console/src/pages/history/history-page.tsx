import {
  Button,
  Checkbox,
  Group,
  Loader,
  Menu,
  Paper,
  Stack,
  Table,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { flexRender, getCoreRowModel, useReactTable, type Header, type Row } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { api, bodyOf, type AuctionRow } from '../../api/client';
import { count } from '../../format/format';
import { NoAuctions } from '../../parts/no-auctions';
import { Page } from '../../parts/page';
import { SavedViews } from '../../parts/saved-views';
import { Failure, Loaded } from '../../parts/states';
import { useReadSearch } from '../../parts/use-read-search';
import { useSession } from '../../session/session-provider';
import { Icon } from '../../shell/icons';
import { COLUMNS, SHOWN_AT_FIRST } from './columns';
import { ExportMenu } from './export-menu';
import { FilterBar } from './filter-bar';
import {
  filterOf,
  isFiltered,
  orderOf,
  readHistorySearch,
  sortedBy,
  type HistorySearch,
} from './history-search';
import { isSortable } from './sorting';

const PAGE = 100;
const ROW_HEIGHT = 41;
/** Rows before the end at which the next page is fetched. */
const AHEAD = 30;

export function HistoryPage() {
  const search = useReadSearch(readHistorySearch);
  const navigate = useNavigate();
  const { may } = useSession();
  const [visible, setVisible] = useLocalStorage({ key: 'arremate.columns', defaultValue: SHOWN_AT_FIRST });
  const order = orderOf(search);
  const query = useInfiniteQuery({
    queryKey: ['history', search],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/history/auctions', {
          params: {
            query: {
              ...filterOf(search),
              sort: order.sort,
              direction: order.direction,
              limit: PAGE,
              ...(pageParam !== '' && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const table = useReactTable({
    data: rows,
    columns: COLUMNS,
    state: { columnVisibility: visible },
    onColumnVisibilityChange: (change) => {
      setVisible(typeof change === 'function' ? change(visible) : change);
    },
    getCoreRowModel: getCoreRowModel(),
    getRowId: (row) => row.issuer_proposal_request_key,
  });

  return (
    <Page
      title="Histórico de lances"
      actions={
        <>
          <SavedViews
            page="history"
            query={new URLSearchParams(Object.entries(search)).toString()}
            onOpen={(query) =>
              void navigate({
                to: '/historico',
                search: readHistorySearch(Object.fromEntries(new URLSearchParams(query))),
              })
            }
          />
          <Menu closeOnItemClick={false} position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<Icon name="columns" size={16} />}>
                Colunas
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={420} style={{ overflow: 'auto' }}>
              <Stack gap={6} p="xs">
                {table.getAllLeafColumns().map((each) => (
                  <Checkbox
                    key={each.id}
                    label={String(each.columnDef.header)}
                    checked={each.getIsVisible()}
                    disabled={!each.getCanHide()}
                    onChange={each.getToggleVisibilityHandler()}
                  />
                ))}
              </Stack>
            </Menu.Dropdown>
          </Menu>
          {may('exports.create') && <ExportMenu search={search} />}
        </>
      }
    >
      <FilterBar
        search={search}
        onChange={(changed) => void navigate({ to: '/historico', search: changed, replace: true })}
      />
      <Paper p={0}>
        <Loaded query={query} lines={12}>
          {() =>
            rows.length === 0 ? (
              <NoAuctions isFiltered={isFiltered(search)} />
            ) : (
              <Rows
                table={table}
                order={order}
                onSort={(column) =>
                  void navigate({ to: '/historico', search: sortedBy(search, column), replace: true })
                }
                isFetching={query.isFetchingNextPage}
                onEndNear={() => {
                  // One that failed is asked for again by its button alone.
                  if (query.hasNextPage && !query.isFetching && !query.isFetchNextPageError)
                    void query.fetchNextPage();
                }}
              />
            )
          }
        </Loaded>
        <Group px="md" py="xs" justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {query.isFetching && !query.isFetchingNextPage ? (
              <Loader size="xs" role="status" aria-label="Atualizando" />
            ) : (
              <HowMany search={search} loaded={rows.length} hasMore={query.hasNextPage} />
            )}
          </Text>
          {query.isFetchNextPageError && <Failure error={query.error} again={() => query.fetchNextPage()} />}
        </Group>
      </Paper>
    </Page>
  );
}

/** All of them are counted by the server; those that are loaded need no counting once they are all. */
function HowMany({
  search,
  loaded,
  hasMore,
}: {
  readonly search: HistorySearch;
  readonly loaded: number;
  readonly hasMore: boolean;
}) {
  const filter = filterOf(search);
  const query = useQuery({
    queryKey: ['history-count', filter],
    queryFn: () => bodyOf(api.GET('/api/v1/history/auctions/count', { params: { query: filter } })),
    enabled: hasMore,
    staleTime: 30_000,
  });
  if (!hasMore) return <>{count(loaded)} no total</>;
  const { data } = query;
  if (data === undefined) return <>{count(loaded)} carregados, há mais</>;
  return (
    <>
      {count(loaded)} carregados de {data.is_exact ? '' : 'cerca de '}
      {count(data.count)}
    </>
  );
}

interface RowsProps {
  readonly order: ReturnType<typeof orderOf>;
  readonly onSort: (column: string) => void;
  readonly table: ReturnType<typeof useReactTable<AuctionRow>>;
  readonly isFetching: boolean;
  readonly onEndNear: () => void;
}

/** Only the rows in sight are drawn, however many have been loaded. */
function Rows({ table, order, onSort, isFetching, onEndNear }: RowsProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => frame.current,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - AHEAD) onEndNear();
  }, [lastShown, rows.length, onEndNear]);

  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div
      ref={frame}
      className="scroll sticky"
      style={{
        height: `min(calc(100dvh - 19rem), ${String(rows.length * ROW_HEIGHT + 44)}px)`,
        minHeight: '16rem',
      }}
      tabIndex={0}
      role="region"
      aria-label="Leilões encontrados"
      aria-busy={isFetching}
    >
      <Table style={{ tableLayout: 'fixed', width: table.getTotalSize(), minWidth: '100%' }}>
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => (
                <Heading key={header.id} header={header} order={order} onSort={onSort} />
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <tr style={{ height: before }} />}
          {shown.map(({ index }) => {
            const row = rows[index];
            return row && <AuctionLine key={row.id} row={row} />;
          })}
          {after > 0 && <tr style={{ height: after }} />}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** A heading that sorts is a button, so that the keyboard reaches it. */
function Heading({
  header,
  order,
  onSort,
}: Pick<RowsProps, 'order' | 'onSort'> & { readonly header: Header<AuctionRow, unknown> }) {
  const { id, columnDef } = header.column;
  const title = flexRender(columnDef.header, header.getContext());
  const isSorted = order.column === id;
  const sorted = order.direction === 'desc' ? 'descending' : 'ascending';
  return (
    <Table.Th w={header.getSize()} ta={alignmentOf(columnDef.meta)} aria-sort={isSorted ? sorted : undefined}>
      {isSortable(id) ? (
        <UnstyledButton
          fz="inherit"
          fw="inherit"
          onClick={() => {
            onSort(id);
          }}
        >
          {title}
          {isSorted && <span aria-hidden> {order.direction === 'desc' ? '↓' : '↑'}</span>}
        </UnstyledButton>
      ) : (
        title
      )}
    </Table.Th>
  );
}

function AuctionLine({ row }: { readonly row: Row<AuctionRow> }) {
  const navigate = useNavigate();
  return (
    <Table.Tr
      className="row-link"
      style={{ height: ROW_HEIGHT }}
      data-auction={row.id}
      onClick={() => void navigate({ to: '/historico/$key', params: { key: row.id } })}
    >
      {row.getVisibleCells().map((cell) => (
        <Table.Td
          key={cell.id}
          ta={alignmentOf(cell.column.columnDef.meta)}
          style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
        >
          {flexRender(cell.column.columnDef.cell, cell.getContext())}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function alignmentOf(meta: unknown): 'right' | 'left' {
  return typeof meta === 'object' && meta !== null && 'right' in meta ? 'right' : 'left';
}
