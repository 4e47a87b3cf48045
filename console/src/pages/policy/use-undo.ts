import { useCallback, useMemo, useState } from 'react';

const KEPT = 200;

interface Steps<T> {
  readonly past: readonly T[];
  readonly now: T;
  readonly future: readonly T[];
}

export interface Undo<T> {
  readonly now: T;
  readonly set: (next: T) => void;
  /** Begins anew: what was before cannot be gone back to. */
  readonly begin: (start: T) => void;
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
}

/** A value with its former states. */
export function useUndo<T>(start: T): Undo<T> {
  const [steps, setSteps] = useState<Steps<T>>({ past: [], now: start, future: [] });
  const set = useCallback((next: T) => {
    setSteps(({ past, now }) => ({ past: [...past, now].slice(-KEPT), now: next, future: [] }));
  }, []);
  const begin = useCallback((now: T) => {
    setSteps({ past: [], now, future: [] });
  }, []);
  return useMemo(() => {
    const { past, now, future } = steps;
    const [before, after] = [past.at(-1), future[0]];
    return {
      now,
      set,
      begin,
      undo:
        before === undefined
          ? undefined
          : () => {
              setSteps({ past: past.slice(0, -1), now: before, future: [now, ...future] });
            },
      redo:
        after === undefined
          ? undefined
          : () => {
              setSteps({ past: [...past, now], now: after, future: future.slice(1) });
            },
    };
  }, [steps, set, begin]);
}
