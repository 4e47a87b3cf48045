import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { judgeRequest } from '../../src/decision/domain';
import { Cpf, HOUR_MS } from '../../src/kernel';
import { AuditSeals } from '../../src/platform';
import { ActivePolicy } from '../../src/policy';
import { PolicyExaminer } from '../../src/policy/policy-examination.service';
import { canonicalPolicy, nothingKnownOf, parseStored, policyHash } from '../../src/policy/domain';
import { refuseRow } from '../support/refused-row';
import { asService } from '../support/test-database';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const KEY = Buffer.alloc(32, 7).toString('base64');
const codesOf = (body: Record<string, unknown>): readonly unknown[] =>
  (body['errors'] as readonly { readonly code: string }[]).map(({ code }) => code);

const MARGIN_IS_KNOWN = { field: 'margin', op: 'gte', value: '0' };
const GOOD_WORKER = {
  ...nothingKnownOf('fgts'),
  cpf_valid: true,
  borrower_cpf: Cpf.parse('00737823780'),
  borrower_age: 35,
  is_pep: false,
  reference_age_hours: 1,
  available_periods: 3,
  active_contracts: 0,
};

describe('the life of a policy', () => {
  let world: AccessWorld;
  let desk: PolicyDesk;
  beforeAll(async () => {
    world = await createAccessWorld({ ARREMATE_ENCRYPTION_KEY: KEY });
    desk = await PolicyDesk.in(world);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => world.close());

  const activeNumber = async () => (await desk.author('GET', '/api/v1/policies/active')).body['number'];
  const readyHash = async () => {
    const { body } = await world.call('GET', '/health/ready');
    return (body['policy'] as { hash: string }).hash;
  };

  /** As with a policy of thousands of rows. */
  const lookingUntil = (end: Promise<unknown>) => {
    const examiner = world.app.get(PolicyExaminer);
    const look = examiner.examine.bind(examiner);
    return jest.spyOn(examiner, 'examine').mockImplementation(async (compiled) => {
      await end;
      return look(compiled);
    });
  };

  it('begins with the shipped document: active, approved by nobody, and recorded so', async () => {
    const { body, headers } = await desk.author('GET', '/api/v1/policies/active');
    expect(body).toMatchObject({ number: 1, state: 'active', authors: ['seed'], approver: null });
    expect(headers['etag']).toBe(`"${String(body['hash'])}"`);
    expect(await readyHash()).toBe(body['hash']);
    expect((await desk.author('GET', '/api/v1/policies/activations')).body['items']).toMatchObject([
      { number: 1, actor: 'seed', reason: 'first start', replaced: null },
    ]);
  });

  it('takes two people from draft to active, and one to go back', async () => {
    const draft = await desk.draft(policyNamed('Duas pessoas'));
    expect((await desk.activate(draft.path)).status).toBe(409);
    expect((await desk.author('POST', `${draft.path}/submit`)).body).toMatchObject({ state: 'in_review' });
    const match = { 'if-match': draft.etag };
    expect((await desk.author('POST', `${draft.path}/approve`, undefined, match)).status).toBe(403);
    expect((await desk.approver('POST', `${draft.path}/approve`)).status).toBe(428);
    expect(
      (await desk.approver('POST', `${draft.path}/approve`, undefined, { 'if-match': '"x"' })).status,
    ).toBe(412);
    expect(await desk.approver('POST', `${draft.path}/approve`, undefined, match)).toMatchObject({
      status: 200,
      body: { state: 'approved', approver: expect.any(String) as string },
    });

    const refused = await desk.activate(draft.path);
    expect(refused).toMatchObject({
      status: 409,
      headers: { 'content-type': expect.stringMatching(/^application\/problem\+json/) as string },
      body: { type: 'urn:arremate:problem:policy_not_ready' },
    });
    expect(codesOf(refused.body)).toEqual(['backtest_missing']);
    expect(await activeNumber()).toBe(1);

    await desk.backtested(draft.etag);
    expect((await desk.author('POST', `${draft.path}/activate`, { reason: 'x' })).status).toBe(403);
    expect(await desk.activate(draft.path)).toMatchObject({ status: 200, body: { state: 'active' } });
    expect(world.app.get(ActivePolicy).current().version).toBe(String(draft.number));
    expect(await readyHash()).toBe(draft.etag.replaceAll('"', ''));

    const started = performance.now();
    expect(await desk.activate('/api/v1/policies/1', 'voltar atrás')).toMatchObject({ status: 200 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await activeNumber()).toBe(1);
    expect((await desk.author('GET', draft.path)).body).toMatchObject({ state: 'retired' });
  });

  it('refuses the approval of anybody who wrote a part of it, also in the database', async () => {
    const draft = await desk.draft(policyNamed('Própria', { description: 'a' }), desk.both);
    await desk.both('POST', `${draft.path}/submit`);
    const match = { 'if-match': draft.etag };
    expect(await desk.both('POST', `${draft.path}/approve`, undefined, match)).toMatchObject({
      status: 403,
      body: { type: 'urn:arremate:problem:second_person_needed' },
    });
    await expect(
      world.dataSource.query(
        `UPDATE policy_version SET state = 'approved', approver = authors[1], approved_at = now() WHERE number = $1`,
        [draft.number],
      ),
    ).rejects.toThrow('policy_author_is_not_approver');
    await expect(
      world.dataSource.query(`UPDATE policy_version SET state = 'approved' WHERE number = $1`, [
        draft.number,
      ]),
    ).rejects.toThrow('policy_approved_by_somebody');
  });

  it('refuses the approval of whoever wrote what was copied before anybody had approved it', async () => {
    const copyOf = async (number: number) => {
      const { body, headers } = await desk.valueAuthor('POST', '/api/v1/policies', { based_on: number });
      return { path: `/api/v1/policies/${String(body['number'])}`, etag: String(headers['etag']), body };
    };
    const approved = (copy: { path: string; etag: string }, by = desk.both) =>
      by('POST', `${copy.path}/approve`, undefined, { 'if-match': copy.etag });
    const own = await desk.draft(policyNamed('Pela cópia'), desk.both);
    const first = await copyOf(own.number);
    expect(first.body['authors']).toHaveLength(2);
    await desk.valueAuthor('POST', `${first.path}/submit`);
    expect(await approved(first)).toMatchObject({
      status: 403,
      body: { type: 'urn:arremate:problem:second_person_needed' },
    });
    const third = await copyOf(Number(first.body['number']));
    expect(third.body['authors']).toEqual(first.body['authors']);
    await desk.valueAuthor('DELETE', third.path);

    expect((await approved(first, desk.approver)).status).toBe(200);
    expect((await copyOf(Number(first.body['number']))).body['authors']).toHaveLength(1);
  });

  it('refuses the approval of whoever brought the entries of a list that is not in force yet', async () => {
    const secret = await world.tokenFor('policy_value_author', 'policy_approver');
    const importer = world.as(secret);
    const { body: me } = await importer('GET', '/api/v1/session');
    const sent = await world.app.inject({
      method: 'POST',
      url: '/api/v1/policies/lists?field=borrower_cpf&source=teste',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'text/csv' },
      payload: '11144477735\n',
    });
    const { sha256 } = sent.json<{ sha256: string }>();
    const saved = async (description: string) => {
      const draft = await desk.draft(policyNamed('Lista de outra pessoa', { description }));
      const { body } = await desk.author('GET', draft.path);
      const document = body['document'] as { lists: { name: string }[] };
      const external = { name: 'cpfs_bloqueados', of: 'borrower_cpf', label: 'CPFs bloqueados' };
      const lists = document.lists.map((list) => (list.name === external.name ? external : list));
      const { headers } = await desk.author(
        'PUT',
        draft.path,
        { document: { ...document, lists }, lists: { [external.name]: sha256 } },
        { 'if-match': draft.etag },
      );
      const etag = String(headers['etag']);
      const { body: submitted } = await desk.author('POST', `${draft.path}/submit`);
      return { path: draft.path, etag, authors: submitted['authors'] as string[] };
    };
    const approve = ({ path, etag }: { path: string; etag: string }, call = importer) =>
      call('POST', `${path}/approve`, undefined, { 'if-match': etag });
    const draft = await saved('a');
    expect(draft.authors).toEqual([expect.any(String), me['actor']]);
    expect(await approve(draft)).toMatchObject({
      status: 403,
      body: { type: 'urn:arremate:problem:second_person_needed' },
    });
    expect(await approve(draft, desk.approver)).toMatchObject({ status: 200 });
    await desk.backtested(draft.etag);
    expect(await desk.activate(draft.path)).toMatchObject({ status: 200 });
    // Somebody else has agreed with these entries by now.
    expect(await approve(await saved('b'))).toMatchObject({ status: 200 });
    await desk.activate('/api/v1/policies/1');
  });

  it('keeps what was handed in as it is, whoever asks the database', async () => {
    const { number, path, etag } = await desk.approved(policyNamed('Imutável'));
    for (const change of [
      `document = '{}'`,
      `hash = repeat('0', 64)`,
      `authors = ARRAY['x']`,
      `lists = '{"a":1}'`,
    ])
      await expect(
        world.dataSource.query(`UPDATE policy_version SET ${change} WHERE number = $1`, [number]),
      ).rejects.toThrow('its content never changes');
    await expect(
      world.dataSource.query(`UPDATE policy_version SET approver = 'x' WHERE number = $1`, [number]),
    ).rejects.toThrow('keeps its approver');
    await expect(
      world.dataSource.query(`UPDATE policy_version SET state = 'draft' WHERE number = $1`, [number]),
    ).rejects.toThrow('cannot go from approved to draft');
    await expect(
      world.dataSource.query(`UPDATE policy_version SET state = 'active' WHERE number = $1`, [number]),
    ).rejects.toThrow('policy_one_active');
    await expect(
      world.dataSource.query(`DELETE FROM policy_version WHERE number = $1`, [number]),
    ).rejects.toThrow('stays');
    const match = { 'if-match': etag };
    expect((await desk.author('PUT', path, { document: policyNamed('x') }, match)).status).toBe(409);
    expect((await desk.author('DELETE', path)).status).toBe(409);
  });

  it('calls a draft what its authors call it, and keeps that once it is handed in', async () => {
    const draft = await desk.draft(policyNamed('Um nome'));
    const name = (own_name: string) => desk.author('PUT', `${draft.path}/name`, { own_name });
    expect((await name(' Taxa menor em dezembro ')).body).toMatchObject({
      own_name: 'Taxa menor em dezembro',
      hash: draft.etag.replaceAll('"', ''),
    });
    expect((await name('x'.repeat(81))).status).toBe(422);
    expect((await name(' ')).status).toBe(422);
    expect((await desk.author('POST', `${draft.path}/submit`)).status).toBe(200);
    expect((await name('Outro')).status).toBe(409);
    expect((await desk.author('GET', draft.path)).body['own_name']).toBe('Taxa menor em dezembro');
    await expect(
      world.dataSource.query(`UPDATE policy_version SET own_name = 'x' WHERE own_name IS NOT NULL`),
    ).rejects.toThrow('its name never changes');
  });

  it('finds rules by their words: of what decides first, then of what is being written, of every product', async () => {
    const draft = await desk.draft(policyNamed('Regras à procura'));
    const found = async (query: string) => {
      const { status, body } = await desk.author('GET', `/api/v1/policies/rules?${query}`);
      return { status, items: body['items'] as Record<string, unknown>[] };
    };
    const { items } = await found('text=POUCO%20tempo&limit=50');
    expect(items[0]).toMatchObject({ state: 'active', product: 'private_payroll', id: 'tempo-de-casa' });
    expect(items).toContainEqual(expect.objectContaining({ number: draft.number, state: 'draft' }));
    const { items: ofFgts } = await found('text=fgts&limit=50');
    expect(new Set(ofFgts.map(({ product }) => product))).toContain('fgts');
    expect((await found('text=pouco&limit=1')).items).toHaveLength(1);
    expect((await found('text=nenhuma%20regra%20assim')).items).toEqual([]);
    expect((await found('text=a')).status).toBe(422);
  });

  it('lets the second of two editors know that he is second', async () => {
    const draft = await desk.draft(policyNamed('Dois editores'));
    const save = (name: string, etag: string) =>
      desk.author('PUT', draft.path, { document: policyNamed(name) }, { 'if-match': etag });
    expect((await desk.author('PUT', draft.path, { document: policyNamed('y') })).status).toBe(428);
    expect((await save('Primeiro', draft.etag)).status).toBe(200);
    expect((await save('Segundo', draft.etag)).status).toBe(412);
    expect((await desk.author('GET', draft.path)).body).toMatchObject({ name: 'Primeiro' });
  });

  it('answers an invalid document with all its problems and saves none of it', async () => {
    const draft = await desk.draft(policyNamed('Antes'));
    const document = policyNamed('Depois', {
      limits: { amount: { minimum: 10, maximum: '5' }, installments: { minimum: 6, maximum: 48 } },
      rules: [
        { id: 'a', code: 'AGE', sentence: 'x', require: { field: 'borower_age', op: 'gte', value: 18 } },
      ],
    });
    const answer = await desk.author('PUT', draft.path, { document }, { 'if-match': draft.etag });
    expect(answer.status).toBe(422);
    expect(answer.body['errors']).toEqual(
      expect.arrayContaining([
        {
          path: 'rules[0].require.field',
          message: 'este campo não existe no dicionário',
          value: 'borower_age',
        },
        expect.objectContaining({ path: 'limits.amount.minimum', value: '10' }) as object,
        expect.objectContaining({ path: 'limits.minimum_margin' }) as object,
      ]),
    );
    expect((await desk.author('POST', '/api/v1/policies/check', { document })).status).toBe(422);
    expect((await desk.author('GET', draft.path)).body).toMatchObject({
      name: 'Antes',
      hash: draft.etag.replaceAll('"', ''),
    });
  });

  it('names the fields and operators that a policy is made of', async () => {
    const { status, body } = await desk.author('GET', '/api/v1/policies/dictionary');
    expect(status).toBe(200);
    expect(body['fields']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'tenure_months', type: 'integer', unit: 'meses', personal: false }),
        expect.objectContaining({ name: 'borrower_cpf', personal: true }),
        expect.objectContaining({
          name: 'running_leave_codes',
          codes: expect.arrayContaining([expect.objectContaining({ code: '15' })]) as unknown,
        }),
      ]),
    );
    expect(body['operators']).toEqual(
      expect.arrayContaining([
        { name: 'between', types: expect.any(Array) as unknown, operand: 'range', words: '{x}' },
      ]),
    );
  });

  it('lets an author of values change cells and limits, and nothing else', async () => {
    const created = await desk.valueAuthor('POST', '/api/v1/policies', { based_on: 1 });
    const path = `/api/v1/policies/${String(created.body['number'])}`;
    const match = { 'if-match': String(created.headers['etag']) };
    const document = created.body['document'] as ReturnType<typeof policyNamed>;
    const limits = { ...(document['limits'] as object), minimum_margin: '77.00' };
    const [first, ...others] = document['rules'] as object[];
    const rules = [{ ...first, severity: 'flag' }, ...others];
    expect((await desk.valueAuthor('PUT', path, { document }, match)).status).toBe(403);
    expect(
      await desk.valueAuthor('PUT', `${path}/values`, { document: { ...document, limits, rules } }, match),
    ).toMatchObject({ status: 403, body: { paths: ['rules[elegivel-qi].severity'] } });
    const saved = await desk.valueAuthor(
      'PUT',
      `${path}/values`,
      { document: { ...document, limits } },
      match,
    );
    expect(saved).toMatchObject({ status: 200, body: { findings: expect.any(Array) as unknown } });
    expect((await desk.author('GET', `${path}/diff`)).body['changes']).toEqual([
      { path: 'limits.minimum_margin', kind: 'changed', before: '50', after: '77' },
    ]);
  });

  it('runs the test cases on every save, and hands in nothing that fails them', async () => {
    const cases = [{ name: 'nada se sabe', on: '2026-08-18', facts: {}, expect: { outcome: 'accept' } }];
    const created = await desk.author('POST', '/api/v1/policies', {});
    const path = `/api/v1/policies/${String(created.body['number'])}`;
    const saved = await desk.author(
      'PUT',
      path,
      { document: policyNamed('Casos', { test_cases: cases }) },
      { 'if-match': String(created.headers['etag']) },
    );
    expect(saved).toMatchObject({ status: 200, body: { tests: [{ name: 'nada se sabe', passed: false }] } });
    const submitted = await desk.author('POST', `${path}/submit`);
    expect(submitted.status).toBe(409);
    expect(codesOf(submitted.body)).toEqual(['test_case']);
  });

  it('refuses to activate what has come to fail since it was approved, naming everything at once', async () => {
    const approvedAsItStands = async (document: string) => {
      const hash = createHash('sha256').update(document).digest('hex');
      const [row] = await world.dataSource.query<{ number: number }[]>(
        `INSERT INTO policy_version (hash, document, state, authors, approver, created_at, changed_at, approved_at)
         VALUES ($1, $2, 'approved', ARRAY['a'], 'b', now(), now(), now()) RETURNING number`,
        [hash, document],
      );
      return `/api/v1/policies/${String(row?.number)}`;
    };
    const typo = policyNamed('Campo errado', {
      rules: [{ id: 'a', code: 'AGE', sentence: 'x', require: { field: 'idade', op: 'gte', value: 18 } }],
    });
    const mistyped = policyNamed('Tipo errado', {
      rules: [
        { id: 'a', code: 'AGE', sentence: 'x', require: { field: 'borrower_age', op: 'gte', value: '18' } },
      ],
    });
    const brokenCel = policyNamed('CEL errado', {
      rules: [{ id: 'a', code: 'AGE', sentence: 'x', require: { cel: 'borrower_age >=' } }],
    });
    for (const document of [typo, mistyped, brokenCel, policyNamed('Outro endereço')]) {
      const answer = await desk.activate(await approvedAsItStands(JSON.stringify(document)));
      expect(answer.status).toBe(409);
      expect(codesOf(answer.body)).toEqual(['unreadable', 'backtest_missing']);
    }
    expect(await activeNumber()).toBe(1);
  });

  it('looks at versions for longer than a transaction may be silent, and holds nobody up meanwhile', async () => {
    const [draft, approved, ready] = await Promise.all([
      desk.draft(policyNamed('Longa a entregar')),
      desk.approved(policyNamed('Longa a agendar')),
      desk.approved(policyNamed('Longa a ativar')),
    ]);
    for (const { etag } of [approved, ready]) await desk.backtested(etag);
    lookingUntil(setTimeout(4_500));
    const answers = await Promise.all([
      desk.author('POST', `${draft.path}/submit`),
      desk.approver('POST', `${approved.path}/schedule`, { activate_at: '2100-01-01T00:00:00Z' }),
      desk.activate(ready.path),
    ]);
    jest.restoreAllMocks();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await desk.activate('/api/v1/policies/1');
  });

  it('hands in no content but what was looked at', async () => {
    const draft = await desk.draft(policyNamed('Olhada'));
    let goOn: (() => void) | undefined;
    const looking = lookingUntil(new Promise<void>((resolve) => (goOn = resolve)));
    const looks = (count: number) =>
      waitFor('the look', () => Promise.resolve(looking.mock.calls.length >= count ? true : undefined));
    const submitting = desk.author('POST', `${draft.path}/submit`);
    await looks(1);
    const changed = { document: policyNamed('Olhada', { description: 'mudada' }) };
    const saving = desk.author('PUT', draft.path, changed, { 'if-match': draft.etag });
    await looks(2);
    goOn?.();
    expect(await saving).toMatchObject({ status: 200 });
    expect((await submitting).status).toBe(412);
    expect((await desk.author('GET', draft.path)).body).toMatchObject({ state: 'draft' });
  });

  it('hands in and throws away what was read, where that is said', async () => {
    const draft = await desk.draft(policyNamed('Lida'));
    const changed = { document: policyNamed('Lida', { description: 'mudada por outra pessoa' }) };
    const read = { 'if-match': draft.etag };
    const { headers } = await desk.author('PUT', draft.path, changed, read);
    expect((await desk.author('POST', `${draft.path}/submit`, {}, read)).status).toBe(412);
    expect((await desk.author('DELETE', draft.path, undefined, read)).status).toBe(412);
    const now = { 'if-match': String(headers['etag']) };
    expect((await desk.author('DELETE', draft.path, undefined, now)).status).toBe(204);
  });

  it('lets bidding be stopped while a draft that was just saved is looked at', async () => {
    const { body, headers } = await desk.author('POST', '/api/v1/policies', {});
    let goOn: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const looking = lookingUntil(held);
    const saving = desk.author(
      'PUT',
      `/api/v1/policies/${String(body['number'])}`,
      { document: policyNamed('Longa a gravar') },
      { 'if-match': String(headers['etag']) },
    );
    await waitFor('the look', () => Promise.resolve(looking.mock.calls.length > 0 ? true : undefined));
    const engaged = await Promise.race([
      desk.approver('POST', '/api/v1/kill-switch/engage', { reason: 'teste' }),
      setTimeout(2_000, undefined, { ref: false }),
    ]);
    goOn?.();
    expect(engaged).toMatchObject({ status: 200 });
    expect(await saving).toMatchObject({ status: 200, body: { tests: expect.any(Array) as unknown[] } });
  });

  it('activates at the time set for it', async () => {
    const { path, etag, number } = await desk.approved(policyNamed('Agendada'));
    const schedule = (at: Date) =>
      desk.approver('POST', `${path}/schedule`, { activate_at: at.toISOString() });
    const later = new Date(Date.now() + HOUR_MS);
    expect((await schedule(later)).status).toBe(409);
    await desk.backtested(etag);
    expect((await schedule(later)).body).toMatchObject({
      state: 'scheduled',
      activate_at: later.toISOString(),
    });
    const unschedule = (activate_at: Date) =>
      desk.approver('POST', `${path}/unschedule`, { reason: 'não', activate_at });
    expect(await unschedule(new Date(later.getTime() - 1))).toMatchObject({
      status: 412,
      body: { type: 'urn:arremate:problem:changed_meanwhile' },
    });
    expect((await unschedule(later)).body).toMatchObject({
      state: 'approved',
      activate_at: null,
    });
    expect((await schedule(new Date(Date.now() + 1_500))).status).toBe(200);
    expect(await activeNumber()).toBe(1);
    await waitFor('the scheduled activation', async () =>
      (await activeNumber()) === number ? true : undefined,
    );
    await desk.activate('/api/v1/policies/1');
  });

  it('activates at the time set for it although the one before cannot be', async () => {
    const prepared = async (name: string) => {
      const version = await desk.approved(policyNamed(name));
      await desk.backtested(version.etag);
      return version;
    };
    const [odd, next] = [await prepared('Ilegível'), await prepared('Seguinte')];
    const undo = await refuseRow(world.asOwner, {
      table: 'policy_activation',
      column: 'number',
      value: String(odd.number),
    });
    for (const { path } of [odd, next])
      await desk.approver('POST', `${path}/schedule`, {
        activate_at: new Date(Date.now() + 1_000).toISOString(),
      });
    await waitFor('the one after it', async () =>
      (await activeNumber()) === next.number ? true : undefined,
    );
    await undo();
    await desk.approver('POST', `${odd.path}/unschedule`, { reason: 'não' });
    await desk.activate('/api/v1/policies/1');
  });

  it('reaches every process within two seconds', async () => {
    const other = await createAccessWorld({
      DATABASE_URL: asService(world.databaseUrl),
      ARREMATE_ENCRYPTION_KEY: KEY,
    });
    try {
      const { path, etag, number } = await desk.approved(policyNamed('Em todos'));
      await desk.backtested(etag);
      const elsewhere = other.app.get(ActivePolicy);
      await elsewhere.refresh();
      await desk.activate(path);
      const since = performance.now();
      await waitFor('the other process to switch', () =>
        elsewhere.current().version === String(number) ? true : undefined,
      );
      expect(performance.now() - since).toBeLessThan(2_000);

      // Nobody listens any more: what is missed is found by looking, and then there are listeners again.
      const listeners = `FROM pg_stat_activity WHERE application_name = 'arremate-policy' AND datname = current_database()`;
      await world.asOwner(`SELECT pg_terminate_backend(pid) ${listeners}`);
      await desk.activate('/api/v1/policies/1');
      await waitFor('the other process to switch back', () =>
        elsewhere.current().version === '1' ? true : undefined,
      );
      await waitFor('two listeners', async () => {
        const rows = await world.asOwner(`SELECT ${listeners}`);
        return rows.length === 2 ? true : undefined;
      });
    } finally {
      await other.close();
    }
  });

  it('decides, and starts, although a shadow cannot be read', async () => {
    const document = JSON.stringify(
      policyNamed('Sombra ilegível', {
        rules: [{ id: 'a', code: 'AGE', sentence: 'x', require: { field: 'idade', op: 'gte', value: 18 } }],
      }),
    );
    const hash = createHash('sha256').update(document).digest('hex');
    await world.dataSource.query(
      `INSERT INTO policy_version (hash, document, state, authors, approver, created_at, changed_at, approved_at, shadow)
       VALUES ($1, $2, 'approved', ARRAY['a'], 'b', now(), now(), now(), true)`,
      [hash, document],
    );
    const other = await createAccessWorld({
      DATABASE_URL: asService(world.databaseUrl),
      ARREMATE_ENCRYPTION_KEY: KEY,
    });
    const policies = other.app.get(ActivePolicy);
    await policies.refresh();
    expect([policies.current().version, policies.shadows()]).toEqual(['1', []]);
    await other.close();
    await world.dataSource.query(`UPDATE policy_version SET shadow = false WHERE hash = $1`, [hash]);
  });

  it('goes on deciding by what was put in force before it was refused, and lets nobody put it there again', async () => {
    const { pricing } = policyNamed('x') as { pricing: object };
    const rebates = [{ fee_type: 'spread', amount_type: 'absolute', amount: '12.345' }];
    const stored = parseStored(policyNamed('De antes', { pricing: { ...pricing, rebates } }));
    if (stored.kind === 'invalid') throw new Error(JSON.stringify(stored.problems));
    const hash = policyHash(stored.policy, new Map());
    const [row] = await world.dataSource.query<{ number: number }[]>(
      `INSERT INTO policy_version (hash, document, state, authors, approver, created_at, changed_at, approved_at)
       VALUES ($1, $2, 'approved', ARRAY['a'], 'b', now(), now(), now()) RETURNING number`,
      [hash, canonicalPolicy(stored.policy)],
    );
    await world.dataSource.query(`UPDATE policy_version SET state = 'retired' WHERE state = 'active'`);
    await world.dataSource.query(`UPDATE policy_version SET state = 'active' WHERE hash = $1`, [hash]);

    const other = await createAccessWorld({
      DATABASE_URL: asService(world.databaseUrl),
      ARREMATE_ENCRYPTION_KEY: KEY,
    });
    expect(other.app.get(ActivePolicy).current().compiled.hash).toBe(hash);
    await other.close();

    const path = `/api/v1/policies/${String(row?.number)}`;
    expect((await desk.author('GET', `${path}/examination`)).body).toMatchObject({
      findings: [{ severity: 'error', path: 'pricing.rebates[0].amount' }],
    });
    expect((await desk.activate('/api/v1/policies/1')).status).toBe(200);
    const back = await desk.activate(path);
    expect([back.status, codesOf(back.body)]).toEqual([409, ['finding']]);
  });

  it('finds the compiled form of any stored version, and nothing for a hash nobody knows', async () => {
    const policies = world.app.get(ActivePolicy);
    const { number, etag } = await desk.approved(policyNamed('Por endereço'));
    expect(await policies.byHash(etag.replaceAll('"', ''))).toMatchObject({ version: String(number) });
    expect(await policies.byHash('0'.repeat(64))).toBeUndefined();
  });

  it('decides by the number of what is in force, although a draft of the same words was tried here before', async () => {
    const policies = world.app.get(ActivePolicy);
    const tried = await desk.draft(policyNamed('Tentada antes'));
    const hash = tried.etag.replaceAll('"', '');
    expect(await policies.byHash(hash)).toMatchObject({ version: String(tried.number) });
    const copy = await desk.author('POST', '/api/v1/policies', { based_on: tried.number });
    const path = `/api/v1/policies/${String(copy.body['number'])}`;
    await desk.author('POST', `${path}/submit`);
    expect(await policies.byHash(hash)).toMatchObject({ version: String(copy.body['number']) });
    await desk.approver('POST', `${path}/approve`, undefined, { 'if-match': tried.etag });
    await desk.backtested(tried.etag);
    expect((await desk.activate(path)).status).toBe(200);
    expect(policies.current().version).toBe(String(copy.body['number']));
    await desk.activate('/api/v1/policies/1');
  });

  it('carries a section of another product from draft to force, and judges by it', async () => {
    const { products: sections, test_cases: cases, ...auctionsOnly } = policyNamed('Produtos');
    const products = sections as Record<string, { pricing: object; rules: object[] }>;
    const test_cases = (cases as { product?: string }[]).filter(({ product }) => product !== undefined);
    const bare = await desk.draft(auctionsOnly);
    const match = { 'if-match': bare.etag };
    const wrong = { ...products.fgts, rules: [{ ...products.fgts?.rules[0], require: MARGIN_IS_KNOWN }] };
    const refused = await desk.author(
      'PUT',
      bare.path,
      { document: { ...auctionsOnly, products: { fgts: wrong } } },
      match,
    );
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'products.fgts.rules[0].require.field' }] },
    });
    const document = { ...auctionsOnly, products, test_cases };
    expect((await desk.valueAuthor('PUT', `${bare.path}/values`, { document }, match)).status).toBe(403);
    const checked = await desk.author('POST', '/api/v1/policies/check', { document });
    expect(checked.body).toMatchObject({ findings: [] });

    const { path, etag } = await desk.approved(document);
    const { changes } = (await desk.author('GET', `${path}/diff?against=${String(bare.number)}`)).body as {
      changes: { path: string; kind: string }[];
    };
    expect(changes).toContainEqual(expect.objectContaining({ path: 'products', kind: 'added' }));
    await desk.backtested(etag);
    expect(await desk.activate(path)).toMatchObject({ status: 200 });
    const judged = judgeRequest('fgts', GOOD_WORKER, {
      policy: world.app.get(ActivePolicy).current(),
      now: new Date('2026-11-27T12:00:00Z'),
      caps: { rate: undefined, installments: undefined },
    });
    expect(judged).toMatchObject({
      outcome: 'eligible',
      policy: { hash: etag.replaceAll('"', '') },
      feeTables: [{ id: 'padrao' }, { id: 'com-tarifa' }],
    });
    expect((await desk.activate('/api/v1/policies/1')).status).toBe(200);
  });

  it('leaves an audit trail of every step that holds', async () => {
    const actions = await world.dataSource.query<{ action: string }[]>(
      `SELECT DISTINCT action FROM audit_event WHERE action LIKE 'policy.%'`,
    );
    expect(actions.map(({ action }) => action).sort()).toEqual([
      'policy.activated',
      'policy.approved',
      'policy.created',
      'policy.discarded',
      'policy.renamed',
      'policy.rolled_back',
      'policy.saved',
      'policy.scheduled',
      'policy.submitted',
      'policy.unscheduled',
    ]);
    expect(await verifyAuditTrail(world.dataSource, world.app.get(AuditSeals))).toMatchObject({
      kind: 'intact',
    });
  });
});
