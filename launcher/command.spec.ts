import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openCommand, type Command } from './command';
import { runningEmbeddedPostgres, startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres';

let dataDir: string;
let home: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'arremate-command-'));
  chmodSync(dataDir, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  home = join(dataDir, 'postgres');
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => stopEmbeddedPostgres(home));

afterAll(() => {
  jest.restoreAllMocks();
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (): Promise<Command> => openCommand(dataDir, { ARREMATE_DATA_DIR: dataDir }, true);
const isRunning = (): boolean => runningEmbeddedPostgres(home) !== undefined;

describe('the database that a command started', () => {
  test('ends with the command that nobody has joined, also where that has just let go of it', async () => {
    const command = await open();
    const client = new Client({ connectionString: runningEmbeddedPostgres(home) });
    await client.connect();
    const closed = command.close();
    await client.end();
    await closed;
    expect(isRunning()).toBe(false);
  });

  test('runs on under whoever has taken it over', async () => {
    const command = await open();
    const { adopted, url } = await startEmbeddedPostgres(home);
    const client = new Client({ connectionString: url });
    await client.connect();
    await command.close();
    expect(adopted).toBe(true);
    expect((await client.query('SELECT 1')).rowCount).toBe(1);
    await client.end();
  });

  test('runs on under another command, which has not connected yet', async () => {
    const [first, second] = [await open(), await open()];
    await first.close();
    expect(isRunning()).toBe(true);
    await second.close();
  });

  test('runs on under an npm start, which has not connected yet', async () => {
    const command = await open();
    const start = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'start'], {
      stdio: 'ignore',
    });
    writeFileSync(join(dataDir, 'start.lock'), JSON.stringify({ pid: start.pid, children: [] }));
    await command.close();
    start.kill();
    expect(isRunning()).toBe(true);
  });
});
