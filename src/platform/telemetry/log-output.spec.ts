import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogOutput } from './log-output';

const LINES = 1_000;
const MOST_WAITING = 256 * 1024;
const LINE = `${'x'.repeat(999)}\n`;

(process.platform === 'win32' ? describe.skip : describe)('a log that nobody takes', () => {
  const home = mkdtempSync(join(tmpdir(), 'arremate-log-'));
  let pipe: number;
  beforeAll(() => {
    execFileSync('mkfifo', [join(home, 'pipe')]);
    pipe = openSync(join(home, 'pipe'), constants.O_RDWR | constants.O_NONBLOCK);
  });
  afterAll(() => {
    closeSync(pipe);
    rmSync(home, { recursive: true });
  });

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it('keeps so much and the number of the rest, ends at once, and is whole when it is taken again', async () => {
    let lost: number | undefined;
    const output = new LogOutput(pipe, { lost: (lines) => (lost = lines) }, MOST_WAITING);
    for (let line = 0; line < LINES; line += 1) output.write(LINE);
    while (output.unwrittenSeconds < 0.2) await pause(10);
    const begun = performance.now();
    output.flushSync();
    expect(performance.now() - begun).toBeLessThan(100);

    const chunk = Buffer.alloc(1024 * 1024);
    let read = '';
    while (output.unwrittenSeconds > 0) {
      await pause(5);
      try {
        read += chunk.toString('utf8', 0, readSync(pipe, chunk));
      } catch {
        // empty until it is tried again
      }
    }
    const whole = read.split('\n').slice(0, -1);
    expect(whole.every((line) => line.length === LINE.length - 1)).toBe(true);
    expect(lost).toBeGreaterThan(0);
    expect(whole.length + (lost ?? 0)).toBe(LINES);
  }, 30_000);

  it('does not keep a process from its end where the last write waits for a reader', async () => {
    execFileSync('mkfifo', [join(home, 'waiting')]);
    const waiting = openSync(join(home, 'waiting'), constants.O_RDWR);
    const reader = openSync(join(home, 'waiting'), constants.O_RDONLY | constants.O_NONBLOCK);
    const output = new LogOutput(waiting, { lost: () => undefined });
    for (let line = 0; line < LINES; line += 1) output.write(LINE);
    while (output.unwrittenSeconds < 1.1) await pause(50);
    output.flushSync();
    const chunk = Buffer.alloc(1024 * 1024);
    while (output.unwrittenSeconds > 0) {
      await pause(5);
      try {
        readSync(reader, chunk);
      } catch {
        // empty until it is written to again
      }
    }
    [waiting, reader].forEach(closeSync);
  }, 30_000);
});
