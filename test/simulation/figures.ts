import { FactKeeper } from '../../src/history/facts/fact-keeper.service';
import type { Finding } from './auditor';
import type { LogBook } from './log-book';
import type { Queries } from './simulated-database';
import type { SimulatedProcess } from './simulated-process';

/** What the product says where its figures were not what a recount finds. */
const DIFFERED = 'differed from a recount';

/** Figures that have caught up are counted anew from the tables that work: there may be no difference. */
export async function recountFigures(
  sql: Queries,
  process: SimulatedProcess,
  log: LogBook,
): Promise<readonly Finding[]> {
  const keeper = process.get(FactKeeper);
  await process.within(async () => {
    await keeper.catchUp();
    // Auctions of webhooks that waited are looked for with a recount, not before.
    await keeper.recountNext();
    await keeper.catchUp();
  });
  const { rows } = await sql.query<{ day: string }>(`SELECT DISTINCT day::text FROM history_fact ORDER BY 1`);
  for (const { day } of rows) await process.within(() => keeper.recount(day));
  return log.holding(new Set([DIFFERED])).map((what) => ({ invariant: 'figures_are_a_recount', what }));
}
