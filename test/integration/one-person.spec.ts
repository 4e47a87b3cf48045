import { randomUUID } from 'node:crypto';
import { browserOf, newPerson } from '../support/people';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const ROLES = ['operator', 'operations_approver', 'policy_author', 'policy_approver'] as const;

describe('a person and the tokens that they answer for', () => {
  let world: AccessWorld;
  let ana: Call;
  /** Kept by Ana; by somebody else. */
  let script: Call;
  let other: Call;
  beforeAll(async () => {
    world = await createAccessWorld({ ARREMATE_ROLE: 'web' });
    const tokenOf = async (keeper: string): Promise<Call> => {
      const given = { name: 'script', roles: ROLES, keeper };
      const { body } = await world.master('POST', '/api/v1/tokens', given);
      return world.as(String(body['token']));
    };
    ana = browserOf(world, await (await newPerson(world, 'ana', ...ROLES)).signIn());
    await newPerson(world, 'rui', ...ROLES);
    script = await tokenOf('ana');
    other = await tokenOf('rui');
  });
  afterAll(() => world.close());

  const actorOf = async (call: Call) => String((await call('GET', '/api/v1/session')).body['actor']);
  const NO = { status: 403, body: { type: 'urn:arremate:problem:second_person_needed' } };

  it('do not let bidding go on by themselves, though a token of somebody else does', async () => {
    await ana('POST', '/api/v1/kill-switch/engage', { reason: 'preço errado' });
    const asked = await ana('POST', '/api/v1/kill-switch/release', { reason: 'corrigido' });
    const decide = (call: Call, verb: string) =>
      call('POST', `/api/v1/approvals/${String(asked.body['approval_id'])}/${verb}`);
    expect(await decide(script, 'approve')).toMatchObject(NO);
    expect(await decide(script, 'reject')).toMatchObject(NO);
    expect((await ana('GET', '/api/v1/kill-switch')).body).toMatchObject({ engaged: true });
    expect(await decide(other, 'approve')).toMatchObject({ status: 200 });
  });

  it('do not go back to learned rates by themselves, whichever of them asks', async () => {
    const say = (call: Call, way: string) => call('POST', `/api/v1/rate-models/${way}`, { reason: 'teste' });
    await say(ana, 'return');
    await say(script, 'resume');
    expect(await say(ana, 'resume/approve')).toMatchObject(NO);
    expect(await say(other, 'resume/approve')).toMatchObject({ status: 204 });
  });

  it('do not approve what one of them wrote', async () => {
    const desk = await PolicyDesk.in(world);
    const { path, etag } = await desk.draft(policyNamed('De um token'), script);
    await script('POST', `${path}/submit`);
    const approve = (call: Call) => call('POST', `${path}/approve`, undefined, { 'if-match': etag });
    expect(await approve(ana)).toMatchObject(NO);
    expect(await approve(other)).toMatchObject({ status: 200 });
  });

  it('do not let a proposal through that one of them opened', async () => {
    const opened = await script('POST', '/api/v1/proposals', { product: 'fgts', document_number: newCpf() });
    const id = String(opened.body['proposal_id']);
    await world.asOwner(`DELETE FROM proposal_command`);
    await world.asOwner(`UPDATE proposal SET status = 'in_review'`);
    const clear = (call: Call) =>
      call('POST', `/api/v1/proposals/${id}/clear_review`, { reason: 'Conferido' });
    expect((await ana('GET', `/api/v1/proposals/${id}`)).body).toMatchObject({ review_is_own: true });
    expect(await clear(ana)).toMatchObject(NO);
    expect((await other('GET', `/api/v1/proposals/${id}`)).body).toMatchObject({ review_is_own: false });
  });

  it('are one person to the database too', async () => {
    const [person, token, somebody] = await Promise.all([ana, script, other].map(actorOf));
    const sql = world.dataSource;
    const approval = randomUUID();
    await sql.query(
      `INSERT INTO approval (id, action, reason, status, requested_by, requested_at)
       VALUES ($1, 'release_kill_switch', 'x', 'pending', $2, now())`,
      [approval, person],
    );
    const decide = (by: unknown) =>
      sql.query(
        `UPDATE approval SET status = 'approved', decided_by = $2, decided_at = now() WHERE id = $1`,
        [approval, by],
      );
    await expect(decide(token)).rejects.toThrow('one person');
    await decide(somebody);
    const change = randomUUID();
    await sql.query(
      `INSERT INTO qi_filter_change (id, kind, status, body, reason, policy_version, policy_hash, proposed_by, proposed_at)
       VALUES ($1, 'change', 'proposed', '{}', 'x', '1', 'x', $2, now())`,
      [change, token],
    );
    const send = (by: unknown) =>
      sql.query(
        `UPDATE qi_filter_change SET status = 'unknown', sent_by = $2, sent_at = now() WHERE id = $1`,
        [change, by],
      );
    await expect(send(person)).rejects.toThrow('one person');
    await send(somebody);
    const [version] = await sql.query<{ number: number }[]>(
      `INSERT INTO policy_version (hash, document, state, authors, created_at, changed_at, submitted_at)
       SELECT repeat('0', 64), document, 'in_review', ARRAY[$1], now(), now(), now() FROM policy_version WHERE number = 1 RETURNING number`,
      [token],
    );
    const approve = (by: unknown) =>
      sql.query(
        `UPDATE policy_version SET state = 'approved', approver = $2, approved_at = now() WHERE number = $1`,
        [version?.number, by],
      );
    await expect(approve(person)).rejects.toThrow('one person');
    await approve(somebody);
  });
});
