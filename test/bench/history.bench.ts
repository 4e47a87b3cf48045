/**
 * npm run bench -- history [AUCTIONS] [DIRECTORY]: how long analysts wait for a page of the bid history (10,000,000 auctions
 * unless told), filter by filter, beside the bare reading of fifty rows by key; then how long figures take: results, periods
 * held against each other, pivots. Prints p50 and p95 of each, and which are over the goal. With a directory the filled
 * database stays there, and the next call measures it without filling; days that are not summed are.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { createDataSource, FieldCipher, migrate } from '../../src/platform';
import { measureFigures } from './history/figures';
import { store } from './history/filled';
import { deriveFacts, measureKeeping, sumDays } from './history/keeping';
import { measure, measureCharts, measureSorted } from './history/searches';

/** Enough memory to hold indexes of this size, as a server with such a history would have. */
const settings = {
  shared_buffers: '2GB',
  maintenance_work_mem: '1GB',
  max_wal_size: '8GB',
  effective_cache_size: '12GB',
  random_page_cost: '1.1',
};

async function main(): Promise<void> {
  const auctions = Number(process.argv[2] ?? 10_000_000);
  const kept = process.argv[3];
  const home = kept ?? mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  mkdirSync(home, { recursive: true });
  const filled = join(home, `filled-${String(auctions)}`);
  const postgres = await startEmbeddedPostgres(home, { settings });
  await migrate(postgres.url, { info: () => undefined, warn: console.warn });
  const dataSource = await createDataSource(postgres.url, { poolSize: 4 }).initialize();
  try {
    const cipher = new FieldCipher([Buffer.alloc(32, 7)], 'unbound');
    if (!existsSync(filled)) {
      await store(dataSource, cipher, auctions);
      await deriveFacts(dataSource, auctions);
      writeFileSync(filled, '');
    }
    await sumDays(dataSource);
    await measureKeeping(dataSource);
    await measureCharts(dataSource, cipher);
    await measure(dataSource, cipher, auctions);
    await measureSorted(dataSource, cipher);
    await measureFigures(dataSource, auctions);
  } finally {
    await dataSource.destroy();
    await stopEmbeddedPostgres(home);
    if (kept === undefined) rmSync(home, { recursive: true, force: true });
  }
}

void main();
