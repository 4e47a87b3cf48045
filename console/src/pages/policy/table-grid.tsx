import { Alert, Table, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { FIELD, wordOf } from '../../words/words';
import type { PolicyTable, PolicyTableRow } from './document';
import { columnsOf, paste, textOf, withText, type GridColumn } from './grid';

const ROW_HEIGHT = 36;

interface Props {
  readonly table: PolicyTable;
  /** As the version was when it was read: what differs is marked. */
  readonly original: PolicyTable | undefined;
  readonly isEditable: boolean;
  readonly onChange: (rows: readonly PolicyTableRow[]) => void;
}

const PART: Readonly<Record<GridColumn['part'], string>> = { from: 'de', below: 'até antes de', then: '' };

/** A table of thousands of rows as a sheet: arrows and Enter move, a block from Excel is pasted from the cell on. */
export function TableGrid({ table, original, isEditable, onChange }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string>();
  const columns = columnsOf(table);
  const before = new Map(original?.rows.map((row) => [row.id, row]));
  const virtual = useVirtualizer({
    count: table.rows.length,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => frame.current,
    overscan: 10,
  });
  const shown = virtual.getVirtualItems();

  const change = (at: number, column: GridColumn, typed: string): void => {
    const row = table.rows[at];
    const next = row && withText(row, column, typed);
    if (next === undefined) {
      setProblem(`Linha ${String(at + 1)}, ${nameOf(column)}: “${typed}” não é um número que sirva aqui.`);
      return;
    }
    setProblem(undefined);
    onChange(table.rows.map((other, i) => (i === at ? next : other)));
  };
  const pasteAt = (event: ClipboardEvent, row: number, column: number): void => {
    const block = event.clipboardData.getData('text/plain');
    if (!/[\t\n]/.test(block.trimEnd())) return;
    event.preventDefault();
    const pasted = paste(table.rows, columns, { row, column }, block);
    if (pasted.kind === 'rows') onChange(pasted.rows);
    setProblem(
      pasted.kind === 'wrong'
        ? `Nada foi colado: linha ${String(pasted.row + 1)}, ${nameOf(pasted.column)}, “${pasted.text}” não é um número que sirva ali.`
        : undefined,
    );
  };
  const move = (event: KeyboardEvent<HTMLInputElement>, row: number, column: number): void => {
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(table.rows.length - 1, row + by));
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => {
      frame.current
        ?.querySelector<HTMLInputElement>(`[data-cell="${String(next)},${String(column)}"]`)
        ?.focus();
    });
  };

  return (
    <>
      {problem !== undefined && (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      )}
      <div
        ref={frame}
        className="scroll sticky"
        style={{ maxHeight: '65dvh' }}
        tabIndex={0}
        role="region"
        aria-label={table.label}
      >
        <Table withColumnBorders verticalSpacing={0} horizontalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th px="xs">Linha</Table.Th>
              {columns.map((column) => (
                <Table.Th key={column.key} px="xs">
                  {wordOf(FIELD, column.name)}
                  <Text size="xs" c="dimmed" fw={400}>
                    {column.part === 'then'
                      ? column.name.endsWith('_rate')
                        ? '% a.m.'
                        : ''
                      : PART[column.part]}
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(shown[0]?.start ?? 0) > 0 && <tr style={{ height: shown[0]?.start }} />}
            {shown.map(({ index }) => {
              const row = table.rows[index];
              if (row === undefined) return null;
              const old = before.get(row.id);
              return (
                <Table.Tr key={row.id} style={{ height: ROW_HEIGHT }}>
                  <Table.Td px="xs" className="mono">
                    {row.id}
                  </Table.Td>
                  {columns.map((column, at) => {
                    const text = textOf(row, column);
                    const isChanged = old !== undefined && textOf(old, column) !== text;
                    return (
                      <Table.Td key={column.key} p={0} ta="right">
                        {isEditable ? (
                          <input
                            key={text}
                            className="grid-cell"
                            style={{ textAlign: 'right' }}
                            aria-label={`${row.id}, ${nameOf(column)}`}
                            data-cell={`${String(index)},${String(at)}`}
                            data-changed={isChanged}
                            inputMode="decimal"
                            defaultValue={text}
                            onBlur={(event) => {
                              if (event.currentTarget.value !== text)
                                change(index, column, event.currentTarget.value);
                            }}
                            onPaste={(event) => {
                              pasteAt(event, index, at);
                            }}
                            onKeyDown={(event) => {
                              move(event, index, at);
                            }}
                          />
                        ) : (
                          <Text size="sm" px="xs" py={6}>
                            {text}
                          </Text>
                        )}
                      </Table.Td>
                    );
                  })}
                </Table.Tr>
              );
            })}
            {shown.length > 0 && virtual.getTotalSize() > (shown.at(-1)?.end ?? 0) && (
              <tr style={{ height: virtual.getTotalSize() - (shown.at(-1)?.end ?? 0) }} />
            )}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}

function nameOf({ name, part }: GridColumn): string {
  return [wordOf(FIELD, name), PART[part]].filter((word) => word !== '').join(' ');
}
