import { Alert, Button, Group, Paper, Select, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, bodyOf, type Pivot } from '../../api/client';
import { count, today } from '../../format/format';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { DIMENSION, keyInWords, MEASURE } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { FigureCell } from './figure';
import { daysAfter } from './period';
import { PeriodInput } from './period-input';
import { goneFrom, type ExploreSearch } from './search';

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** Any measure by any dimension; the address is the view, and is shared by sending it. */
export function ExplorePage() {
  const search = useSearch({ from: '/explorar' });
  const navigate = useNavigate();
  const gone = goneFrom(search);
  const [rows, columns, measure] = [search.linhas ?? 'policy', search.colunas, search.medida ?? 'win_rate'];
  const [from, to] = [search.de ?? daysAfter(today(), -29), search.ate ?? today()];
  const by = columns === undefined || columns === rows ? [rows] : [rows, columns];
  const query = useQuery({
    queryKey: ['pivot', by, measure, from, to],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/pivot', {
          params: { query: { by: by.join(','), measures: measure, from, to } },
        }),
      ),
    enabled: gone === undefined,
    placeholderData: keepPreviousData,
  });
  const change = (part: { [K in keyof ExploreSearch]: ExploreSearch[K] | undefined }): void => {
    const merged = Object.entries({ ...search, ...part }).filter(([, value]) => Boolean(value));
    void navigate({ to: '/explorar', search: Object.fromEntries(merged), replace: true });
  };
  return (
    <Page
      title="Explorar"
      subtitle="Qualquer medida por qualquer dimensão. Dias do recebimento, em São Paulo."
    >
      <Paper p="md">
        <Group align="flex-end">
          <Select
            label="Linhas"
            searchable
            allowDeselect={false}
            data={optionsOf(DIMENSION)}
            value={rows}
            onChange={(linhas) => {
              change({ linhas: linhas ?? undefined });
            }}
          />
          <Select
            label="Colunas"
            placeholder="Nenhuma"
            searchable
            clearable
            data={optionsOf(DIMENSION)}
            value={columns ?? null}
            onChange={(colunas) => {
              change({ colunas: colunas ?? undefined });
            }}
          />
          <Select
            label="Medida"
            searchable
            allowDeselect={false}
            data={optionsOf(MEASURE)}
            value={measure}
            onChange={(medida) => {
              change({ medida: medida ?? undefined });
            }}
          />
          <PeriodInput from={from} to={to} onChange={change} />
          <Button
            variant="default"
            onClick={() => {
              window.print();
            }}
          >
            Imprimir
          </Button>
        </Group>
      </Paper>
      {gone === undefined ? (
        <Paper p="md">
          <Loaded query={query} lines={8}>
            {(pivot) =>
              pivot.rows.length === 0 ? (
                <Empty title="Nada no período">Aumente o período.</Empty>
              ) : (
                <Cross pivot={pivot} measure={measure} />
              )
            }
          </Loaded>
        </Paper>
      ) : (
        <Alert color="yellow" title="Esta visão não pode mais ser mostrada">
          {gone}
        </Alert>
      )}
    </Page>
  );
}

/** Rows against columns; without columns, one column. */
function Cross({ pivot, measure }: { readonly pivot: Pivot; readonly measure: string }) {
  const [rowName = '', columnName] = pivot.by;
  const names = new Map(pivot.employers.map(({ mark, document_number: number }) => [mark, number]));
  const rowKeys = [...new Set(pivot.rows.map(({ keys }) => keys[0] ?? null))];
  const columnKeys = [...new Set(pivot.rows.map(({ keys }) => keys[1] ?? null))];
  const cells = new Map(
    pivot.rows.map(({ keys, figures }) => [JSON.stringify([keys[0] ?? null, keys[1] ?? null]), figures[0]]),
  );
  const [total] = pivot.total;
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table aria-label={`${wordOf(MEASURE, measure)} por ${wordOf(DIMENSION, rowName).toLowerCase()}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              {wordOf(DIMENSION, rowName)} ({count(rowKeys.length)})
            </Table.Th>
            {columnKeys.map((key) => (
              <Table.Th key={key} ta="right">
                {columnName === undefined ? wordOf(MEASURE, measure) : keyInWords(columnName, key, names)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rowKeys.map((row) => (
            <Table.Tr key={row}>
              <Table.Td>{keyInWords(rowName, row, names)}</Table.Td>
              {columnKeys.map((column) => {
                const figure = cells.get(JSON.stringify([row, column]));
                return (
                  <Table.Td key={column} ta="right">
                    {figure === undefined ? '–' : <FigureCell measure={measure} figure={figure} />}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
          {total !== undefined && (
            <Table.Tr fw={600}>
              <Table.Td>Total</Table.Td>
              <Table.Td ta="right" colSpan={columnKeys.length}>
                <FigureCell measure={measure} figure={total} />
              </Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
