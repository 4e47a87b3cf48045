import { Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { count as countText } from '../../format/format';

interface Props {
  readonly heading: string;
  /** What the small figure behind each count is. */
  readonly noteHeading?: string;
  readonly color: string;
  readonly rows: readonly {
    readonly key: string;
    readonly name: ReactNode;
    readonly count: number;
    /** Small, behind the count. */
    readonly note: string;
    readonly amount: string;
  }[];
}

/** A table of counts whose bars show how they compare with the largest. */
export function Proportions({ heading, noteHeading, color, rows }: Props) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <Table highlightOnHover={false} withRowBorders={false} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{heading}</Table.Th>
          <Table.Th w="34%">
            <VisuallyHidden>Proporção</VisuallyHidden>
          </Table.Th>
          <Table.Th ta="right">
            Leilões
            {noteHeading !== undefined && (
              <Text span size="xs" c="dimmed" fw={400}>
                {` ${noteHeading}`}
              </Text>
            )}
          </Table.Th>
          <Table.Th ta="right">Valor</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ key, name, count, note, amount }) => (
          <Table.Tr key={key}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>
              <div
                style={{
                  height: 14,
                  borderRadius: 4,
                  minWidth: 2,
                  width: `${String((count / most) * 100)}%`,
                  background: color,
                }}
              />
            </Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {countText(count)}{' '}
              <Text span size="xs" c="dimmed">
                {note}
              </Text>
            </Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {amount}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
