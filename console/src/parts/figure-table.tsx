import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface FigureColumn<Row> {
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
}

/** Rows of figures under their names; what a row is called stands first. */
export function FigureTable<Row>({
  label,
  head,
  rows,
  nameOf,
  columns,
  minWidth = 860,
}: {
  readonly label: string;
  readonly head: string;
  readonly rows: readonly Row[];
  /** Also tells the rows apart. */
  readonly nameOf: (row: Row) => string;
  readonly columns: readonly FigureColumn<Row>[];
  readonly minWidth?: number;
}) {
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{head}</Table.Th>
            {columns.map((column) => (
              <Table.Th key={column.label} ta="right">
                {column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={nameOf(row)}>
              <Table.Td>{nameOf(row)}</Table.Td>
              {columns.map((column) => (
                <Table.Td key={column.label} ta="right">
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
