import type { Backtest } from '../../api/client';
import { readFigures } from './backtest-report';

/** The figures of the newest report that is finished and can be read. */
export function measuredIn(items: readonly Backtest[]): ReturnType<typeof readFigures> {
  return items
    .filter(({ state }) => state === 'done')
    .map(({ figures }) => readFigures(figures))
    .find((figures) => figures !== undefined);
}
