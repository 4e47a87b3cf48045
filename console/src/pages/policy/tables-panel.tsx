import { Button, Group, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api } from '../../api/client';
import { count } from '../../format/format';
import { Empty } from '../../parts/states';
import { useSheetDownload } from '../../parts/use-sheet-download';
import { inSentence } from '../../words/words';
import { HELP } from '../../words/help-words';
import { useDictionary } from './dictionary';
import type { PanelProps, PolicyDocument, PolicyTable } from './document';
import { DownloadButtons, SheetButton } from './file-input';
import { useTableImport } from './import-ways';
import { problemsIn, type Problem } from './problems';
import type { Product } from './product-view';
import type { RowCost } from './row-cost';
import { StructurePanel } from './structure-panel';
import { TableGrid } from './table-grid';
import { ordersOf, type Order } from './table-structure';
import type { Undo } from './use-undo';

interface Props extends PanelProps {
  /** More than what stands in the cells: columns, orders, which row counts. */
  readonly mayChangeStructure: boolean;
  readonly number: number;
  readonly hash: string;
  readonly product: Product;
  /** The same view of what is stored; undefined where it has none. */
  readonly original: PolicyDocument | undefined;
  readonly problems: readonly Problem[];
  /** What the rows of prices cost, as far as it is known. */
  readonly costs: readonly RowCost[];
  readonly history: Pick<Undo<unknown>, 'undo' | 'redo'>;
  /** What is on the screen is not what is stored. */
  readonly isChanged: boolean;
}

/** The tables of prices and limits, each as a sheet. */
export function TablesPanel({
  document,
  original,
  problems,
  costs,
  isEditable,
  mayChangeStructure,
  onChange,
  ...rest
}: Props) {
  const [chosen, setChosen] = useState(document.tables[0]?.id);
  const [isStructureOpen, structure] = useDisclosure();
  const [withOptional, setWithOptional] = useState(false);
  const at = Math.max(
    0,
    document.tables.findIndex(({ id }) => id === chosen),
  );
  const table = document.tables[at];
  if (table === undefined)
    return (
      <Empty title="Nenhuma tabela">
        Sem tabela de preços nada é ofertado: comece de uma versão que a tenha.
      </Empty>
    );
  const change = (changed: PolicyTable): void => {
    onChange({ ...document, tables: document.tables.map((other, i) => (i === at ? changed : other)) });
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Group gap="sm">
          {document.tables.length > 1 && (
            <SegmentedControl
              aria-label="Tabela"
              data={document.tables.map(({ id, label }, i) => ({
                value: id,
                label: problemsIn(problems, `tables[${String(i)}]`).length > 0 ? `${label} •` : label,
              }))}
              value={table.id}
              onChange={setChosen}
            />
          )}
          <Switch
            size="sm"
            label="Colunas opcionais"
            description={HELP.policy.optionalColumns}
            checked={withOptional}
            onChange={(event) => {
              setWithOptional(event.currentTarget.checked);
            }}
          />
          {isEditable && mayChangeStructure && (
            <Button size="xs" variant="default" aria-expanded={isStructureOpen} onClick={structure.toggle}>
              {isStructureOpen ? 'Fechar a estrutura' : 'Mudar a estrutura'}
            </Button>
          )}
        </Group>
        <Sheets table={table} isEditable={isEditable} {...rest} />
      </Group>
      {isEditable && mayChangeStructure && isStructureOpen && (
        <StructurePanel table={table} place={`tables[${String(at)}]`} problems={problems} onChange={change} />
      )}
      <About table={table} />
      <TableGrid
        key={`${table.id} ${table.columns.join(' ')}`}
        table={table}
        at={at}
        original={original?.tables.find(({ id }) => id === table.id)}
        problems={problems}
        costs={costsOf(table, costs)}
        isEditable={isEditable}
        withOptional={withOptional}
        history={rest.history}
        onChange={(rows) => {
          change({ ...table, rows });
        }}
      />
    </Stack>
  );
}

function costsOf({ id }: PolicyTable, costs: readonly RowCost[]): ReadonlyMap<string, RowCost> | undefined {
  const own = costs.filter(({ table }) => table === id);
  return own.length === 0 ? undefined : new Map(own.map((cost) => [cost.row, cost]));
}

const LIST = new Intl.ListFormat('pt-BR');

/** How the table is read, in words. */
function About({ table }: { readonly table: PolicyTable }) {
  const { labelOf } = useDictionary();
  const along = (rate: Order): readonly string[] =>
    ordersOf(table)
      .filter((order) => order.rate === rate)
      .map(({ column }) => inSentence(labelOf(column)));
  const orders = [
    ['não sobe com', along('not_rising')],
    ['não desce com', along('not_falling')],
  ] as const;
  const declared = orders
    .filter(([, columns]) => columns.length > 0)
    .map(([verb, columns]) => `${verb} ${LIST.format(columns)}`);
  return (
    <Text size="sm" c="dimmed">
      {table.label}. {count(table.rows.length)} {table.rows.length === 1 ? 'linha' : 'linhas'};{' '}
      {table['hit'] === 'first' ? 'vale a primeira que serve' : 'nenhuma pode cobrir a outra'}.
      {declared.length > 0 && ` A taxa ${declared.join('; ')}.`}
    </Text>
  );
}

/** Out to a spreadsheet and back in. */
function Sheets({
  table,
  number,
  hash,
  product,
  isEditable,
  isChanged,
}: Pick<Props, 'number' | 'hash' | 'product' | 'isEditable' | 'isChanged'> & {
  readonly table: PolicyTable;
}) {
  const way = useTableImport({ number, hash, product, table: table.id });
  const download = useSheetDownload(table.id, (format) => {
    const params = { path: { number, table: table.id }, query: { product, format } };
    return api.GET('/api/v1/policies/{number}/tables/{table}', { params, parseAs: 'blob' });
  });
  return (
    <Group gap="xs">
      <DownloadButtons isChanged={isChanged} onFormat={download.mutate} />
      {isEditable && <SheetButton label="Importar planilha" disabled={isChanged} way={way} />}
    </Group>
  );
}
