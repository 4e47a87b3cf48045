import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwawayDirectory } from '../support/data-directory';
import { surroundings } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

/** Longer than any system lets a file's name be. */
const LONG = 'x'.repeat(300);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What `npm run` runs, for somebody who stands in this directory. */
const npmRun = (where: string, ...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, ['scripts/run.mjs', ...args], {
    env: {
      ...surroundings,
      INIT_CWD: where,
      DATABASE_URL: database.url,
      ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    encoding: 'utf8',
  });

test.each([[LONG], ['package.json']])(
  'kill-switch keeps the reason as it was written: %s',
  async (reason) => {
    const { status, stdout } = npmRun(process.cwd(), '--database', 'kill-switch', 'on', '--reason', reason);
    expect([status, stdout]).toEqual([0, 'Bidding is stopped.\n']);
    expect(await database.asOwner('SELECT engaged, reason FROM kill_switch')).toEqual([
      { engaged: true, reason },
    ]);
  },
);

test('a file is named from where the caller stands, and what can be no file is said to be none', () => {
  const directory = throwawayDirectory('npm-run-');
  writeFileSync(join(directory, 'case.json'), '"no case"');
  expect(npmRun(directory, 'quote', 'case.json')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^body: /) as string,
  });
  expect(npmRun(directory, 'quote', LONG)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^x+: ENAMETOOLONG/) as string,
  });
});
