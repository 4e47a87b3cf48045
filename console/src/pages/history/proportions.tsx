import { Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { count as countText, NOTHING } from '../../format/format';
import { shortChange } from '../../parts/change';

const BAR = { height: 14, borderRadius: 4, minWidth: 2 };

interface Props {
  readonly heading: string;
  /** What the small figure behind each count is. */
  readonly noteHeading?: string;
  readonly color: string;
  /** Whether the rows say what they were before. */
  readonly isCompared?: boolean;
  readonly rows: readonly {
    readonly key: string;
    readonly name: ReactNode;
    readonly count: number;
    /** Small, behind the count. */
    readonly note: string;
    readonly amount: string;
    /** The count of another period; undefined where it is not among those that were counted. */
    readonly before?: number | undefined;
  }[];
}

/** A table of counts whose bars show how they compare with the largest. */
export function Proportions({ heading, noteHeading, color, isCompared = false, rows }: Props) {
  const most = Math.max(1, ...rows.flatMap(({ count, before }) => [count, before ?? 0]));
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
          {isCompared && <Table.Th ta="right">Antes</Table.Th>}
          <Table.Th ta="right">Valor</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ key, name, count, note, amount, before }) => (
          <Table.Tr key={key}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>
              <div style={{ ...BAR, width: `${String((count / most) * 100)}%`, background: color }} />
              {isCompared && before !== undefined && (
                <div
                  style={{
                    ...BAR,
                    height: 5,
                    marginTop: 2,
                    width: `${String((before / most) * 100)}%`,
                    background: color,
                    opacity: 0.4,
                  }}
                />
              )}
            </Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {countText(count)}{' '}
              <Text span size="xs" c="dimmed">
                {note}
              </Text>
            </Table.Td>
            {isCompared && (
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {before === undefined ? NOTHING : countText(before)}
                {before !== undefined && (
                  <Text size="xs" c="dimmed">
                    {shortChange(count, before, countText)}
                  </Text>
                )}
              </Table.Td>
            )}
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {amount}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
