import { randomUUID } from 'node:crypto';
import { engineFile } from '../support/engine-file';
import { waitFor } from '../support/wait-for';
import { loanWebhooks, newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld({
    ARREMATE_ENGINE_FILE: engineFile({ inbox: { max_attempts: 2, retry_after_ms: 20 } }),
  });
});
afterAll(() => world.close());

it('a webhook that our own handler gives up is counted and told as parked, once', async () => {
  await world.asOwner(
    `ALTER TABLE operation_event ADD CONSTRAINT broken CHECK (kind <> 'authorization_requested') NOT VALID`,
  );
  const [, webhook] = loanWebhooks(randomUUID(), newCpf());
  const { webhook_type: type } = webhook as { webhook_type: string };
  expect((await world.call('POST', '/webhooks/qi', webhook)).status).toBe(200);
  const parked = await waitFor('the metric', async () => {
    const text = String((await world.call('GET', '/metrics')).body['text']);
    return /^arremate_webhooks_handled_total\{.*result="parked".*$/m.exec(text)?.[0];
  });
  expect(parked).toBe(`arremate_webhooks_handled_total{type="${type}",result="parked"} 1`);
  const told = world.logged.filter((line) => line.includes('"webhook parked"'));
  expect(told).toEqual([expect.stringContaining(`"webhook_type":"${type}","reason":"handler_failed"`)]);
});
