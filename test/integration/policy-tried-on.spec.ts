import { randomUUID } from 'node:crypto';
import { justBefore } from '../support/just-before';
import { createAccessWorld, type AccessWorld } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a version is put in force only after it was tried on the requests of the last days', () => {
  let world: AccessWorld;
  let desk: PolicyDesk;
  beforeAll(async () => {
    world = await createAccessWorld();
    desk = await PolicyDesk.in(world);
  });
  afterAll(() => world.close());

  const ago = (ms: number): Date => new Date(Date.now() - ms);

  async function received(...times: readonly Date[]): Promise<void> {
    for (const time of times)
      await world.dataSource.query(
        `WITH event AS (
           INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
           VALUES (sha256($1::text::bytea), $2, 'k', '', 'done') RETURNING id)
         INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
           personal_ciphertext)
         SELECT $1, id, 'declined', $2, 'k', '' FROM event`,
        [randomUUID(), time],
      );
  }

  /** A backtest of so many requests of a period. */
  async function tried(etag: string, decided: number, from: Date, before: Date): Promise<void> {
    await world.dataSource.query(
      `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state,
         requested_by, requested_at, figures, finished_at)
       VALUES (gen_random_uuid(), $1, $1, $2, $3, 'done', 'test', now(), jsonb_build_object('requests', $4::int), now())`,
      [etag.replaceAll('"', ''), from, before, decided],
    );
  }

  const shown = async (path: string) => (await desk.author('GET', `${path}/backtests`)).body['activation'];
  const recorded = async (number: number): Promise<unknown> => {
    const [row] = await world.dataSource.query<{ details: unknown }[]>(
      `SELECT details FROM audit_event WHERE subject = $1 AND action = 'policy.activated' ORDER BY id DESC LIMIT 1`,
      [`policy:${String(number)}`],
    );
    return row?.details;
  };

  it('on the first day on none, which is shown and recorded', async () => {
    const { path, etag, number } = await desk.approved(policyNamed('Primeiro dia'));
    expect(await shown(path)).toBeNull();
    await tried(etag, 0, ago(DAY), ago(0));
    expect(await shown(path)).toEqual({ held: 0, required: 0, days: 30 });
    expect(await desk.activate(path)).toMatchObject({ status: 200 });
    expect(await recorded(number)).toMatchObject({ backtest: expect.stringContaining('none') as string });
  });

  it('on all there are while there are few; an empty backtest is refused with the figures', async () => {
    await received(ago(40 * DAY), ago(3 * DAY), ago(2 * HOUR), ago(HOUR));
    const { path, etag, number } = await desk.approved(policyNamed('Poucos pedidos'));
    await tried(etag, 0, ago(5 * DAY), ago(4 * DAY));
    await tried(etag, 1, ago(50 * DAY), ago(30.5 * DAY));
    await tried(etag, 2, ago(DAY), ago(0));
    expect(await shown(path)).toEqual({ held: 2, required: 3, days: 30 });
    for (const [verb, body] of [
      ['activate', { reason: 'teste' }],
      ['schedule', { activate_at: new Date(Date.now() + HOUR).toISOString() }],
    ] as const)
      expect(await desk.approver('POST', `${path}/${verb}`, body)).toMatchObject({
        status: 409,
        body: {
          type: 'urn:arremate:problem:policy_not_ready',
          errors: [
            {
              code: 'backtest_too_small',
              message: 'O backtest desta versão cobre 2 dos pedidos dos últimos 30 dias; a ativação exige 3.',
              held: 2,
              required: 3,
            },
          ],
        },
      });

    await tried(etag, 3, ago(30 * DAY), ago(0));
    await received(ago(0)); // what comes after it does not count against it yet
    expect(await shown(path)).toEqual({ held: 3, required: 3, days: 30 });
    expect(await desk.activate(path)).toMatchObject({ status: 200 });
    expect(await recorded(number)).toMatchObject({ backtest_held: '3', backtest_required: '3' });
  });

  it('again, when a day has passed and more has come; the way back needs none', async () => {
    const { path, etag } = await desk.approved(policyNamed('Depois'));
    await tried(etag, 1, ago(30 * DAY), ago(2 * DAY));
    await received(ago(1.5 * DAY));
    expect(await shown(path)).toEqual({ held: 1, required: 2, days: 30 });
    expect(await desk.activate(path)).toMatchObject({ status: 409 });
    expect(await desk.activate('/api/v1/policies/1', 'voltar')).toMatchObject({ status: 200 });
  });

  it('as its list says: one that shows the backtest as done counts its requests too, for nobody asks again', async () => {
    const { path, etag } = await desk.approved(policyNamed('Terminado agora'));
    const ended = justBefore(world.dataSource, 'ORDER BY requested_at DESC, id', () =>
      tried(etag, 9, ago(30 * DAY), ago(0)),
    );
    const { body } = await desk.author('GET', `${path}/backtests`);
    await ended;
    expect(body).toMatchObject({ items: [{ state: 'done' }], activation: { days: 30 } });
  });
});
