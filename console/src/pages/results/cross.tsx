import { Alert, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, useDeferredValue } from 'react';
import { api, bodyOf, type Compared, type Comparison, type Pivot } from '../../api/client';
import { count, NOTHING } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { DIMENSION, figureInWords, keyInWords, MEASURE } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { Difference } from './difference';
import { FigureCell, type Figure } from './figure';
import { Before } from './looks';
import { useComparison } from './use-comparison';
import { goneFrom, type ExploreSearch } from './search';
import { pivotQueryOf, sidesOf } from './view-query';
import { byValue } from './by-value';

/** The table of a view, or what of it is not there any more. */
export function CrossOf({ search }: { readonly search: ExploreSearch }) {
  const gone = goneFrom(search);
  const asked = pivotQueryOf(search);
  const sides = sidesOf(search);
  const pivot = useQuery({
    queryKey: ['pivot', asked],
    queryFn: () => bodyOf(api.GET('/api/v1/history/pivot', { params: { query: asked } })),
    enabled: gone === undefined && sides === undefined,
  });
  const comparison = useComparison(
    [asked.measures],
    sides ?? {},
    asked.by,
    gone === undefined && sides !== undefined,
  );
  if (gone !== undefined)
    return (
      <Alert color="yellow" title="Esta visão não pode mais ser mostrada">
        {gone}
      </Alert>
    );
  return (
    <Loaded query={sides === undefined ? pivot : comparison} lines={8}>
      {(table: Pivot | Comparison) =>
        table.rows.length === 0 ? (
          <Empty title="Nada no período">Aumente o período.</Empty>
        ) : (
          <Later table={table} />
        )
      }
    </Loaded>
  );
}

/** What was pressed is seen at once; a table of many cells is drawn after that. */
function Later({ table }: { readonly table: Pivot | Comparison }) {
  const drawn = useDeferredValue<Pivot | Comparison | null>(table, null);
  return drawn && <Cross table={drawn} />;
}

type Cell = Figure | Compared;

/** One figure, or two and how far they are apart. */
function CrossCell({ measure, cell }: { readonly measure: string; readonly cell: Cell }) {
  if (!('a' in cell)) return <FigureCell measure={measure} figure={cell} />;
  return (
    <>
      <FigureCell measure={measure} figure={cell.a} />
      <Before text={figureInWords(measure, cell.b.value)} />
      <Difference measure={measure} compared={cell} />
    </>
  );
}

/** Rows against columns, each with its total; without columns, one column. Drawn again only when another answer has come: it may hold 2,000 cells. */
const Cross = memo(function Cross({ table }: { readonly table: Pivot | Comparison }) {
  const measure = table.measures[0] ?? '';
  const [rowName = '', columnName] = table.by;
  const names = new Map(table.employers.map(({ mark, document_number: number }) => [mark, number]));
  const rowKeys = [...new Set(table.rows.map(({ keys }) => keys[0] ?? null))];
  const columnKeys = [...new Set(table.rows.map(({ keys }) => keys[1] ?? null))].sort(byValue);
  const cells = cellsOf(table.rows);
  const rowTotals = cellsOf(table.row_totals);
  const columnTotals = cellsOf(table.column_totals);
  const show = (cell: Cell | undefined) =>
    cell === undefined ? NOTHING : <CrossCell measure={measure} cell={cell} />;
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
            {columnName !== undefined && <Table.Th ta="right">Total</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rowKeys.map((row) => (
            <Table.Tr key={row}>
              <Table.Td>{keyInWords(rowName, row, names)}</Table.Td>
              {columnKeys.map((column) => (
                <Table.Td key={column} ta="right">
                  {show(cells.get(placeOf([row, ...(columnName === undefined ? [] : [column])])))}
                </Table.Td>
              ))}
              {columnName !== undefined && (
                <Table.Td ta="right" fw={600}>
                  {show(rowTotals.get(placeOf([row])))}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
          <Table.Tr fw={600}>
            <Table.Td>Total</Table.Td>
            {columnName !== undefined &&
              columnKeys.map((column) => (
                <Table.Td key={column} ta="right">
                  {show(columnTotals.get(placeOf([column])))}
                </Table.Td>
              ))}
            <Table.Td ta="right">{show(table.total[0])}</Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
});

const placeOf = (keys: readonly (string | null)[]): string => JSON.stringify(keys);

/** The figure of each place: a view has one measure. */
function cellsOf(
  rows: readonly { readonly keys: readonly (string | null)[]; readonly figures: readonly Cell[] }[],
) {
  return new Map(rows.map(({ keys, figures }) => [placeOf(keys), figures[0]]));
}
