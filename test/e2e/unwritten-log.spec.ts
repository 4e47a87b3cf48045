import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwawayDirectory } from '../support/data-directory';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

(process.platform === 'linux' ? describe : describe.skip)('a process whose log is on a full disk', () => {
  let world: AuctionWorld;
  beforeAll(async () => {
    // It takes no byte, as a full disk.
    world = await AuctionWorld.start({ ARREMATE_LOG_FILE: '/dev/full', ARREMATE_LOG_LEVEL: 'debug' });
  }, 60_000);
  afterAll(async () => {
    await world.service.kill();
    await world.end();
  });

  it('goes on bidding, says so, and ends when it is told to', async () => {
    const { service } = world;
    const key = randomUUID();
    expect(await world.push(proposalRequest({ key, cpf: newCpf() }))).toBe(200);
    await world.auctionBecomes(key, 'bid');
    await waitFor('the metric', async () => {
      const metrics = String((await service.get('/metrics')).body);
      const [, seconds] = /^arremate_log_unwritten_seconds (\S+)$/m.exec(metrics) ?? [];
      return Number(seconds) >= 1 ? true : undefined;
    });
    expect(service.output.match(/The log cannot be written \(ENOSPC/g)).toHaveLength(1);
    expect(await service.stop()).toBe(0);
  }, 60_000);
});

(process.platform === 'linux' ? describe : describe.skip)('a process whose log nobody reads', () => {
  const pipe = join(throwawayDirectory('log-'), 'pipe');
  let held: number;
  let world: AuctionWorld;
  beforeAll(async () => {
    execFileSync('mkfifo', [pipe]);
    held = openSync(pipe, constants.O_RDWR);
    world = await AuctionWorld.start({ ARREMATE_LOG_FILE: pipe, ARREMATE_LOG_LEVEL: 'debug' });
  }, 60_000);
  afterAll(async () => {
    await world.service.kill();
    closeSync(held);
    await world.end();
  });

  it('ends when it is told to, though one of its threads waits there for ever', async () => {
    await waitFor(
      'the pipe to be full',
      async () => {
        const odd = () => world.push({ webhook_type: 'x'.repeat(300), key: randomUUID() });
        await Promise.all(Array.from({ length: 200 }, odd));
        const metrics = String((await world.service.get('/metrics')).body);
        const [, seconds] = /^arremate_log_unwritten_seconds (\S+)$/m.exec(metrics) ?? [];
        return Number(seconds) >= 2 ? true : undefined;
      },
      { timeoutMs: 40_000 },
    );
    const ended = await Promise.race([world.service.stop(), endOfPatience()]);
    expect(ended).not.toBe('still there');
  }, 90_000);
});

(process.platform === 'linux' ? describe : describe.skip)(
  'a process that stands before something held',
  () => {
    const home = throwawayDirectory('held-');
    const pipe = join(home, 'pipe');
    let held: number;
    beforeAll(() => {
      execFileSync('mkfifo', [pipe, join(home, 'disk')]);
      held = openSync(pipe, constants.O_RDWR);
    });
    afterAll(() => {
      closeSync(held);
    });

    const itOnATerminal = existsSync('/usr/bin/script') ? it : it.skip;
    itOnATerminal(
      'goes on where its terminal takes no more, as one that was stopped by a key',
      async () => {
        const beat = join(home, 'beat');
        // Whoever shows this terminal writes to a pipe that nobody reads.
        const shown = spawn('script', ['-qfec', `"${process.execPath}" -e '${TALKS}'`, '/dev/null'], {
          stdio: ['ignore', held, 'ignore'],
          env: { ...process.env, BEAT: beat },
          detached: true,
        });
        try {
          await waitFor('lines enough to fill whatever takes them', () => beats(beat) > 40 || undefined);
        } finally {
          process.kill(-(shown.pid ?? 0), 'SIGKILL');
        }
      },
      40_000,
    );

    it('ends when it crashes, though a look at a disk hangs', async () => {
      const crashing = spawn(process.execPath, ['-e', CRASHES], {
        stdio: 'ignore',
        env: { ...process.env, DISK: join(home, 'disk') },
      });
      const ended = new Promise((resolve) => crashing.once('exit', resolve));
      const how = await Promise.race([ended, endOfPatience()]);
      crashing.kill('SIGKILL');
      expect(how).not.toBe('still there');
    }, 40_000);
  },
);

/** Says a hundred lines twenty times a second, and counts the times. */
const TALKS = `
  const { Terminal } = require("./dist/src/platform");
  const { systemClock } = require("./dist/src/kernel");
  const { writeFileSync } = require("node:fs");
  const terminal = new Terminal({ ARREMATE_LOG_FILE: "log", ARREMATE_TERMINAL_LANGUAGE: "en" }, systemClock);
  let beats = 0;
  setInterval(() => {
    for (let line = 0; line < 100; line += 1) terminal.line("auction", "5f1d7a52-0000", "won");
    writeFileSync(process.env.BEAT, String((beats += 1)));
  }, 50);`;

const CRASHES = `
  const { createLogger } = require("./dist/src/platform");
  createLogger({ level: "info", file: undefined });
  require("node:fs").open(process.env.DISK, "r", () => undefined);
  setTimeout(() => { throw new Error("a crash"); }, 100);`;

function beats(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

/** Longer than a drain takes, and what an orchestrator waits. */
function endOfPatience(): Promise<'still there'> {
  return new Promise((resolve) => setTimeout(resolve, 15_000, 'still there').unref());
}
