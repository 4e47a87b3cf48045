import { ActionIcon, Paper, SegmentedControl, Select, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { Icon } from '../../shell/icons';
import { HELP } from '../../words/help-words';
import { useDictionary, type Field } from './dictionary';
import type { PolicyTable } from './document';
import { isRanged } from './grid';
import { messageAt, type Problem } from './problems';
import { ordersOf, withColumn, withOrder, withoutColumn, type Order } from './table-structure';

/** What is known of an offer before it has a price: tables of prices and losses may ask for it. */
const OFFER_COLUMNS: readonly string[] = ['offered_amount', 'offered_installments', 'offered_periods'];
/** The kinds of table that may. */
const ASKS_OFFER: readonly string[] = ['price', 'loss'];
const NO_ORDER = 'none';

interface Props {
  readonly table: PolicyTable;
  /** Where the table stands in the document, for what the service says of it. */
  readonly place: string;
  readonly problems: readonly Problem[];
  readonly onChange: (table: PolicyTable) => void;
}

/** What a table asks, in which order its rates must stand, and which row counts. */
export function StructurePanel({ table, place, problems, onChange }: Props) {
  const { fields, labelOf } = useDictionary();
  const free = fields.filter((field) => isPossible(field, table) && !table.columns.includes(field.name));
  return (
    <Paper p="md" component="section" aria-label="Estrutura da tabela">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Table aria-label="Colunas de entrada">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Coluna</Table.Th>
              {table.kind === 'price' && <Table.Th>Quando ela cresce, a taxa</Table.Th>}
              <Table.Th w={44} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.columns.map((column, at) => (
              <Table.Tr key={column} data-column={column}>
                <Table.Td>
                  {labelOf(column)}
                  <Trouble message={messageAt(problems, `${place}.columns[${String(at)}]`)} />
                </Table.Td>
                {table.kind === 'price' && (
                  <Table.Td>
                    <OrderSelect
                      table={table}
                      column={column}
                      place={place}
                      problems={problems}
                      onChange={onChange}
                    />
                  </Table.Td>
                )}
                <Table.Td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Tirar a coluna ${labelOf(column)}`}
                    disabled={table.columns.length === 1}
                    onClick={() => {
                      onChange(withoutColumn(table, column));
                    }}
                  >
                    <Icon name="close" size={16} />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Stack>
          <Select
            label="Acrescentar coluna"
            description={HELP.policy.addColumn}
            placeholder="Escolha um campo"
            searchable
            data={free.map(({ name, label }) => ({ value: name, label }))}
            value={null}
            error={problems.find(({ path }) => path === `${place}.columns`)?.message}
            onChange={(name) => {
              if (name !== null) onChange(withColumn(table, name));
            }}
          />
          <div>
            <Text size="sm" fw={500} mb={4}>
              Se mais de uma linha serve
            </Text>
            <SegmentedControl
              aria-label="Se mais de uma linha serve"
              data={[
                { value: 'unique', label: 'É erro' },
                { value: 'first', label: 'Vale a primeira' },
              ]}
              value={table['hit'] === 'first' ? 'first' : 'unique'}
              onChange={(hit) => {
                onChange({ ...table, hit });
              }}
            />
          </div>
        </Stack>
      </SimpleGrid>
    </Paper>
  );
}

function isPossible({ name, type, stage, personal }: Field, { kind }: PolicyTable): boolean {
  const isKnown = stage === 'request' || (ASKS_OFFER.includes(kind) && OFFER_COLUMNS.includes(name));
  return isKnown && type !== 'code_list' && !personal;
}

function OrderSelect({ table, column, place, problems, onChange }: Props & { readonly column: string }) {
  const { labelOf, typeOf } = useDictionary();
  const at = ordersOf(table).findIndex((order) => order.column === column);
  if (!isRanged(typeOf(column)))
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    );
  return (
    <Select
      aria-label={`Ordem da taxa: ${labelOf(column)}`}
      size="xs"
      allowDeselect={false}
      data={[
        { value: NO_ORDER, label: 'pode subir ou descer' },
        { value: 'not_rising', label: 'não sobe' },
        { value: 'not_falling', label: 'não desce' },
      ]}
      value={ordersOf(table)[at]?.rate ?? NO_ORDER}
      error={at < 0 ? undefined : messageAt(problems, `${place}.monotone[${String(at)}]`)}
      onChange={(chosen) => {
        onChange(withOrder(table, column, chosen === NO_ORDER ? undefined : (chosen as Order)));
      }}
    />
  );
}

function Trouble({ message }: { readonly message: string | undefined }) {
  return message === undefined ? null : (
    <Text size="xs" c="red">
      {message}
    </Text>
  );
}
