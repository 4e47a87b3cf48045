import { Stack, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useDictionary } from './dictionary';
import type { PolicyTable, PolicyTableRow } from './document';
import { columnsOf, copied, OUTPUT, textOf, type CellAt, type GridColumn } from './grid';
import { CellEditor, GridCell } from './grid-cell';
import { actionOf } from './grid-keys';
import { useProblemsOfCells, type ProblemAt } from './grid-problems';
import { useSelection, type Selection } from './grid-selection';
import { GridToolbar } from './grid-toolbar';
import { useTyping, type Typing } from './grid-typing';
import { writingIn } from './grid-writing';
import type { Problem } from './problems';
import { COST_COLUMNS, COST_WIDTH, RowCostCells, type RowCost } from './row-cost';
import { useHold } from './use-hold';
import type { Undo } from './use-undo';

const ROW_HEIGHT = 34;
const HEADER_HEIGHT = 62;

interface Props {
  readonly table: PolicyTable;
  /** Which of the document's tables it is. */
  readonly at: number;
  /** As the version was when it was read: what differs is marked. */
  readonly original: PolicyTable | undefined;
  readonly problems: readonly Problem[];
  /** By row; undefined where the table has no prices, or nothing is known of what they cost. */
  readonly costs: ReadonlyMap<string, RowCost> | undefined;
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

/** What a column is called, in its head and in sentences. */
function useColumnNames() {
  const { labelOf } = useDictionary();
  const label = ({ part, name }: GridColumn): string =>
    part === 'id' ? 'Linha' : (OUTPUT[name]?.[0] ?? labelOf(name));
  const nameOf = (column: GridColumn): string =>
    [label(column), PART[column.part]].filter((word) => word !== '').join(' ');
  return { labelOf: label, nameOf };
}

/** The window on a sheet of thousands of rows: those in sight, and how to bring others into it. */
function useWindow(rows: number, cellId: (at: CellAt) => string) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => frame.current,
    scrollPaddingStart: HEADER_HEIGHT,
    overscan: 12,
  });
  const show = (to: CellAt): void => {
    virtual.scrollToIndex(to.row);
    requestAnimationFrame(() => {
      window.document.getElementById(cellId(to))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  };
  return { frame, virtual, show };
}

/**
 * A table of thousands of rows as a sheet. It is one stop of the Tab key; inside, arrows move, typing writes, a block
 * is copied to and pasted from a spreadsheet.
 */
export function TableGrid(props: Props) {
  const { table, at, original, problems, costs, isEditable, withOptional, history, onChange } = props;
  const { rows } = table;
  const columns = columnsOf(table, useDictionary().typeOf, withOptional);
  const { labelOf, nameOf } = useColumnNames();
  const problemAt = useProblemsOfCells(problems, at, rows);
  const grid = useRef<HTMLTableElement>(null);
  const editor = useRef<HTMLInputElement>(null);
  const typing = useTyping(rows, columns);
  useHold(typing.now !== undefined);
  const [refusal, setRefusal] = useState<string>();
  const cellId = ({ row, column }: CellAt): string => `${table.id}-${String(row)}-${String(column)}`;
  const { frame, virtual, show } = useWindow(rows.length, cellId);
  const selection = useSelection({ rows: rows.length, columns: columns.length }, (to) => {
    setRefusal(undefined);
    show(to);
  });
  const { active, start, end } = selection;
  const writing = writingIn({ table, columns, selection, nameOf, onRefusal: setRefusal, onChange });
  const openAt = (at: CellAt): void => {
    const [row, column] = [rows[at.row], columns[at.column]];
    if (row !== undefined && column !== undefined) typing.begin(at, textOf(row, column));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (typing.now !== undefined) return;
    const last = { row: rows.length - 1, column: columns.length - 1 };
    const onType = (text?: string): void => {
      if (text === undefined) openAt(active);
      else typing.begin(active, text);
    };
    const act = actionOf(event, { selection, last, isEditable, writing, history, onType });
    if (act === undefined) return;
    // What the sheet takes is nobody else's: not the browser's, not a shortcut of the page.
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const stopTyping = (): void => {
    typing.end();
    grid.current?.focus({ preventScroll: true });
  };
  const onPress = (event: MouseEvent, to: CellAt): void => {
    const { now } = typing;
    if (now?.at.row === to.row && now.at.column === to.column) return;
    if (now !== undefined && !writing.write(now)) {
      event.preventDefault();
      show(now.at);
      editor.current?.focus();
      return;
    }
    typing.end();
    if (event.shiftKey) event.preventDefault();
    selection.go(to, event.shiftKey);
  };
  const editorOf = (now: Typing, row: PolicyTableRow, column: GridColumn): ReactNode => (
    <CellEditor
      input={editor}
      label={`${row.id}, ${nameOf(column)}`}
      text={now.text}
      isWrong={refusal !== undefined}
      onType={typing.change}
      onCommit={(by) => {
        if (!writing.write(now)) return;
        stopTyping();
        selection.go({ row: now.at.row + by.row, column: now.at.column + by.column });
      }}
      onGiveUp={() => {
        setRefusal(undefined);
        stopTyping();
      }}
      onLeave={() => {
        if (writing.write(now)) typing.end();
      }}
    />
  );
  const shown = virtual.getVirtualItems();
  const before = new Map(original?.rows.map((row) => [row.id, row]));
  const chosen = end.row - start.row + 1;
  return (
    <Stack gap="xs">
      {isEditable && <GridToolbar writing={writing} chosen={chosen} mayRemove={chosen < rows.length} />}
      <div ref={frame} className="scroll sheet" style={{ maxHeight: '60dvh' }}>
        <table
          ref={grid}
          role="grid"
          aria-label={table.label}
          aria-rowcount={rows.length + 1}
          aria-colcount={columns.length + (costs === undefined ? 0 : COST_COLUMNS.length)}
          aria-readonly={!isEditable}
          aria-activedescendant={cellId(active)}
          tabIndex={0}
          style={{ width: columns.reduce((sum, { part }) => sum + WIDTH[part], costs ? 2 * COST_WIDTH : 0) }}
          onKeyDown={onKeyDown}
          onCopy={(event) => {
            if (typing.now !== undefined) return;
            event.preventDefault();
            event.clipboardData.setData('text/plain', copied(rows, columns, start, end));
          }}
          onPaste={(event) => {
            if (typing.now !== undefined || !isEditable) return;
            event.preventDefault();
            writing.paste(event.clipboardData.getData('text/plain'));
          }}
        >
          <Head columns={columns} labelOf={labelOf} withCosts={costs !== undefined} />
          <tbody>
            <Gap height={shown[0]?.start ?? 0} />
            {shown.map(({ index }) => {
              const row = rows[index];
              return (
                row && (
                  <Row
                    key={index}
                    row={row}
                    at={index}
                    columns={columns}
                    costs={costs}
                    selection={selection}
                    typing={typing.now}
                    isMarked={original !== undefined}
                    old={before.get(row.id)}
                    cellId={cellId}
                    problemAt={problemAt}
                    editorOf={editorOf}
                    onPress={onPress}
                    onOpen={(to) => {
                      if (isEditable && typing.now === undefined) openAt(to);
                    }}
                  />
                )
              );
            })}
            <Gap height={shown.length > 0 ? virtual.getTotalSize() - (shown.at(-1)?.end ?? 0) : 0} />
          </tbody>
        </table>
      </div>
      <Said
        refusal={refusal}
        table={table}
        columns={columns}
        selection={selection}
        problemAt={problemAt}
        nameOf={nameOf}
      />
    </Stack>
  );
}

interface HeadProps {
  readonly columns: readonly GridColumn[];
  readonly labelOf: (column: GridColumn) => string;
  readonly withCosts: boolean;
}

function Head({ columns, labelOf, withCosts }: HeadProps) {
  return (
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
        {withCosts &&
          COST_COLUMNS.map(([label, hint]) => (
            <th key={label} scope="col" style={{ width: COST_WIDTH }}>
              {label}
              <span className="hint">{hint}</span>
            </th>
          ))}
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly row: PolicyTableRow;
  readonly at: number;
  readonly columns: readonly GridColumn[];
  readonly costs: Props['costs'];
  readonly selection: Selection;
  readonly typing: Typing | undefined;
  /** Whether what differs from `old`, the row as it was, is marked; undefined: there was none. */
  readonly isMarked: boolean;
  readonly old: PolicyTableRow | undefined;
  readonly cellId: (at: CellAt) => string;
  readonly problemAt: ProblemAt;
  readonly editorOf: (now: Typing, row: PolicyTableRow, column: GridColumn) => ReactNode;
  readonly onPress: (event: MouseEvent, to: CellAt) => void;
  readonly onOpen: (to: CellAt) => void;
}

function Row({ row, at, columns, costs, selection, typing, isMarked, old, ...sheet }: RowProps) {
  const { active, start, end, reach } = selection;
  return (
    <tr aria-rowindex={at + 2} style={{ height: ROW_HEIGHT }}>
      {columns.map((column, i) => {
        const cell = { row: at, column: i };
        const text = textOf(row, column);
        const isTypedIn = typing?.at.row === at && typing.at.column === i;
        return (
          <GridCell
            key={column.key}
            id={sheet.cellId(cell)}
            at={cell}
            column={column}
            text={text}
            problem={sheet.problemAt(at, column)}
            isActive={active.row === at && active.column === i}
            isChosen={at >= start.row && at <= end.row && i >= start.column && i <= end.column}
            isChanged={isMarked && (old === undefined || textOf(old, column) !== text)}
            editor={isTypedIn ? sheet.editorOf(typing, row, column) : undefined}
            onPress={(event) => {
              sheet.onPress(event, cell);
            }}
            onReach={() => {
              if (typing === undefined) reach(cell);
            }}
            onOpen={() => {
              sheet.onOpen(cell);
            }}
          />
        );
      })}
      {costs && <RowCostCells cost={costs.get(row.id)} from={columns.length} />}
    </tr>
  );
}

interface SaidProps {
  readonly refusal: string | undefined;
  readonly table: PolicyTable;
  readonly columns: readonly GridColumn[];
  readonly selection: Selection;
  readonly problemAt: ProblemAt;
  readonly nameOf: (column: GridColumn) => string;
}

/** Beneath the sheet: why something was not written, what is wrong here, or where one is. */
function Said({ refusal, table, columns, selection: { active, start, end }, problemAt, nameOf }: SaidProps) {
  const [row, column, ids] = [table.rows[active.row], columns[active.column], columns[0]];
  const wrong = refusal ?? (column && problemAt(active.row, column)) ?? (ids && problemAt(active.row, ids));
  const chosen = end.row - start.row + 1;
  const place = row && column ? `${row.id}, ${nameOf(column)}` : '';
  return (
    <Text size="sm" role="status" mih={22} c={wrong === undefined ? 'dimmed' : 'red'}>
      {wrong ?? (place !== '' && chosen > 1 ? `${place} · ${String(chosen)} linhas escolhidas` : place)}
    </Text>
  );
}

/** In the place of the rows that are out of sight. */
function Gap({ height }: { readonly height: number }) {
  return height > 0 ? <tr aria-hidden="true" style={{ height }} /> : null;
}
