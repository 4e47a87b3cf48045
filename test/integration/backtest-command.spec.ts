import type { DataSource } from 'typeorm';
import { runBacktestCommand } from '../../src/auction';
import { systemClock } from '../../src/kernel';
import { createDataSource } from '../../src/platform';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const FILE = 'config/policies/default.json';

describe('npm run policy -- backtest', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url, { poolSize: 1 }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const run = async (...args: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await runBacktestCommand(dataSource, args, {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      clock: systemClock,
      actor: 'command line:test',
      encryptionKeys: Buffer.alloc(32, 7).toString('base64'),
      gate: { reread: () => undefined },
      read: () => undefined,
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  };

  it('prints the figures and keeps the report under the hash of the candidate', async () => {
    const { code, out } = await run(FILE, FILE, '2026-08-01', '2026-09-01');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ requests: 0, wins: { verdict: 'no_change' } });
    const reports = await dataSource.query<unknown[]>(`SELECT state, requested_by FROM backtest_report`);
    expect(reports).toEqual([{ state: 'done', requested_by: 'command line:test' }]);
    const audited = await dataSource.query<unknown[]>(`SELECT action FROM audit_event`);
    expect(audited).toEqual([{ action: 'policy.backtest_run' }]);
  });

  it.each([[[FILE]], [[FILE, FILE, '2026-09-01', '2026-08-01']], [[FILE, FILE, 'ontem', 'hoje']]])(
    'explains itself on wrong use: %p',
    async (args) => {
      expect(await run(...args)).toMatchObject({ code: 2, out: '' });
    },
  );
});
