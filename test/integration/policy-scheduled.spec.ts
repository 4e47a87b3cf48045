import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { DAY_MS } from '../../src/kernel';
import { WaitingAlerts } from '../../src/alerts/waiting-alerts.service';
import { PolicyApproval } from '../../src/policy/policy-approval.service';
import { PolicyExaminer, type Examination } from '../../src/policy/policy-examination.service';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const CAP = {
  severity: 'error',
  path: 'tables[precos].rows[a].then',
  message: 'A taxa passa do teto.',
} as const;
const found = (...findings: Examination['findings']): Promise<Examination> =>
  Promise.resolve({ findings, tests: [], costs: [] });

describe('a version that is scheduled', () => {
  let world: AccessWorld;
  let desk: PolicyDesk;
  beforeAll(async () => {
    world = await createAccessWorld();
    desk = await PolicyDesk.in(world);
  });
  afterAll(() => world.close());
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const inMs = (ms: number): Date => new Date(Date.now() + ms);
  const prepared = async (name: string, changes: Record<string, unknown> = {}) => {
    const version = await desk.approved(policyNamed(name, changes));
    await desk.backtested(version.etag);
    return version;
  };
  const schedule = (path: string, at: Date) =>
    desk.approver('POST', `${path}/schedule`, { activate_at: at.toISOString() });
  const version = async (path: string) => (await desk.author('GET', path)).body;
  /** As if it had come after the backtest, which has not seen it, and a day had passed since. */
  const received = (at: Date) =>
    world.dataSource.query(
      `WITH event AS (
         INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
         VALUES (sha256($1::text::bytea), $2, 'k', '', 'done') RETURNING id)
       INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
         personal_ciphertext)
       SELECT $1, id, 'declined', $2, 'k', '' FROM event`,
      [randomUUID(), at],
    );
  const handedInAnHourAgo = (versions: number) =>
    world.dataSource.query(
      `INSERT INTO policy_version (hash, document, state, authors, created_at, changed_at, submitted_at)
       SELECT encode(sha256(one::text::bytea), 'hex'), document, 'in_review', '{x}', at, at, at
       FROM policy_version, generate_series(1, $1) AS one, (SELECT now() - interval '1 hour' AS at) AS ago
       WHERE number = 1`,
      [versions],
    );
  const refusals = async () =>
    (await world.app.get(WaitingAlerts).find(new Date())).filter(({ kind }) => kind === 'activation_refused');

  it('is put in force at its time whatever requests have come in since', async () => {
    const { path } = await prepared('Segunda-feira');
    expect((await schedule(path, inMs(1_500))).status).toBe(200);
    await received(inMs(-1.5 * DAY_MS));
    expect((await desk.author('GET', `${path}/backtests`)).body['activation']).toMatchObject({
      held: 0,
      required: 1,
    });
    await waitFor('its activation', async () =>
      (await version(path))['state'] === 'active' ? true : undefined,
    );
  });

  it('must be sound on its day, as far as that is known', async () => {
    const { path } = await prepared('Teto novo');
    jest
      .spyOn(world.app.get(PolicyExaminer), 'examine')
      .mockImplementation((_, on) => (on === undefined ? found() : found(CAP)));
    const refused = await schedule(path, inMs(3 * DAY_MS));
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ path: CAP.path }] } });
    expect(JSON.stringify(refused.body)).toMatch(/Em \d\d\/\d\d\/\d{4}: A taxa passa do teto\./);
    expect((await schedule(path, inMs(60_000))).status).toBe(200);
    await desk.approver('POST', `${path}/unschedule`, { reason: 'não' });
    expect(await version(path)).toMatchObject({ activation_refused: null });
  });

  /** What comes of its time, when something else is done between the look for it and its turn. */
  const cameAfter = async (path: string, meanwhile: () => Promise<unknown>) => {
    const approval = world.app.get(PolicyApproval);
    const activate = approval.activateDue.bind(approval);
    const tried = jest.spyOn(approval, 'activateDue').mockImplementation(async (...asked) => {
      await meanwhile();
      return activate(...asked);
    });
    expect((await schedule(path, inMs(1_500))).status).toBe(200);
    const result = await waitFor('its time', () => Promise.resolve(tried.mock.results[0]));
    return result.value as Promise<unknown>;
  };

  it('stays as it is when its date is taken back as its time comes', async () => {
    const { path, number } = await prepared('Desmarcada');
    const outcome = await cameAfter(path, () =>
      desk.approver('POST', `${path}/unschedule`, { reason: 'não' }),
    );
    expect(outcome).toMatchObject({ kind: 'wrong_state', state: 'approved' });
    expect((await desk.author('GET', '/api/v1/policies/active')).body['number']).not.toBe(number);
  });

  it.each([
    ['sound', () => found()],
    ['to be refused', () => found(CAP)],
  ])('waits for the date to which it is moved as its time comes, be it %s', async (name, examined) => {
    const { path } = await prepared(`Adiada: ${name}`);
    const tomorrow = inMs(DAY_MS);
    const refused = jest.spyOn(world.app.get(PolicyApproval), 'refuseDue');
    await cameAfter(path, async () => {
      await desk.approver('POST', `${path}/unschedule`, { reason: 'depois' });
      expect((await schedule(path, tomorrow)).status).toBe(200);
      jest.spyOn(world.app.get(PolicyExaminer), 'examine').mockImplementation(examined);
    });
    await setImmediate();
    await Promise.all(refused.mock.results.map(({ value }) => value as Promise<unknown>));
    expect(await version(path)).toMatchObject({
      state: 'scheduled',
      activate_at: tomorrow.toISOString(),
      activation_refused: null,
    });
    await desk.approver('POST', `${path}/unschedule`, { reason: 'fim' });
  });

  const capped = (caps: Record<string, string>) => {
    const { exposure } = policyNamed('') as { exposure: Record<string, unknown> };
    return { exposure: { ...exposure, ...caps } };
  };

  it('waits for people when it would undo what was put in force since its date was set', async () => {
    const [scheduled, urgent] = [
      await prepared('Agendada'),
      await prepared('Urgente', capped({ per_employer: '1100000' })),
    ];
    expect((await schedule(scheduled.path, inMs(4_000))).status).toBe(200);
    expect((await desk.activate(urgent.path)).status).toBe(200);
    await waitFor('its time', async () =>
      (await version(scheduled.path))['state'] === 'scheduled' ? undefined : true,
    );
    const message = `Depois de marcada a data entrou em vigor a versão ${String(urgent.number)}`;
    expect(await version(scheduled.path)).toMatchObject({
      state: 'approved',
      activation_refused: { message: expect.stringContaining(message) as string },
    });
    // Whoever sets a date now has been told.
    expect((await schedule(scheduled.path, inMs(0))).status).toBe(200);
    await waitFor('its activation', async () =>
      (await version(scheduled.path))['state'] === 'active' ? true : undefined,
    );
  });

  const shownFor = async (path: string) => (await desk.author('GET', `${path}/standing`)).body['in_force'];
  const inForceNow = async () => (await desk.author('GET', '/api/v1/policies/active')).body['number'];

  it('is dated over nothing that came in force after whoever sets the date looked', async () => {
    const [late, urgent] = [
      await prepared('Preços novos'),
      await prepared('Bloqueio urgente', capped({ per_employer: '1150000' })),
    ];
    const shown = await shownFor(late.path);
    expect((await desk.activate(urgent.path)).status).toBe(200);
    const dated = { activate_at: inMs(0).toISOString(), in_force: shown };
    expect(await desk.approver('POST', `${late.path}/schedule`, dated)).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/in_force_changed$/) as string, in_force: urgent.number },
    });
    expect(await version(late.path)).toMatchObject({ state: 'approved', activate_at: null });
    expect(await inForceNow()).toBe(urgent.number);

    const again = { activate_at: inMs(0).toISOString(), in_force: await shownFor(late.path) };
    expect((await desk.approver('POST', `${late.path}/schedule`, again)).status).toBe(200);
    await waitFor('its activation', async () =>
      (await version(late.path))['state'] === 'active' ? true : undefined,
    );
  });

  it('replaces nothing that whoever activates it, or goes back to it, was not shown', async () => {
    const [late, urgent] = [
      await prepared('Preços de novembro'),
      await prepared('Bloqueio de novembro', capped({ per_employer: '1160000' })),
    ];
    const activate = (path: string, in_force: unknown) =>
      desk.approver('POST', `${path}/activate`, { reason: 'comitê', in_force });
    const shown = await shownFor(late.path);
    expect((await desk.activate(urgent.path)).status).toBe(200);
    for (const path of [late.path, '/api/v1/policies/1'])
      expect(await activate(path, shown)).toMatchObject({
        status: 409,
        body: { in_force: urgent.number, detail: expect.stringContaining(String(urgent.number)) as string },
      });
    expect(await inForceNow()).toBe(urgent.number);
    expect((await activate(late.path, await shownFor(late.path))).status).toBe(200);
    expect((await activate('/api/v1/policies/1', late.number)).status).toBe(200);
    expect(await inForceNow()).toBe(1);
  });

  const copiedFrom = async (basedOn: number, name: string, perEmployer: string) => {
    const { body } = await desk.author('POST', '/api/v1/policies', { based_on: basedOn });
    const path = `/api/v1/policies/${String(body['number'])}`;
    const document = policyNamed(name, capped({ per_employer: perEmployer }));
    const saved = await desk.author('PUT', path, { document }, { 'if-match': `"${String(body['hash'])}"` });
    await desk.author('POST', `${path}/submit`);
    const match = { 'if-match': String(saved.headers['etag']) };
    expect((await desk.approver('POST', `${path}/approve`, undefined, match)).status).toBe(200);
    await desk.backtested(String(saved.headers['etag']));
    return path;
  };

  it('is put in force after one that it was copied from', async () => {
    const first = await prepared('Primeira', capped({ per_employer: '1200000' }));
    const path = await copiedFrom(first.number, 'Segunda', '1300000');
    const at = inMs(3_000);
    expect((await schedule(first.path, at)).status).toBe(200);
    expect((await schedule(path, new Date(at.getTime() + 500))).status).toBe(200);
    await waitFor('the second activation', async () =>
      (await version(path))['state'] === 'active' ? true : undefined,
    );
    expect(await version(first.path)).toMatchObject({ state: 'retired' });
  });

  it('tells people when it is refused although another follows by schedule in the same moment', async () => {
    const [first, refused] = [
      await prepared('Uma', capped({ per_employer: '1400000' })),
      await prepared('Outra', capped({ per_employer: '1500000' })),
    ];
    const last = await copiedFrom(first.number, 'Cópia da uma', '1600000');
    const at = inMs(4_000);
    for (const path of [first.path, refused.path, last]) expect((await schedule(path, at)).status).toBe(200);
    await waitFor('the last activation', async () =>
      (await version(last))['state'] === 'active' ? true : undefined,
    );
    expect(await refusals()).toMatchObject([{ subject: `policy:${String(refused.number)}` }]);
    expect((await desk.activate(first.path)).status).toBe(200);
    expect(await refusals()).toEqual([]);
  });

  it('tells people when it is refused at its time, however much else waits, until a version is put in force', async () => {
    const { path, number } = await prepared('Recusada');
    expect((await schedule(path, inMs(2_000))).status).toBe(200);
    jest.spyOn(world.app.get(PolicyExaminer), 'examine').mockImplementation(() => found(CAP));
    await waitFor('its refusal', async () =>
      (await version(path))['state'] === 'approved' ? true : undefined,
    );
    expect(await version(path)).toMatchObject({
      activate_at: null,
      activation_refused: { message: CAP.message },
    });
    expect(await refusals()).toMatchObject([{ subject: `policy:${String(number)}`, severity: 'warning' }]);
    await handedInAnHourAgo(60);
    expect(await refusals()).toHaveLength(1);
    jest.restoreAllMocks();
    expect((await desk.activate(path)).status).toBe(200);
    expect(await refusals()).toEqual([]);
  });

  it('tells people no more once another is in force by a date that was set after it was refused', async () => {
    const refused = await prepared('Errada', capped({ per_employer: '1700000' }));
    expect((await schedule(refused.path, inMs(1_500))).status).toBe(200);
    jest.spyOn(world.app.get(PolicyExaminer), 'examine').mockImplementation(() => found(CAP));
    await waitFor('its refusal', async () =>
      (await version(refused.path))['state'] === 'approved' ? true : undefined,
    );
    jest.restoreAllMocks();
    const corrected = await prepared('Corrigida', capped({ per_employer: '1800000' }));
    expect((await schedule(corrected.path, inMs(1_500))).status).toBe(200);
    expect(await refusals()).toMatchObject([{ subject: `policy:${String(refused.number)}` }]);
    await waitFor('the activation of the other', async () =>
      (await version(corrected.path))['state'] === 'active' ? true : undefined,
    );
    expect(await refusals()).toEqual([]);
  });
});
