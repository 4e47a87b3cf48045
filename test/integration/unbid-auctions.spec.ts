import { randomUUID } from 'node:crypto';
import { prometheusRules, samplesFor } from '../support/prometheus-rules';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest, type RequestOptions } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';

describe('auctions that end without a bid because of us', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  const exposition = async () => String((await world.call('GET', '/metrics')).body['text']);
  const unbid = async (reason: string) =>
    samplesFor(`arremate_auctions_unbid_total{reason="${reason}"}`, await exposition());
  const isRung = async () => {
    const rule = prometheusRules().find(({ alert }) => alert === 'ArremateAuctionsUnanswered');
    return samplesFor(rule?.expr ?? '', await exposition()).some((value) => value > 0);
  };
  const push = (options: RequestOptions, data: Readonly<Record<string, unknown>> = {}) => {
    const request = proposalRequest({ key: randomUUID(), cpf: newCpf(), ...options });
    return world.call('POST', '/webhooks/qi', {
      ...request,
      data: { ...(request['data'] as Record<string, unknown>), ...data },
    });
  };
  const counted = (reason: string) =>
    waitFor(reason, async () => ((await unbid(reason))[0] === 1 ? true : undefined));

  it('are counted by their reason, and told; those that people meant to go unanswered are counted alone', async () => {
    expect(await unbid('no_time')).toEqual([0]);
    await world.dataSource.query(`UPDATE kill_switch SET engaged = true`);
    await push({ windowSeconds: 30 });
    await counted('kill_switch');
    expect(await isRung()).toBe(false);
    await push({}, { inclusion_limit_datetime: 'amanhã' });
    await counted('limit_unreadable');
    expect(await isRung()).toBe(true);
    const { body } = await world.master('GET', '/api/v1/auctions?status=parked');
    expect(body['items']).toMatchObject([{ status_reason: 'limit_unreadable' }]);
    await push({ windowSeconds: 0.05 });
    await counted('no_time');
  });
});
