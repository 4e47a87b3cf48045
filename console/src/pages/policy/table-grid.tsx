import { Button, Group, Kbd, Stack, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useDictionary } from './dictionary';
import { freshName, type PolicyTable, type PolicyTableRow } from './document';
import {
  columnsOf,
  copied,
  emptyRow,
  filledDown,
  OUTPUT,
  paste,
  placeOf,
  textOf,
  withCopyBelow,
  withText,
  type CellAt,
  type GridColumn,
} from './grid';
import { indexed, type Problem } from './problems';
import type { Undo } from './use-undo';

const ROW_HEIGHT = 34;
const PAGE_ROWS = 15;
const HEADER_HEIGHT = 62;

interface Props {
  readonly table: PolicyTable;
  /** Which of the document's tables it is. */
  readonly at: number;
  /** As the version was when it was read: what differs is marked. */
  readonly original: PolicyTable | undefined;
  readonly problems: readonly Problem[];
  readonly isEditable: boolean;
  readonly withOptional: boolean;
  readonly history: Pick<Undo<unknown>, 'undo' | 'redo'>;
  readonly onChange: (rows: readonly PolicyTableRow[]) => void;
}

const PART: Readonly<Record<GridColumn['part'], string>> = {
  id: '',
  from: 'de',
  below: 'até antes de',
  set: 'um de',
  then: '',
};
const WIDTH: Readonly<Record<GridColumn['part'], number>> = {
  id: 120,
  from: 112,
  below: 112,
  set: 170,
  then: 120,
};

/** Cells between two corners, whichever was first. */
function rectangle(a: CellAt, b: CellAt): readonly [CellAt, CellAt] {
  return [
    { row: Math.min(a.row, b.row), column: Math.min(a.column, b.column) },
    { row: Math.max(a.row, b.row), column: Math.max(a.column, b.column) },
  ];
}

/**
 * A table of thousands of rows as a sheet. It is one stop of the Tab key; inside, arrows move, typing writes, a block
 * is copied to and pasted from a spreadsheet.
 */
