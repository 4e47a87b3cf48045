import type { Backtest } from '../../api/client';
import { readFigures } from './backtest-report';

/** Whether a report is there that only others may read: it says who is on a list. */
export const isWithheld = (items: readonly Backtest[]): boolean =>
  items.some(({ figures_withheld: withheld }) => withheld);

/** The figures of the newest report that is finished and can be read. */
export function measuredIn(items: readonly Backtest[]): ReturnType<typeof readFigures> {
  return items
    .filter(({ state }) => state === 'done')
    .map(({ figures }) => readFigures(figures))
    .find((figures) => figures !== undefined);
}
