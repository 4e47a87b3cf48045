import { randomUUID } from 'node:crypto';
import { engineFile } from '../support/engine-file';
import { NotificationReceiver } from '../support/notification-receiver';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

/** A process is told to end while another one works on the same database. */
describe('a process that stops', () => {
  it('begins no auction, however long it waits for something else', async () => {
    const receiver = await NotificationReceiver.start();
    receiver.answer = () => undefined; // takes it and never answers
    const world = await FaultWorld.start({ ARREMATE_NOTIFY_LOOPBACK: '1' });
    try {
      await world.join();
      const endpoint = { url: `${receiver.url}/hook`, event_types: ['auction.decided'] };
      await world.service.post('/api/v1/notification-endpoints', endpoint);
      for (let i = 0; i < 12; i += 1) await world.request(randomUUID());
      await waitFor('both to tell', () => (receiver.received.length >= 8 ? true : undefined), {
        timeoutMs: 9_000,
      });
      world.qi.script = () => ({ kind: 'accept_when', released: pause(900) });
      const acknowledged = await tellUntil(world, world.service.stop());
      expect(acknowledged.length).toBeGreaterThan(10);
      for (const key of acknowledged) await world.bidBecomes(key, 'accepted');
      await world.audit();
    } finally {
      await world.end();
      await receiver.stop();
    }
  }, 120_000);

  it('leaves what waits in its queue, or to be sent again, to the others at once', async () => {
    const world = await FaultWorld.start({
      ARREMATE_ENGINE_FILE: engineFile({
        auction: { concurrency: 4, retry_base_ms: 20_000, retry_max_ms: 20_000 },
      }),
    });
    try {
      await world.join();
      const [refused, ...held] = Array.from({ length: 5 }, () => randomUUID() as string) as [
        string,
        ...string[],
      ];
      world.qi.script = ({ requestKey }, nth) => {
        if (held.includes(requestKey)) return { kind: 'take_and_hang' };
        return requestKey === refused && nth === 1
          ? { kind: 'answer', status: 429, body: '{}' }
          : { kind: 'accept' };
      };
      await world.request(refused, { windowSeconds: 60 });
      await world.bidBecomes(refused, 'intended');
      for (const key of held) await world.request(key, { windowSeconds: 60 });
      await world.qiHas(5);
      // Their windows are over before the calls that QI holds are.
      const queued = Array.from({ length: 3 }, () => randomUUID() as string);
      for (const key of queued) await world.request(key, { windowSeconds: 9 });
      const ended = world.service.stop();
      for (const key of [refused, ...queued]) await world.bidBecomes(key, 'accepted', 7_000);
      await ended;
      await world.audit();
    } finally {
      await world.end();
    }
  }, 120_000);
});

/** Tells of requests until the process that is told has ended. @returns those that it acknowledged */
async function tellUntil(world: FaultWorld, exit: Promise<unknown>): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const ended = exit.then(() => true);
  const later = () => pause(100).then(() => false);
  for (let hasEnded = false; !hasEnded; hasEnded = await Promise.race([ended, later()])) {
    const key = randomUUID();
    const status = await world.push(proposalRequest({ key, cpf: newCpf() })).catch(() => 0);
    if (status === 200) acknowledged.push(key);
  }
  return acknowledged;
}
