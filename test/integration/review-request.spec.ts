import { randomUUID } from 'node:crypto';
import { newCpf, proposalRequest } from '../support/webhooks';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

describe('a review that a borrower asks for', () => {
  let world: AccessWorld;
  let analyst: Call;
  let operator: Call;
  const key = randomUUID();
  const path = `/api/v1/auctions/${key}/review-request`;
  beforeAll(async () => {
    world = await createAccessWorld();
    analyst = world.as(await world.tokenFor('analyst'));
    operator = world.as(await world.tokenFor('operator'));
    const request = proposalRequest({ key, cpf: newCpf(), facts: { eligible: false } });
    expect((await world.call('POST', '/webhooks/qi', request)).status).toBe(200);
    await waitFor('the decision', async () => {
      const { body } = await analyst('GET', `/api/v1/auctions/${key}`);
      return body['decision'] ? true : undefined;
    });
  });
  afterAll(() => world.close());

  const tasks = async () => {
    const { body } = await operator('GET', '/api/v1/tasks?kind=human_review');
    return body['items'] as Record<string, unknown>[];
  };

  it('waits in the work queue, with who asked and why in the audit trail; once, while it is open', async () => {
    const reason = 'diz que ainda trabalha na empresa';
    expect((await analyst('POST', path, { reason })).status).toBe(204);
    expect(await tasks()).toEqual([
      expect.objectContaining({
        issuer_proposal_request_key: key,
        message: expect.stringContaining(reason) as string,
      }),
    ]);
    const { body } = await world.as(MASTER)('GET', '/api/v1/audit?action=review.requested');
    expect(body['items']).toEqual([
      expect.objectContaining({
        actor: expect.stringMatching(/^token:/) as string,
        subject: `auction ${key}`,
        reason,
      }),
    ]);
    expect(await analyst('POST', path, { reason: 'de novo' })).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/:review_open$/) as string },
    });
    expect(await tasks()).toHaveLength(1);
  });

  it('is over when somebody writes what it came to, and not before; then it may be asked for again', async () => {
    const [task] = await tasks();
    const resolve = `/api/v1/tasks/${String(task?.['id'])}/resolve`;
    expect(await operator('POST', resolve, {})).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'note' }] },
    });
    expect((await operator('POST', resolve, { note: 'A recusa está certa; respondido.' })).status).toBe(200);
    expect(await tasks()).toEqual([]);
    expect((await analyst('POST', path, { reason: 'discorda' })).status).toBe(204);
  });

  it.each([[undefined], [{}], [{ reason: ' ' }], [{ reason: 'x'.repeat(1_001) }], [{ reason: 'a\0' }]])(
    'needs a reason: not %j',
    async (body) => {
      expect((await analyst('POST', path, body)).status).toBe(422);
    },
  );

  it('is of a refusal, and told as one, where a rule asked for a person whom an auction does not have', async () => {
    const path = `/api/v1/auctions/${key}`;
    const { reasons } = (await analyst('GET', path)).body['decision'] as { reasons: { message: string }[] };
    await world.asOwner(
      `UPDATE decision SET reasons = replace(reasons::text, '"decline"', '"review"')::jsonb WHERE auction_key = '${key}'`,
    );
    const told = (await analyst('GET', `${path}/explanation`)).body['paragraphs'] as string[];
    expect(told).toEqual(expect.arrayContaining(reasons.map(({ message }) => `– ${message}`)));
    expect(told.join(' ')).not.toContain('aprovado');
  });

  it.each([
    ['open', undefined, 'awaited', 'O pedido ainda não foi decidido.', 'no_decision'],
    ['missed', undefined, 'never_made', 'O pedido não chegou a ser decidido.', 'no_decision'],
    ['lost', '7', 'archived', 'A decisão é antiga e está no arquivo.', 'archived'],
  ])(
    'is not for an auction that is %s, of policy %s, whose decision is %s',
    async (status, policy, why, words, type) => {
      const undecided = `undecided-${why}`;
      await leaveUndecided(undecided, status, policy);
      const auction = `/api/v1/auctions/${undecided}`;
      expect((await analyst('GET', auction)).body).toMatchObject({ decision: null, no_decision: why });
      const explanation = (await analyst('GET', `${auction}/explanation`)).body['paragraphs'];
      expect((explanation as string[]).at(-1)).toBe(words);
      const refused = { status: 409, body: { type: expect.stringMatching(`:${type}$`) as string } };
      expect(await analyst('POST', `${auction}/review-request`, { reason: 'x' })).toMatchObject(refused);
      expect(await analyst('GET', `${auction}/replay`)).toMatchObject(refused);
    },
  );

  /** @param policy that a decision was counted under: it is in the archive */
  async function leaveUndecided(undecided: string, status: string, policy: string | undefined) {
    await world.asOwner(
      `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
         personal_ciphertext)
       SELECT '${undecided}', max(id), '${status}', now(), '', '' FROM webhook_event;
       INSERT INTO history_fact (key, received_at, day, hour, product, status, policy_version)
       VALUES ('${undecided}', now(), now(), 9, 'private_payroll', '${status}', ${policy ?? 'NULL'})`,
    );
  }

  it('is not for an auction that does not exist', async () => {
    const nowhere = `/api/v1/auctions/${randomUUID()}/review-request`;
    expect((await analyst('POST', nowhere, { reason: 'x' })).status).toBe(404);
  });
});
