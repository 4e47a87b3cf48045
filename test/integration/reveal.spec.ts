import { randomUUID } from 'node:crypto';
import { newCpf, proposalRequest } from '../support/webhooks';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

describe("a borrower's data", () => {
  let world: AccessWorld;
  let analyst: Call;
  const key = randomUUID();
  const cpf = newCpf();
  const path = `/api/v1/auctions/${key}/reveal`;
  beforeAll(async () => {
    world = await createAccessWorld();
    analyst = world.as(await world.tokenFor('analyst'));
    const facts = { name: 'Conceição Canário' };
    expect((await world.call('POST', '/webhooks/qi', proposalRequest({ key, cpf, facts }))).status).toBe(200);
    await waitFor('the auction', async () => {
      const { status } = await analyst('GET', `/api/v1/auctions/${key}`);
      return status === 200 ? true : undefined;
    });
  });
  afterAll(() => world.close());

  const revelations = async () => {
    const { body } = await world.as(MASTER)('GET', '/api/v1/audit?action=personal_data.revealed');
    return body['items'] as Record<string, unknown>[];
  };

  it('is masked until somebody gives a reason, which is recorded with what was seen', async () => {
    const masked = JSON.stringify((await analyst('GET', `/api/v1/auctions/${key}`)).body);
    expect(masked).not.toContain(cpf);
    expect(masked).not.toContain('Canário');
    const fields = ['document_number', 'document_number', 'name'];
    const revealed = await analyst('POST', path, { fields, reason: 'contato com o tomador' });
    expect(revealed).toMatchObject({
      status: 200,
      body: { values: { document_number: cpf, name: 'Conceição Canário' } },
      headers: { 'cache-control': 'no-store' },
    });
    expect(Object.keys(revealed.body['values'] as object)).toHaveLength(2);
    const [record] = await revelations();
    expect(record).toMatchObject({
      actor: expect.stringMatching(/^token:/) as string,
      subject: `auction ${key}`,
      reason: 'contato com o tomador',
      details: { fields: ['document_number', 'name'] },
    });
    expect(JSON.stringify(record)).not.toContain(cpf);
  });

  it('is masked in the explanation for the borrower too', async () => {
    const { status, body } = await analyst('GET', `/api/v1/auctions/${key}/explanation`);
    const text = (body['paragraphs'] as string[]).join(' ');
    expect([status, text]).toEqual([200, expect.stringContaining('C*** C***')]);
    expect(text).not.toContain(cpf);
  });

  it.each([
    [undefined],
    [{ fields: ['name'] }],
    [{ fields: ['name'], reason: '  ' }],
    [{ fields: [], reason: 'x' }],
    [{ fields: ['password'], reason: 'x' }],
    [{ fields: 'name', reason: 'x' }],
    [{ fields: ['name'], reason: 'a\0' }],
  ])('is not shown for %j, and nothing is recorded', async (body) => {
    const before = await revelations();
    expect((await analyst('POST', path, body)).status).toBe(422);
    expect(await revelations()).toEqual(before);
  });

  it('of an auction that does not exist is nobody’s', async () => {
    const nowhere = `/api/v1/auctions/${randomUUID()}/reveal`;
    expect((await analyst('POST', nowhere, { fields: ['name'], reason: 'x' })).status).toBe(404);
  });

  it('is not shown when it cannot be recorded', async () => {
    await world.asOwner(`ALTER TABLE audit_event ADD CONSTRAINT no_more CHECK (false) NOT VALID`);
    const answer = await analyst('POST', path, { fields: ['document_number'], reason: 'x' });
    await world.asOwner(`ALTER TABLE audit_event DROP CONSTRAINT no_more`);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain(cpf);
  });
});
