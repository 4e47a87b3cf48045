import { randomUUID } from 'node:crypto';
import { calendarDateAt } from '../../src/kernel';
import { RateModelLife } from '../../src/winning/rate-model-life.service';
import { writeAuction, writeBid } from '../support/bids';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

let world: AccessWorld;
let operator: Call;
let author: Call;
let approver: Call;
beforeAll(async () => {
  world = await createAccessWorld();
  operator = world.as(await world.tokenFor('operator'));
  author = world.as(await world.tokenFor('policy_author'));
  approver = world.as(await world.tokenFor('policy_approver'));
});
afterAll(() => world.close());
beforeEach(() =>
  world.dataSource.query(
    `UPDATE rate_model_line SET returned_at = NULL, returned_by = NULL, returned_for = NULL, returned_reason = NULL,
       resume_asked_by = NULL, resume_asked_at = NULL, resume_reason = NULL`,
  ),
);

const say = async (call: Call, way: string, body: object = { reason: 'teste' }): Promise<number> =>
  (await call('POST', `/api/v1/rate-models/${way}`, body)).status;
const line = async () =>
  (await operator('GET', '/api/v1/rate-models')).body['line'] as {
    readonly returned: { readonly at: string; readonly reason: string } | null;
    readonly resume_asked: { readonly at: string; readonly by: string } | null;
  };
const askedAt = async () => ({ asked_at: (await line()).resume_asked?.at });
const lastDeed = async () => {
  const [deed] = await world.dataSource.query<object[]>(
    `SELECT action, reason, details FROM audit_event WHERE subject = 'rate_model' ORDER BY id DESC LIMIT 1`,
  );
  return deed;
};

const alarm = (code: 'MARGIN_BELOW_CONTROL' | 'CALIBRATION') =>
  world.dataSource.transaction((tx) => world.app.get(RateModelLife).returnFor(tx, code, 'a night'));

describe('a request to bid learned rates again', () => {
  it('does not outlive another reason to stay at the table', async () => {
    expect(await say(operator, 'return', { reason: 'fim do mês' })).toBe(204);
    expect(await say(author, 'resume', { reason: 'o mês virou' })).toBe(204);
    const asked = (await line()).resume_asked;
    expect(await say(operator, 'return', { reason: 'abaixo do custo: não voltar' })).toBe(204);
    expect(await lastDeed()).toEqual({
      action: 'rate_model.returned',
      reason: 'abaixo do custo: não voltar',
      details: { code: 'PERSON', asked_by: asked?.by },
    });
    expect(await line()).toMatchObject({
      returned: { reason: 'abaixo do custo: não voltar' },
      resume_asked: null,
    });
    expect(await say(approver, 'resume/approve')).toBe(409);
  });

  it('does not outlive an alarm of a night that nobody had heard of', async () => {
    await say(operator, 'return');
    await say(author, 'resume');
    await alarm('MARGIN_BELOW_CONTROL');
    expect(await line()).toMatchObject({
      returned: { by: 'system', code: 'MARGIN_BELOW_CONTROL' },
      resume_asked: null,
    });
    // At the table the same bids are counted night after night: people who ask in spite of it know.
    await say(author, 'resume');
    await alarm('MARGIN_BELOW_CONTROL');
    expect(await say(approver, 'resume/approve')).toBe(204);
  });

  it('and what a person said outlive alarms that were heard before, whichever was the last', async () => {
    await alarm('MARGIN_BELOW_CONTROL');
    await alarm('CALIBRATION');
    await say(operator, 'return', { reason: 'fraude no empregador: não voltar' });
    await say(author, 'resume', { reason: 'fraude resolvida' });
    // The same bids, counted again.
    await alarm('MARGIN_BELOW_CONTROL');
    await alarm('CALIBRATION');
    expect(await line()).toMatchObject({
      returned: { code: 'PERSON', reason: 'fraude no empregador: não voltar' },
      resume_asked: { reason: 'fraude resolvida' },
    });
    expect(await say(approver, 'resume/approve')).toBe(204);
    // What comes once they are bid again is another alarm.
    await alarm('MARGIN_BELOW_CONTROL');
    expect(await line()).toMatchObject({ returned: { code: 'MARGIN_BELOW_CONTROL' } });
    await say(author, 'resume');
    await alarm('CALIBRATION');
    expect(await line()).toMatchObject({ returned: { code: 'CALIBRATION' }, resume_asked: null });
  });

  it('is made as the reason was shown: whoever has read another one is told', async () => {
    await say(operator, 'return');
    const returnedAt = (await line()).returned?.at;
    await say(operator, 'return', { reason: 'abaixo do custo' });
    expect(await say(author, 'resume', { reason: 'teste', returned_at: returnedAt })).toBe(409);
    expect((await line()).resume_asked).toBeNull();
    const now = (await line()).returned?.at;
    expect(await say(author, 'resume', { reason: 'teste', returned_at: now })).toBe(204);
  });

  it('is decided as it was shown: whoever has read another one is told', async () => {
    await say(operator, 'return');
    await say(author, 'resume');
    const shown = await askedAt();
    await say(approver, 'resume/refuse');
    await say(author, 'resume', { reason: 'outro motivo' });
    expect(await say(approver, 'resume/approve', shown)).toBe(409);
    expect(await say(approver, 'resume/refuse', { ...shown, reason: 'não' })).toBe(409);
    expect(await say(approver, 'resume/approve', await askedAt())).toBe(204);
  });
});

describe('the days of a trial', () => {
  const bidOn = async (status: string, day: string): Promise<void> => {
    const [auctionKey, requestControlKey] = [randomUUID(), randomUUID()];
    await writeAuction(world.dataSource, auctionKey);
    await writeBid(world.dataSource, { requestControlKey, auctionKey, rate: '0.02', amount: 100 });
    await world.dataSource.query(
      `UPDATE bid SET status = $2, submitted_at = $3 WHERE request_control_key = $1`,
      [requestControlKey, status, `${day}T15:00:00Z`],
    );
  };

  it('are those on which QI had, or may have had, a bid: one that it certainly did not take was SENDING too', async () => {
    await bidOn('withdrawn', '2026-06-01');
    await bidOn('withdrawn', '2026-06-02');
    await bidOn('accepted', '2026-06-02');
    await bidOn('unknown', '2026-06-03');
    const { silentDays } = await world.app
      .get(RateModelLife)
      .stageTime(
        world.dataSource.manager,
        { mandate: { validity_days: 3 } } as never,
        calendarDateAt(new Date('2026-06-05T12:00:00Z')),
      );
    expect(silentDays.slice(-4)).toEqual(['2026-05-30', '2026-05-31', '2026-06-01', '2026-06-04']);
  });
});
