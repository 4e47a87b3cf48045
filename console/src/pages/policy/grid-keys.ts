import type { KeyboardEvent } from 'react';
import type { CellAt } from './grid';
import type { Selection } from './grid-selection';
import type { Writing } from './grid-writing';
import type { Undo } from './use-undo';

const PAGE_ROWS = 15;

interface Hands {
  readonly selection: Selection;
  readonly last: CellAt;
  readonly isEditable: boolean;
  readonly writing: Writing;
  readonly history: Pick<Undo<unknown>, 'undo' | 'redo'>;
  /** Begins to write in the cell: over what stands there, or with it. */
  readonly onType: (text?: string) => void;
}

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** What a key does in a sheet; undefined: nothing, it is the browser's or the page's. */
export function actionOf(pressed: Key, hands: Hands): (() => void) | undefined {
  const { key, shiftKey } = pressed;
  const withControl = pressed.ctrlKey || pressed.metaKey;
  const { selection, last } = hands;
  const to = moves(selection.active, last, withControl)[key];
  if (to !== undefined)
    return () => {
      selection.go(to, shiftKey);
    };
  if (withControl && key === 'a')
    return () => {
      selection.choose({ row: 0, column: 0 }, last);
    };
  return hands.isEditable ? editing(pressed, withControl, hands) : undefined;
}

function moves(
  { row, column }: CellAt,
  last: CellAt,
  withControl: boolean,
): Readonly<Record<string, CellAt>> {
  return {
    ArrowUp: { row: withControl ? 0 : row - 1, column },
    ArrowDown: { row: withControl ? last.row : row + 1, column },
    ArrowLeft: { row, column: withControl ? 0 : column - 1 },
    ArrowRight: { row, column: withControl ? last.column : column + 1 },
    Home: { row: withControl ? 0 : row, column: 0 },
    End: { row: withControl ? last.row : row, column: last.column },
    PageUp: { row: row - PAGE_ROWS, column },
    PageDown: { row: row + PAGE_ROWS, column },
  };
}

function editing(
  { key, shiftKey, altKey }: Key,
  withControl: boolean,
  { writing, history, onType }: Hands,
): (() => void) | undefined {
  if (withControl && key === 'z') return () => (shiftKey ? history.redo : history.undo)?.();
  if (withControl && key === 'y') return () => history.redo?.();
  if (withControl && key === 'd') return writing.fillDown;
  if (key === 'Delete' || key === 'Backspace') return writing.clear;
  if (key === 'Enter' || key === 'F2')
    return () => {
      onType();
    };
  if (key.length !== 1 || withControl || altKey) return undefined;
  return () => {
    onType(key);
  };
}
