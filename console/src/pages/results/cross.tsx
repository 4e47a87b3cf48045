import { Alert, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Pivot } from '../../api/client';
import { count } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { DIMENSION, keyInWords, MEASURE } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { FigureCell } from './figure';
import { goneFrom, type ExploreSearch } from './search';
import { pivotQueryOf } from './view-query';
import { byValue } from './by-value';

/** The table of a view, or what of it is not there any more. */
export function CrossOf({ search }: { readonly search: ExploreSearch }) {
  const gone = goneFrom(search);
  const asked = pivotQueryOf(search);
  const query = useQuery({
    queryKey: ['pivot', asked],
    queryFn: () => bodyOf(api.GET('/api/v1/history/pivot', { params: { query: asked } })),
    enabled: gone === undefined,
    placeholderData: keepPreviousData,
  });
  if (gone !== undefined)
    return (
      <Alert color="yellow" title="Esta visão não pode mais ser mostrada">
        {gone}
      </Alert>
    );
  return (
    <Loaded query={query} lines={8}>
      {(pivot) =>
        pivot.rows.length === 0 ? (
          <Empty title="Nada no período">Aumente o período.</Empty>
        ) : (
          <Cross pivot={pivot} measure={asked.measures} />
        )
      }
    </Loaded>
  );
}

/** Rows against columns; without columns, one column. */
function Cross({ pivot, measure }: { readonly pivot: Pivot; readonly measure: string }) {
  const [rowName = '', columnName] = pivot.by;
  const names = new Map(pivot.employers.map(({ mark, document_number: number }) => [mark, number]));
  const rowKeys = [...new Set(pivot.rows.map(({ keys }) => keys[0] ?? null))];
  const columnKeys = [...new Set(pivot.rows.map(({ keys }) => keys[1] ?? null))].sort(byValue);
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
