import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
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

/** Longer than a drain takes, and what an orchestrator waits. */
function endOfPatience(): Promise<'still there'> {
  return new Promise((resolve) => setTimeout(resolve, 15_000, 'still there').unref());
}
