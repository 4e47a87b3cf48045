import { createAccessWorld, type AccessWorld } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const KEY = Buffer.alloc(32, 7).toString('base64');
const NAME = 'name';
const CAP = 'exposure.per_employer';

describe('the review of a policy', () => {
  let world: AccessWorld;
  let desk: PolicyDesk;
  beforeAll(async () => {
    world = await createAccessWorld({ ARREMATE_ENCRYPTION_KEY: KEY });
    desk = await PolicyDesk.in(world);
  });
  afterAll(() => world.close());

  const submitted = async (name: string, change_note?: string) => {
    const draft = await desk.draft(policyNamed(name));
    const body = change_note === undefined ? undefined : { change_note };
    expect((await desk.author('POST', `${draft.path}/submit`, body)).status).toBe(200);
    return { ...draft, match: { 'if-match': draft.etag } };
  };
  const approval = async (number: number) => {
    const [entry] = await world.dataSource.query<{ details: Record<string, string> }[]>(
      `SELECT details FROM audit_event WHERE action = 'policy.approved' AND subject = $1`,
      [`policy:${String(number)}`],
    );
    return entry?.details;
  };
  const review = async (path: string, call = desk.approver) => (await call('GET', `${path}/review`)).body;

  it('keeps when the approver was given the difference of exactly this content', async () => {
    const { number, path, match } = await submitted('Vista', 'Nome novo, a pedido do comitê.');
    expect(await review(path)).toMatchObject({
      change_note: 'Nome novo, a pedido do comitê.',
      opened: [],
      opened_by_you_at: null,
      approval: null,
    });
    expect((await desk.approver('GET', `${path}/diff`)).status).toBe(200);
    const { opened_by_you_at: at, opened } = await review(path);
    expect(opened).toEqual([{ actor: expect.any(String) as string, opened_at: at }]);
    expect(await review(path, desk.otherApprover)).toMatchObject({ opened_by_you_at: null });

    expect((await desk.approver('POST', `${path}/approve`, undefined, match)).status).toBe(200);
    expect(await approval(number)).toMatchObject({ difference_opened_at: at });
    expect(await review(path)).toMatchObject({ approval: { unseen: false } });
  });

  it('tells what a copy of an older version would undo, and counts no look at the difference from that one', async () => {
    const first = Number((await desk.author('GET', '/api/v1/policies/active')).body['number']);
    const { exposure } = policyNamed('') as { exposure: Record<string, unknown> };
    const capped = { exposure: { ...exposure, per_employer: '1500000' } };
    const ofAna = await desk.draft(policyNamed('Da Ana', capped));
    const ofBia = await submitted('Da Bia');
    await desk.author('POST', `${ofAna.path}/submit`);
    await desk.approver('POST', `${ofAna.path}/approve`, undefined, { 'if-match': ofAna.etag });
    await desk.approver('GET', `${ofBia.path}/diff`);
    expect(await review(ofBia.path)).toMatchObject({ opened: [{}] });
    const standing = async () => (await desk.approver('GET', `${ofBia.path}/standing`)).body;
    expect(await standing()).toEqual({ in_force: first, taken_back: [] });

    await desk.backtested(ofAna.etag);
    expect((await desk.activate(ofAna.path)).status).toBe(200);
    expect(await review(ofBia.path)).toMatchObject({ opened: [], opened_by_you_at: null });
    expect(await standing()).toMatchObject({
      in_force: ofAna.number,
      taken_back: [
        { path: CAP, before: '1500000', kind: 'changed' },
        { path: NAME, before: 'Da Ana', after: 'Da Bia' },
      ],
    });
    const said = { path: CAP, body: 'Isto sai?' };
    expect((await desk.approver('POST', `${ofBia.path}/comments`, said)).status).toBe(200);

    await desk.approver('GET', `${ofBia.path}/diff`); // since its origin: that is not what it would change
    expect(await review(ofBia.path)).toMatchObject({ opened_by_you_at: null });
    await desk.approver('GET', `${ofBia.path}/diff?against=${String(ofAna.number)}`);
    expect((await review(ofBia.path))['opened_by_you_at']).not.toBeNull();
    await desk.approver('POST', `${ofBia.path}/approve`, undefined, ofBia.match);
    await desk.backtested(ofBia.etag);
    await desk.activate(ofBia.path);
    expect(await review(ofBia.path)).toMatchObject({ opened: [{}], approval: { unseen: false } });
  });

  it('tells that a copy of what was left by going back would bring it back', async () => {
    const before = (await desk.author('GET', '/api/v1/policies/active')).body;
    const { exposure } = policyNamed('') as { exposure: Record<string, unknown> };
    const capped = { exposure: { ...exposure, per_employer: '1700000' } };
    const left = await desk.approved(policyNamed('Deixada', capped));
    await desk.backtested(left.etag);
    expect((await desk.activate(left.path)).status).toBe(200);
    const copy = await desk.draft(policyNamed('Cópia da deixada', capped));
    const standing = async () => (await desk.approver('GET', `${copy.path}/standing`)).body;
    expect(await standing()).toEqual({ in_force: left.number, taken_back: [] });

    expect((await desk.activate(`/api/v1/policies/${String(before['number'])}`)).status).toBe(200);
    expect(await standing()).toMatchObject({
      in_force: before['number'],
      taken_back: [{ path: CAP, after: '1700000', kind: 'changed' }, { path: NAME }],
    });
  });

  it('says so when it was approved by somebody who had not opened it', async () => {
    const { number, path, match } = await submitted('Às cegas');
    await desk.otherApprover('GET', `${path}/diff`);
    // Against itself nothing differs: that is no look.
    expect((await desk.approver('GET', `${path}/diff?against=${String(number)}`)).body['changes']).toEqual(
      [],
    );
    await desk.approver('POST', `${path}/approve`, undefined, match);
    await desk.approver('GET', `${path}/diff`);
    expect(await approval(number)).toMatchObject({ difference_opened_at: 'never' });
    expect(await review(path)).toMatchObject({ approval: { unseen: true } });
  });

  it('does not take the look at what was handed in before for one at what is handed in now', async () => {
    const { path, etag } = await submitted('Primeira', 'Primeira nota');
    await desk.approver('GET', `${path}/diff`);
    await desk.approver('POST', `${path}/send_back`, { reason: 'o nome' });
    await desk.author('PUT', path, { document: policyNamed('Segunda') }, { 'if-match': etag });
    await desk.approver('GET', `${path}/diff`); // still a draft
    await desk.author('POST', `${path}/submit`);
    expect(await review(path)).toMatchObject({ change_note: 'Primeira nota', opened: [] });
  });

  it('hands back what was read, and nothing that was handed in since', async () => {
    const { path, etag } = await submitted('Devolvida');
    const handBack = () =>
      desk.approver('POST', `${path}/send_back`, { reason: 'o nome' }, { 'if-match': etag });
    expect((await handBack()).status).toBe(200);
    const document = policyNamed('Corrigida');
    expect((await desk.author('PUT', path, { document }, { 'if-match': etag })).status).toBe(200);
    await desk.author('POST', `${path}/submit`);
    expect(await handBack()).toMatchObject({
      status: 412,
      body: { type: 'urn:arremate:problem:changed_meanwhile' },
    });
    expect((await desk.approver('GET', path)).body).toMatchObject({ state: 'in_review' });
  });

  it('holds comments by line, with answers, and tells which are about something that was changed', async () => {
    const { path, etag } = await submitted('Comentada');
    const said = await desk.approver('POST', `${path}/comments`, {
      path: NAME,
      body: ' Por que outro nome? ',
    });
    expect(said.body['comments']).toMatchObject([
      { path: NAME, body: 'Por que outro nome?', is_about_this_content: true, answers: [] },
    ]);
    const [{ id } = { id: '' }] = said.body['comments'] as { id: string }[];
    await desk.author('POST', `${path}/comments`, { answer_to: id, body: 'O comitê pediu.' });
    await desk.valueAuthor('POST', `${path}/comments`, { body: 'Da versão toda.' });
    await desk.approver('POST', `${path}/send_back`, { reason: 'veja o comentário' });
    await desk.author('PUT', path, { document: policyNamed('Renomeada') }, { 'if-match': etag });
    expect((await review(path))['comments']).toMatchObject([
      { path: NAME, is_about_this_content: false, answers: [{ body: 'O comitê pediu.' }] },
      { path: '', body: 'Da versão toda.' },
    ]);

    const refused = [
      { path: 'tables[nenhuma]', body: 'x' },
      { answer_to: '999999', body: 'x' },
      { path: NAME, body: ' ' },
      { path: NAME, body: 'x'.repeat(2_001) },
    ];
    for (const body of refused)
      expect((await desk.approver('POST', `${path}/comments`, body)).status).toBe(422);
    const viewer = world.as(await world.tokenFor('viewer'));
    expect((await viewer('POST', `${path}/comments`, { body: 'x' })).status).toBe(403);
    // A draft that is thrown away takes what was said of it along.
    expect((await desk.author('DELETE', path)).status).toBe(204);
  });
});
