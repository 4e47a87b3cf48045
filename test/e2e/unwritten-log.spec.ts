import { randomUUID } from 'node:crypto';
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
