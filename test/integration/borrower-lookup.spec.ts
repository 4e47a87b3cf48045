import { createHash } from 'node:crypto';
import { PolicyLists } from '../../src/policy/policy-lists.service';
import { engineFile } from '../support/engine-file';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';
import { policyNamed } from './policy-world';

const MOST = 3;
const LISTS = '/api/v1/policies/lists';

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld({
    ARREMATE_ENGINE_FILE: engineFile({ access: { borrower_lookups_an_hour: MOST } }),
  });
});
afterAll(() => world.close());

const lookUp = (as: Call, text: string) => as('POST', '/api/v1/history/lookup', { text });
const lookups = async () =>
  (await world.master('GET', '/api/v1/audit?action=personal_data.looked_up')).body['items'] as Record<
    string,
    unknown
  >[];

async function sent(token: string, path: string, lines: readonly string[]) {
  const answer = await world.app.inject({
    method: 'POST',
    url: `${LISTS}${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    payload: lines.join('\n'),
  });
  return answer.json<Record<string, unknown>>();
}

it('what a mask hides cannot be guessed: a CPF leads on only those who may see it, who are counted and recorded', async () => {
  const cpf = newCpf();
  const viewer = world.as(await world.tokenFor('viewer', 'policy_author', 'auditor', 'admin'));
  expect(await lookUp(viewer, cpf)).toMatchObject({
    status: 403,
    body: { permission: 'personal_data.reveal' },
  });
  expect(await lookUp(viewer, '11222333000181')).toMatchObject({ status: 200, body: { kind: 'employer' } });
  expect((await lookUp(viewer, '5eed0000')).status).toBe(404);
  expect(await lookups()).toEqual([]);

  const analyst = world.as(await world.tokenFor('analyst'));
  const looks = Array.from({ length: MOST + 2 }, () => lookUp(analyst, cpf));
  const answers = await Promise.all(looks);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(3_500);
  expect((await lookUp(analyst, '5eed0000')).status).toBe(404);
  const recorded = await lookups();
  expect(recorded).toHaveLength(MOST);
  expect(JSON.stringify(recorded)).not.toContain(cpf);
  for (const { body } of answers)
    if (body['mark'] !== undefined) expect(JSON.stringify(recorded)).not.toContain(body['mark']);
  // Another is counted apart, and an hour later so is the same one again.
  const operator = world.as(await world.tokenFor('operator'));
  expect((await lookUp(operator, cpf)).status).toBe(200);
});

it('nobody who may not see them learns by a file who stands on a list of people', async () => {
  const [listed, other] = [newCpf(), newCpf()];
  const author = await world.tokenFor('policy_value_author');
  const analystToo = await world.tokenFor('policy_value_author', 'analyst');
  const { sha256 } = await sent(author, '?field=borrower_cpf&source=x', [listed, newCpf()]);
  const against = `field=borrower_cpf&against=${String(sha256)}`;
  const seen = await Promise.all([listed, other].map((cpf) => sent(author, `/preview?${against}`, [cpf])));
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]).toMatchObject({ added: null, removed: null, asks_for: 'confirm_removal' });
  const refused = await Promise.all(
    [listed, other].map((cpf) => sent(author, `?source=x&${against}`, [cpf])),
  );
  expect(refused[0]).toEqual(refused[1]);
  expect(refused[0]).toMatchObject({ flag: 'confirm_removal' });
  // Of few people whether much would go is who they are.
  const lone = await sent(author, '?field=borrower_cpf&source=x', [listed]);
  const place = `field=borrower_cpf&against=${String(lone['sha256'])}`;
  const sights = await Promise.all([listed, other].map((cpf) => sent(author, `/preview?${place}`, [cpf])));
  expect(sights[0]).toEqual(sights[1]);
  expect(sights[0]).toMatchObject({ asks_for: 'confirm_removal' });
  expect(await sent(analystToo, `/preview?${place}`, [listed])).toMatchObject({ asks_for: null });
  const stored = await sent(author, `?source=x&confirm_removal=true&${against}`, [listed]);
  expect(stored['imported']).toMatchObject({ added: null, removed: null });
  expect(await sent(analystToo, `/preview?${against}`, [listed])).toMatchObject({ added: 0, removed: 1 });
  // What employs nobody in particular is compared for everybody.
  const roots = await sent(author, '?field=employer_root&source=x', ['29113956']);
  expect(
    await sent(author, `/preview?field=employer_root&against=${String(roots['sha256'])}`, ['29113956']),
  ).toMatchObject({ added: 0, removed: 0 });
});

it('the address of a list of people tells nobody who stands on it, whatever files are tried', async () => {
  const listed = newCpf();
  const [author, other] = [
    await world.tokenFor('policy_value_author'),
    await world.tokenFor('policy_author'),
  ];
  const url = '?field=borrower_cpf&source=x';
  const one = await sent(author, url, [listed]);
  const bare = createHash('sha256').update(`${listed}\n`).digest('hex');
  expect(one).toMatchObject({ size: 1 });
  expect(one['sha256']).not.toBe(bare);
  expect(await sent(author, url, [listed])).toMatchObject({ sha256: one['sha256'], size: 1 });
  expect((await sent(other, url, [listed]))['sha256']).not.toBe(one['sha256']);

  const list = await world.app.get(PolicyLists).load(String(one['sha256']));
  expect([listed, newCpf()].map((cpf) => list.has(cpf))).toEqual([true, false]);
  const analyst = world.as(await world.tokenFor('analyst'));
  const exported = await analyst('POST', `/api/v1/policies/lists/${String(one['sha256'])}/export`, {
    reason: 'x',
  });
  expect(exported.body['text']).toBe(`'${listed}\n`);
});

describe('a policy with a list of people', () => {
  const POLICIES = '/api/v1/policies';
  const PERIOD = { received_from: '2020-01-01T00:00:00Z', received_before: '2030-01-01T00:00:00Z' };
  const INVENTED = '11144477735';
  const OF_SEED = '00737823780';
  const BLOCKED = { name: 'vigiados', of: 'borrower_cpf', label: 'Vigiados' };
  const COMPANIES = { name: 'vigiados', of: 'employer_document', label: 'Vigiados' };

  /** The product's own, with a list left outside, and a test case about somebody where facts are given. */
  const document = (list: object, facts?: object) => {
    const seed = policyNamed('Vigilante');
    const cases = seed['test_cases'] as object[];
    const about = { name: 'Alguém', on: '2026-08-18', facts, expect: { outcome: 'accept' } };
    return {
      ...seed,
      lists: [...(seed['lists'] as object[]), list],
      test_cases: facts === undefined ? cases : [about, ...cases],
    };
  };
  const refused = (path: string) => ({
    status: 403,
    body: { permission: 'personal_data.reveal', errors: [expect.objectContaining({ path })] as unknown },
  });
  let author: string;
  let as: Call;
  let seer: Call;
  let cpfs: Record<string, string>;
  beforeAll(async () => {
    author = await world.tokenFor('policy_author');
    as = world.as(author);
    seer = world.as(await world.tokenFor('policy_author', 'analyst'));
    const { sha256 } = await sent(author, '?field=borrower_cpf&source=x', [newCpf(), newCpf()]);
    cpfs = { [BLOCKED.name]: String(sha256) };
  });
  const save = async (by: Call, manuscript: object, path?: string) => {
    const draft = path ?? `${POLICIES}/${String((await as('POST', POLICIES, {})).body['number'])}`;
    const { headers } = await as('GET', draft);
    return { draft, ...(await by('PUT', draft, manuscript, { 'if-match': String(headers['etag']) })) };
  };

  it('is tried on a CPF of a test case only by those who may see it', async () => {
    const naming = { document: document(BLOCKED, { borrower_cpf: newCpf() }), lists: cpfs };
    expect(await as('POST', `${POLICIES}/check`, naming)).toMatchObject(refused('test_cases[Alguém]'));
    const { draft, ...unsaved } = await save(as, naming);
    expect(unsaved).toMatchObject(refused('test_cases[Alguém]'));
    const values = { 'if-match': String((await as('GET', draft)).headers['etag']) };
    expect((await as('PUT', `${draft}/values`, naming, values)).status).toBe(403);
    expect((await seer('POST', `${POLICIES}/check`, naming)).status).toBe(200);
    expect((await save(seer, naming, draft)).status).toBe(200);
    // What stands in a stored version is there to be read, and so is what comes of it.
    expect((await as('POST', `${POLICIES}/check`, naming)).status).toBe(200);
    expect((await as('GET', `${draft}/examination`)).status).toBe(200);
    expect((await save(as, { ...naming, document: { ...naming.document, name: 'X' } }, draft)).status).toBe(
      403,
    );
  });

  it('is tried by its authors on invented people, those of the version in force, and companies', async () => {
    for (const facts of [
      { borrower_cpf: INVENTED },
      { borrower_cpf: OF_SEED },
      { employer_document: '33000167000101' },
      {},
    ])
      expect(
        (await as('POST', `${POLICIES}/check`, { document: document(BLOCKED, facts), lists: cpfs })).status,
      ).toBe(200);
    const companies = await sent(author, '?field=employer_document&source=x', ['33000167000101']);
    const lists = { [BLOCKED.name]: String(companies['sha256']) };
    const naming = { document: document(COMPANIES, { borrower_cpf: newCpf() }), lists };
    const saved = await save(as, naming);
    expect(saved.status).toBe(200);
    expect((await as('POST', `${saved.draft}/backtests`, PERIOD)).status).toBe(202);
    // An employer may be a person.
    const people = await sent(author, '?field=employer_document&source=x', ['33000167000101', newCpf()]);
    const employers = { ...naming, lists: { [BLOCKED.name]: String(people['sha256']) } };
    expect(await as('POST', `${POLICIES}/check`, employers)).toMatchObject({ status: 403 });
  });

  it('is held against past requests only by those who may see them, until somebody has agreed to the list', async () => {
    const { draft, status } = await save(as, { document: document(BLOCKED), lists: cpfs });
    expect(status).toBe(200);
    expect(await as('POST', `${draft}/backtests`, PERIOD)).toMatchObject(refused('lists[vigiados]'));
    const beside = { ...PERIOD, against: Number(draft.split('/').at(-1)) };
    expect(await as('POST', `${POLICIES}/1/backtests`, beside)).toMatchObject(refused('lists[vigiados]'));
    expect((await seer('POST', `${draft}/backtests`, PERIOD)).status).toBe(202);

    const approver = world.as(await world.tokenFor('policy_approver'));
    expect((await as('POST', `${draft}/submit`)).status).toBe(200);
    expect((await approver('POST', `${draft}/backtests`, PERIOD)).status).toBe(403);
    const read = { 'if-match': String((await as('GET', draft)).headers['etag']) };
    expect((await approver('POST', `${draft}/approve`, undefined, read)).status).toBe(200);
    expect((await as('POST', `${draft}/backtests`, PERIOD)).status).toBe(202);
    expect((await as('POST', `${POLICIES}/1/backtests`, beside)).status).toBe(202);
  });
});
