import { useState } from 'react';
import type { CellAt } from './grid';

/** Where one is in a sheet, and the block that is chosen. */
export interface Selection {
  readonly active: CellAt;
  /** Corners of the block. */
  readonly start: CellAt;
  readonly end: CellAt;
  /** Moves; with isLonger the block grows up to there. @param rows how many there are by then */
  readonly go: (to: CellAt, isLonger?: boolean, rows?: number) => void;
  /** A block from one corner to the other, where one then is. Nothing is brought into sight. */
  readonly choose: (from: CellAt, to: CellAt) => void;
  /** The block grows up to there, and no further than one sees. */
  readonly reach: (to: CellAt) => void;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

const FIRST: CellAt = { row: 0, column: 0 };

export function useSelection(size: Size, onMove: (to: CellAt) => void): Selection {
  const [active, setActive] = useState(FIRST);
  const [anchor, setAnchor] = useState(FIRST);
  const [start, end] = rectangle(active, anchor);
  return {
    active,
    start,
    end,
    go: (to, isLonger = false, rows = size.rows) => {
      const next = { row: within(to.row, rows), column: within(to.column, size.columns) };
      setActive(next);
      if (!isLonger) setAnchor(next);
      onMove(next);
    },
    choose: (from, to) => {
      setAnchor(from);
      setActive(to);
    },
    reach: setActive,
  };
}

const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));

/** Cells between two corners, whichever was first. */
function rectangle(a: CellAt, b: CellAt): readonly [CellAt, CellAt] {
  return [
    { row: Math.min(a.row, b.row), column: Math.min(a.column, b.column) },
    { row: Math.max(a.row, b.row), column: Math.max(a.column, b.column) },
  ];
}
