import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartLock } from './start-lock';

let directory: string;
let file: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'arremate-lock-'));
  file = join(directory, 'start.lock');
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** A process whose command line looks like one of a run. */
function lookalike(name: string): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', name], { stdio: 'ignore' });
  started.push(child);
  if (child.pid === undefined) throw new Error('no process');
  return child.pid;
}

const hold = (pid: number, children: readonly number[] = []): void => {
  writeFileSync(file, JSON.stringify({ pid, children, stopping: false }));
};
const holder = (): unknown => JSON.parse(readFileSync(file, 'utf8'));

test('is taken, tells what runs, and is gone after its release', async () => {
  const lock = await StartLock.acquire(directory);
  lock.addChild(41);
  lock.addChild(42);
  expect(holder()).toEqual({ pid: process.pid, children: [41, 42], stopping: false });
  lock.release();
  expect(existsSync(file)).toBe(false);
});

test('of a run that is alive is respected, and the message names its process', async () => {
  const pid = lookalike('scripts/start.mjs');
  hold(pid);
  await expect(StartLock.acquire(directory)).rejects.toThrow(`already running here (pid ${pid})`);
  expect(holder()).toMatchObject({ pid });
});

test.each([
  ['of a run that is gone', () => 2 ** 22 + 1],
  ['whose number is another program by now', () => lookalike('something-else')],
])('%s is taken over', async (_, pid) => {
  hold(pid());
  const lock = await StartLock.acquire(directory);
  expect(holder()).toMatchObject({ pid: process.pid });
  lock.release();
});

test('that is no JSON, because its writer was killed, is taken over', async () => {
  writeFileSync(file, '{"pid":');
  await StartLock.acquire(directory);
  expect(holder()).toMatchObject({ pid: process.pid });
});

test('of a killed run is taken over only when the processes of that run have ended', async () => {
  const orphan = lookalike('dist/src/main.js');
  hold(2 ** 22 + 1, [orphan]);
  let taken = false;
  const acquiring = StartLock.acquire(directory).then(() => {
    taken = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(taken).toBe(false);
  process.kill(orphan, 'SIGKILL');
  await acquiring;
  expect(taken).toBe(true);
});
