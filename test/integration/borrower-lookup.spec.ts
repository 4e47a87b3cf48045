import { engineFile } from '../support/engine-file';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

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
  const sent = async (token: string, path: string, lines: readonly string[]) => {
    const answer = await world.app.inject({
      method: 'POST',
      url: `${LISTS}${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      payload: lines.join('\n'),
    });
    return answer.json<Record<string, unknown>>();
  };
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
  const stored = await sent(author, `?source=x&confirm_removal=true&${against}`, [listed]);
  expect(stored['imported']).toMatchObject({ added: null, removed: null });
  expect(await sent(analystToo, `/preview?${against}`, [listed])).toMatchObject({ added: 0, removed: 1 });
  // What employs nobody in particular is compared for everybody.
  const roots = await sent(author, '?field=employer_root&source=x', ['29113956']);
  expect(
    await sent(author, `/preview?field=employer_root&against=${String(roots['sha256'])}`, ['29113956']),
  ).toMatchObject({ added: 0, removed: 0 });
});
