import { z } from 'zod';
import type { SheetSource } from './sheets/sheet-job';

/** What previews of files say of the tab that was read. */
export const hiddenCells = z
  .object({
    rows: z.int().describe('how many that say something'),
    columns: z.array(z.string()).describe('by their letters, those in which something stands'),
  })
  .describe('what a person who opens the tab does not see in it, and was read all the same');

export const viewHidden = ({ hidden }: SheetSource): z.output<typeof hiddenCells> => ({
  rows: hidden.rows,
  columns: [...hidden.columns],
});
