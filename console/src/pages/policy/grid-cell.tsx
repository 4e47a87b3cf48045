import { useRef, type KeyboardEvent, type MouseEvent, type ReactNode, type Ref } from 'react';
import type { CellAt, GridColumn } from './grid';

interface CellProps {
  readonly id: string;
  readonly at: CellAt;
  readonly column: GridColumn;
  readonly text: string;
  readonly problem: string | undefined;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly isChanged: boolean;
  /** In the place of the text while one writes. */
  readonly editor: ReactNode;
  readonly onPress: (event: MouseEvent) => void;
  readonly onReach: () => void;
  readonly onOpen: () => void;
}

export function GridCell(props: CellProps) {
  const { id, at, column, text, problem, isActive, isChosen, isChanged, editor } = props;
  return (
    <td
      id={id}
      role="gridcell"
      aria-colindex={at.column + 1}
      aria-selected={isChosen}
      aria-invalid={problem !== undefined || undefined}
      title={problem}
      data-part={column.part}
      data-active={isActive}
      data-changed={isChanged}
      onMouseDown={props.onPress}
      onMouseEnter={(event) => {
        if (event.buttons === 1) props.onReach();
      }}
      onDoubleClick={props.onOpen}
    >
      {editor ?? (text || <Nothing column={column} />)}
    </td>
  );
}

/** What an empty cell means. */
function Nothing({ column: { part } }: { readonly column: GridColumn }) {
  return part === 'from' || part === 'below' ? <span className="nothing">–</span> : null;
}

interface EditorProps {
  readonly input: Ref<HTMLInputElement>;
  readonly label: string;
  readonly text: string;
  readonly isWrong: boolean;
  readonly onType: (text: string) => void;
  /** Done, and on to the cell so far away. */
  readonly onCommit: (by: CellAt) => void;
  readonly onGiveUp: () => void;
  readonly onLeave: () => void;
}

export function CellEditor(props: EditorProps) {
  const { input, label, text, isWrong, onType, onCommit, onGiveUp, onLeave } = props;
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
      ref={input}
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