export function TableGrid({
  table,
  at,
  original,
  problems,
  isEditable,
  withOptional,
  history,
  onChange,
}: Props) {
  const dictionary = useDictionary();
  const frame = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState<CellAt>({ row: 0, column: 0 });
  const [anchor, setAnchor] = useState<CellAt>({ row: 0, column: 0 });
  const [typed, setTyped] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const columns = columnsOf(table, dictionary.typeOf, withOptional);
  const { rows } = table;
  const before = new Map(original?.rows.map((row) => [row.id, row]));
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => frame.current,
    scrollPaddingStart: HEADER_HEIGHT,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const [start, end] = rectangle(active, anchor);
  const place = `tables[${String(at)}]`;
  const places = useMemo(() => indexed(problems), [problems]);
  /** What is wrong with a cell, with the cell that it is an edge of, or with its whole row. */
  const problemAt = (row: number, column: GridColumn): string | undefined => {
    const here = placeOf(at, row, column);
    const isEdge = column.part === 'from' || column.part === 'below';
    const own = [
      ...(places.get(here) ?? []),
      ...(isEdge ? exactly(places, here.slice(0, here.lastIndexOf('.'))) : []),
      ...(column.part === 'id' ? exactly(places, `${place}.rows[${String(row)}]`) : []),
      ...(column.part === 'then' ? exactly(places, `${place}.rows[${String(row)}].then`) : []),
    ];
    return own.length === 0 ? undefined : [...new Set(own.map(({ message }) => message))].join('; ');
  };
  const labelOf = (column: GridColumn): string =>
    column.part === 'id' ? 'Linha' : (OUTPUT[column.name]?.[0] ?? dictionary.labelOf(column.name));
  const nameOf = (column: GridColumn): string =>
    [labelOf(column), PART[column.part]].filter((word) => word !== '').join(' ');
  const cellId = ({ row, column }: CellAt): string => `${table.id}-${String(row)}-${String(column)}`;

  const go = (to: CellAt, isLonger = false, count = rows.length): void => {
    const next = {
      row: Math.max(0, Math.min(count - 1, to.row)),
      column: Math.max(0, Math.min(columns.length - 1, to.column)),
    };
    setActive(next);
    if (!isLonger) setAnchor(next);
    setRefusal(undefined);
    virtual.scrollToIndex(next.row);
    requestAnimationFrame(() => {
      window.document.getElementById(cellId(next))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  };
  const refuse = (row: number, column: GridColumn, text: string, isPaste = false): void => {
    setRefusal(
      `${isPaste ? 'Nada foi colado: ' : ''}linha ${String(row + 1)}, ${nameOf(column)}: “${text}” não serve aqui.`,
    );
  };
  /** @returns whether it could be written */
  const write = (text: string): boolean => {
    const [row, column] = [rows[active.row], columns[active.column]];
    if (row === undefined || column === undefined) return true;
    if (text === textOf(row, column)) return true;
    const next = withText(row, column, text);
    if (next === undefined) {
      refuse(active.row, column, text);
      return false;
    }
    setRefusal(undefined);
    onChange(rows.map((other, i) => (i === active.row ? next : other)));
    return true;
  };
  const clear = (): void => {
    const cleared = rows.map((row, i) =>
      i < start.row || i > end.row
        ? row
        : columns
            .slice(start.column, end.column + 1)
            .reduce(
              (next, column) => (column.part === 'id' ? next : (withText(next, column, '') ?? next)),
              row,
            ),
    );
    onChange(cleared);
  };
  const remove = (): void => {
    const left = rows.filter((_, i) => i < start.row || i > end.row);
    if (left.length === 0) return;
    onChange(left);
    go(start, false, left.length);
  };
  const insert = (): void => {
    const next = emptyRow(
      table,
      freshName(
        'linha',
        rows.map(({ id }) => id),
      ),
    );
    onChange([...rows.slice(0, active.row + 1), next, ...rows.slice(active.row + 1)]);
    go({ row: active.row + 1, column: active.column }, false, rows.length + 1);
  };
  const stopTyping = (): void => {
    setTyped(undefined);
    grid.current?.focus({ preventScroll: true });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (typed !== undefined) return;
    const { key, shiftKey, ctrlKey, metaKey } = event;
    const withControl = ctrlKey || metaKey;
    const { row, column } = active;
    const last = { row: rows.length - 1, column: columns.length - 1 };
    const moves: Readonly<Record<string, CellAt>> = {
      ArrowUp: { row: withControl ? 0 : row - 1, column },
      ArrowDown: { row: withControl ? last.row : row + 1, column },
      ArrowLeft: { row, column: withControl ? 0 : column - 1 },
      ArrowRight: { row, column: withControl ? last.column : column + 1 },
      Home: { row: withControl ? 0 : row, column: 0 },
      End: { row: withControl ? last.row : row, column: last.column },
      PageUp: { row: row - PAGE_ROWS, column },
      PageDown: { row: row + PAGE_ROWS, column },
    };
    /** What the sheet takes is nobody else's: not the browser's, not a shortcut of the page. */
    const done = (act: (() => void) | undefined): void => {
      event.preventDefault();
      event.stopPropagation();
      act?.();
    };
    const move = moves[key];
    if (move !== undefined) {
      done(() => {
        go(move, shiftKey);
      });
      return;
    }
    if (withControl && key === 'a') {
      done(() => {
        setAnchor({ row: 0, column: 0 });
        setActive(last);
      });
    }
    if (!isEditable) return;
    if (withControl && key === 'z') done(shiftKey ? history.redo : history.undo);
    else if (withControl && key === 'y') done(history.redo);
    else if (withControl && key === 'd')
      done(() => {
        const filled = filledDown(rows, columns, start, end);
        if (filled !== undefined) onChange(filled);
      });
    else if (key === 'Delete' || key === 'Backspace') done(clear);
    else if (key === 'Enter' || key === 'F2')
      done(() => {
        const [here, one] = [rows[row], columns[column]];
        if (here !== undefined && one !== undefined) setTyped(textOf(here, one));
      });
    else if (key.length === 1 && !withControl && !event.altKey)
      done(() => {
        setTyped(key);
      });
  };
  const onCopy = (event: ClipboardEvent): void => {
    if (typed !== undefined) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', copied(rows, columns, start, end));
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (typed !== undefined || !isEditable) return;
    event.preventDefault();
    const pasted = paste(table, columns, start, event.clipboardData.getData('text/plain'));
    if (pasted.kind === 'wrong') {
      refuse(pasted.row, pasted.column, pasted.text, true);
      return;
    }
    setRefusal(undefined);
    onChange(pasted.rows);
    setAnchor(start);
    setActive(pasted.end);
  };
  const activeRow = rows[active.row];
  const activeColumn = columns[active.column];
  const idColumn = columns[0];
  const said =
    refusal ??
    (activeColumn && problemAt(active.row, activeColumn)) ??
    (idColumn && problemAt(active.row, idColumn));

  return (
    <Stack gap="xs">
      {isEditable && (
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={insert}>
            Inserir linha
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onChange(withCopyBelow(rows, active.row));
            }}
          >
            Copiar linha
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={end.row - start.row + 1 >= rows.length}
            onClick={remove}
          >
            {end.row === start.row ? 'Apagar linha' : `Apagar ${String(end.row - start.row + 1)} linhas`}
          </Button>
          <Text size="xs" c="dimmed" visibleFrom="md">
            <Kbd size="xs">Enter</Kbd> edita · <Kbd size="xs">Ctrl</Kbd>+<Kbd size="xs">V</Kbd> cola do Excel
            · <Kbd size="xs">Ctrl</Kbd>+<Kbd size="xs">D</Kbd> repete para baixo · <Kbd size="xs">Ctrl</Kbd>+
            <Kbd size="xs">Z</Kbd> desfaz
          </Text>
        </Group>
      )}
      <div ref={frame} className="scroll sheet" style={{ maxHeight: '60dvh' }}>
        <table
          ref={grid}
          role="grid"
          aria-label={table.label}
          aria-rowcount={rows.length + 1}
          aria-colcount={columns.length}
          aria-readonly={!isEditable}
          aria-activedescendant={cellId(active)}
          tabIndex={0}
          style={{ width: columns.reduce((sum, { part }) => sum + WIDTH[part], 0) }}
          onKeyDown={onKeyDown}
          onCopy={onCopy}
          onPaste={onPaste}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <th key={column.key} scope="col" style={{ width: WIDTH[column.part] }}>
                  {labelOf(column)}
                  <span className="hint">
                    {column.part === 'then' ? OUTPUT[column.name]?.[1] : PART[column.part]}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Gap height={shown[0]?.start ?? 0} />
            {shown.map(({ index }) => {
              const row = rows[index];
              if (row === undefined) return null;
              const old = before.get(row.id);
              return (
                <tr key={index} aria-rowindex={index + 2} style={{ height: ROW_HEIGHT }}>
                  {columns.map((column, i) => {
                    const cell = { row: index, column: i };
                    const text = textOf(row, column);
                    const isActive = active.row === index && active.column === i;
                    const problem = problemAt(index, column);
                    const isIn =
                      index >= start.row && index <= end.row && i >= start.column && i <= end.column;
                    return (
                      <td
                        key={column.key}
                        id={cellId(cell)}
                        role="gridcell"
                        aria-colindex={i + 1}
                        aria-selected={isIn}
                        aria-invalid={problem !== undefined || undefined}
                        title={problem}
                        data-part={column.part}
                        data-active={isActive}
                        data-changed={
                          original !== undefined && (old === undefined || textOf(old, column) !== text)
                        }
                        onMouseDown={(event) => {
                          if (isActive && typed !== undefined) return;
                          if (event.shiftKey) event.preventDefault();
                          go(cell, event.shiftKey);
                        }}
                        onMouseEnter={(event) => {
                          if (event.buttons === 1 && typed === undefined) setActive(cell);
                        }}
                        onDoubleClick={() => {
                          if (isEditable) setTyped(text);
                        }}
                      >
                        {isActive && typed !== undefined ? (
                          <CellEditor
                            label={`${row.id}, ${nameOf(column)}`}
                            text={typed}
                            isWrong={refusal !== undefined}
                            onType={setTyped}
                            onCommit={(by) => {
                              if (!write(typed)) return;
                              stopTyping();
                              if (by !== undefined) go({ row: index + by.row, column: i + by.column });
                            }}
                            onGiveUp={() => {
                              setRefusal(undefined);
                              stopTyping();
                            }}
                            onLeave={() => {
                              if (!write(typed)) setRefusal(undefined);
                              setTyped(undefined);
                            }}
                          />
                        ) : (
                          text || <Nothing column={column} />
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
            <Gap height={shown.length > 0 ? virtual.getTotalSize() - (shown.at(-1)?.end ?? 0) : 0} />
          </tbody>
        </table>
      </div>
      <Text size="sm" role="status" mih={22} c={said === undefined ? 'dimmed' : 'red'}>
        {said ??
          (activeRow && activeColumn
            ? `${activeRow.id}, ${nameOf(activeColumn)}${end.row > start.row ? ` · ${String(end.row - start.row + 1)} linhas escolhidas` : ''}`
            : '')}
      </Text>
    </Stack>
  );
}

function exactly(places: ReturnType<typeof indexed>, place: string): readonly Problem[] {
  return (places.get(place) ?? []).filter(({ path }) => path === place);
}

/** In the place of the rows that are out of sight. */
function Gap({ height }: { readonly height: number }) {
  return height > 0 ? <tr aria-hidden="true" style={{ height }} /> : null;
}

/** What an empty cell means. */
function Nothing({ column: { part } }: { readonly column: GridColumn }) {
  return part === 'from' || part === 'below' ? <span className="nothing">–</span> : null;
}

interface EditorProps {
  readonly label: string;
  readonly text: string;
  readonly isWrong: boolean;
  readonly onType: (text: string) => void;
  readonly onCommit: (by?: CellAt) => void;
  readonly onGiveUp: () => void;
  readonly onLeave: () => void;
}

function CellEditor({ label, text, isWrong, onType, onCommit, onGiveUp, onLeave }: EditorProps) {
  const isOver = useRef(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by: Readonly<Record<string, CellAt>> = {
      Enter: { row: event.shiftKey ? -1 : 1, column: 0 },
      Tab: { row: 0, column: event.shiftKey ? -1 : 1 },
      ArrowUp: { row: -1, column: 0 },
      ArrowDown: { row: 1, column: 0 },
    };
    const move = by[event.key];
    event.stopPropagation();
    if (event.key === 'Escape') {
      isOver.current = true;
      onGiveUp();
    } else if (move !== undefined) {
      event.preventDefault();
      isOver.current = true;
      onCommit(move);
      // Still here: it could not be written.
      isOver.current = false;
    }
  };
  return (
    <input
      autoFocus
      aria-label={label}
      aria-invalid={isWrong}
      value={text}
      onChange={(event) => {
        onType(event.currentTarget.value);
      }}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (!isOver.current) onLeave();
      }}
    />
  );
}
