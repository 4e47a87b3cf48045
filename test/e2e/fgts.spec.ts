import { setTimeout as pause } from 'node:timers/promises';
import { audit } from '../support/auditor';
import { accountOf, personOf } from '../support/borrower';
import { API_TOKEN } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import { cpf, nextBusinessDay, ProposalWorld } from './proposal-world';
import type { SandboxWorld } from './sandbox-world';

/** The sweep looks five times a second here. */
const SOME_SWEEPS_MS = 1_000;

/** Proposals of the anniversary withdrawal against a QI that plays Caixa too, over HTTP, from the balance to the money. */
let fgts: ProposalWorld;
let world: SandboxWorld;
beforeAll(async () => {
  // An answer that does not come is not waited for so long.
  fgts = await ProposalWorld.start({}, { QI_TIMEOUT_MS: '3000' });
  ({ world } = fgts);
});
afterAll(() => fgts.end());

/** What a test made QI object to on purpose, and whatever else it objects to. */
const provoked = new Set<string>();
const violations = () => world.sandbox.control.ledger().violations.filter(({ key }) => !provoked.has(key));

/** @returns what the contract disburses, and what QI has paid by its own receipts, to the cent */
async function loan(key: string) {
  const { body } = await world.service.get(`/api/v1/operations/${key}`);
  const { disbursed_issue_amount, paid_amount, product, origin } = body as Record<string, string | null>;
  return { owed: Number(disbursed_issue_amount).toFixed(2), paid: paid_amount, product, origin };
}

it('goes from a CPF to the money, and every figure is QI’s to the cent', async () => {
  const id = await fgts.open(cpf());
  const offered = await fgts.becomes(id, 'offered');
  expect(offered.balance?.active_contracts).toBe(0);
  expect(offered.simulations.length).toBeGreaterThan(1);
  for (const { figures, qi, differences } of offered.simulations) {
    expect({ figures: figures !== null, qi: qi !== null, differences }).toEqual({
      figures: true,
      qi: true,
      differences: [],
    });
  }
  await fgts.accept(id, offered);
  expect(await fgts.act(id, 'issue')).toMatchObject({ status: 202 });
  const { credit_operation_key: key } = await fgts.becomes(id, 'issued');
  await world.operationBecomes(key ?? '', 'disbursed');
  const { owed, paid, product, origin } = await loan(key ?? '');
  expect([owed, paid]).toEqual(Array(2).fill(offered.simulations[0]?.figures?.disbursed_issue_amount));
  expect([product, origin]).toEqual(['fgts', 'active']);
  // Nor is the debt taken for another one than was accepted.
  expect(await world.openTasks(key ?? '')).toEqual([]);
});

it('comes back by itself on the date that Caixa gave', async () => {
  const document = cpf();
  await fgts.plan(document, { balance: ['on_locked_date_range', 'success'] });
  const id = await fgts.open(document);
  const { failure } = await fgts.becomes(id, 'balance_failed');
  expect(failure?.retry_at).toMatch(/^\d{4}-\d\d-\d\dT11:00/);
  await world.sql.query(`UPDATE proposal SET retry_at = now() WHERE id = $1`, [id]);
  await fgts.becomes(id, 'offered');
});

it('asks again for a balance that QI never told', async () => {
  const document = cpf();
  await fgts.plan(document, { balance: ['never', 'success'] });
  const id = await fgts.open(document);
  await waitFor('QI to take the query', async () => {
    const { events } = await fgts.read(id);
    return events.some(({ kind }) => kind === 'balance_queried') ? true : undefined;
  });
  // Long ago: asked, but answered just now; then both.
  await world.sql.query(`UPDATE proposal SET status_since = now() - interval '61 minutes' WHERE id = $1`, [
    id,
  ]);
  await pause(SOME_SWEEPS_MS);
  expect(await fgts.read(id)).toMatchObject({ status: 'querying' });
  await world.sql.query(
    `UPDATE proposal_command SET settled_at = now() - interval '61 minutes' WHERE proposal_id = $1`,
    [id],
  );
  const { failure } = await fgts.becomes(id, 'balance_failed');
  expect(failure?.code).toBe('balance_overdue');
  expect(failure?.retry_at).not.toBeNull();
  await world.sql.query(`UPDATE proposal SET retry_at = now() WHERE id = $1`, [id]);
  await fgts.becomes(id, 'offered');
  const [objection, ...others] = violations();
  expect([objection?.kind, others]).toEqual(['query_while_pending', []]);
  provoked.add(objection?.key ?? '');
});

it('lets an accepted offer that was never issued end, and be made and accepted anew', async () => {
  const id = await fgts.open(cpf());
  await fgts.accept(id, await fgts.becomes(id, 'offered'));
  await world.sql.query(`UPDATE proposal SET offer_expires_at = now() WHERE id = $1`, [id]);
  await fgts.becomes(id, 'balance_known');
  expect(await fgts.act(id, 'issue')).toMatchObject({ status: 409 });
  expect(await fgts.act(id, 'simulate', { wishes: { kind: 'maximum' } })).toMatchObject({ status: 202 });
  await fgts.accept(id, await fgts.becomes(id, 'offered'));
  expect(await fgts.act(id, 'issue')).toMatchObject({ status: 202 });
  await fgts.becomes(id, 'issued');
});

it('prices a target in order', async () => {
  const id = await fgts.open(cpf());
  await fgts.becomes(id, 'offered');
  const asked = await fgts.act(id, 'simulate', { wishes: { kind: 'target', amount: '300.00' } });
  expect(asked).toMatchObject({ status: 202 });
  const target = await waitFor('the target to be offered', async () => {
    const proposal = await fgts.read(id);
    const amounts = proposal.simulations.map(({ figures }) => figures?.disbursed_issue_amount);
    return proposal.status === 'offered' && amounts.includes('300.00') ? proposal : undefined;
  });
  expect(target.simulations.every(({ differences }) => differences.length === 0)).toBe(true);
});

it('never makes a second debt: an answer that is lost is looked up under our own key', async () => {
  const document = cpf();
  await fgts.plan(document, { faults: { debt_create: ['timeout_after_effect'] } });
  const { id, key } = await fgts.issue(document);
  const { events } = await fgts.read(id);
  expect(events.filter(({ kind }) => kind === 'issued')).toHaveLength(1);
  await world.operationBecomes(key, 'disbursed');
  expect(violations()).toEqual([]);
});

it('lets one contract a year through, of however many that are asked for', async () => {
  const document = cpf();
  await fgts.plan(document, { balance: ['never'] });
  const one = await fgts.open(document);
  await waitFor('QI to have the query', () =>
    world.sandbox.control.ledger().balance_queries.find((query) => query.document_number === document),
  );
  const tooSoon = await fgts.post('proposals', { product: 'fgts', document_number: document });
  expect(tooSoon).toMatchObject({ status: 409, body: { proposal_id: one } });
  await fgts.advance({ balance_of: document, outcome: 'success' });
  await fgts.accept(one, await fgts.becomes(one, 'offered'));
  const other = await fgts.open(document);
  await fgts.accept(other, await fgts.becomes(other, 'offered'));
  const answers = await Promise.all([fgts.act(one, 'issue'), fgts.act(other, 'issue')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
});

it('needs what is not known yet, and an account of the borrower’s own', async () => {
  const id = await fgts.open(cpf(), { person: undefined, account: accountOf(cpf()) });
  const judged = await fgts.becomes(id, 'not_eligible');
  // Without a date of birth the policy's rule on age is not met: what is missing declines.
  expect(judged.missing.map(({ path }) => path)).toContain('account.document_number');
});

it('tells a refused endorsement from a refused payment', async () => {
  const document = cpf();
  await fgts.plan(document, {
    endorsement: ['fgts_unauthorized_institution', 'endorsed'],
    payment: ['pix_refusal', 'disbursed'],
  });
  const { key } = await fgts.issue(document);
  await world.operationBecomes(key, 'disbursement_failed');
  const kinds = await world.sql.query<{ kind: string }>(
    `SELECT kind FROM operation_event WHERE credit_operation_key = $1 AND kind LIKE '%refused%'`,
    [key],
  );
  expect(kinds.rows).toEqual([{ kind: 'reservation_refused' }]);
  const answer = await fgts.post(`operations/${key}/resubmit_disbursement`, {
    disbursement_date: nextBusinessDay(),
    disbursement_bank_accounts: [
      {
        name: 'Maria da Silva',
        document_number: document,
        pix_key: document,
        percentage_receivable: 100,
      },
    ],
  });
  expect(answer).toMatchObject({ status: 202 });
  const agreed = await loan(key);
  await world.operationBecomes(key, 'disbursed');
  // The same instalments on a later day: more, and QI has said how much.
  const { owed, paid } = await loan(key);
  expect([paid, Number(owed) > Number(agreed.owed)]).toEqual([owed, true]);
  expect(await world.openTasks(key)).toEqual([]);
});

it('is signed at last when it was cancelled unsigned and sent again', async () => {
  const document = cpf();
  await fgts.plan(document, { signature: ['expired', 'never'] });
  const { key } = await fgts.issue(document);
  await world.operationBecomes(key, 'disbursement_failed');
  const date = { disbursement_date: nextBusinessDay() };
  expect(await fgts.post(`operations/${key}/resubmit_disbursement`, date)).toMatchObject({ status: 202 });
  await world.operationBecomes(key, 'awaiting_signature');
  const proof = { type: 'pdf-signature', 'path-pdf-signed': 'https://partner.example/signed.pdf' };
  expect(await fgts.post(`operations/${key}/signature`, proof)).toMatchObject({ status: 202 });
  await world.operationBecomes(key, 'disbursed');
});

async function send(method: 'POST' | 'PUT', path: string, type: string, body: string | Buffer) {
  const answer = await fetch(`${world.service.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': type },
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const proposals = async (): Promise<number> =>
  (await world.sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM proposal`)).rows[0]?.n ?? 0;

it('estimates without Caixa, of nobody, and keeps nothing', async () => {
  const before = await proposals();
  const wanted = { product: 'fgts', birth_date: '1985-03-10' };
  const estimate = (more: object) => world.service.post('/api/v1/proposals/estimate', { ...wanted, ...more });
  expect(await estimate({ balance: '5000.00' })).toMatchObject({
    status: 200,
    body: { is_estimate: true, problem: null, withdrawals: [{}, {}, {}], offers: [{ problem: null }, {}] },
  });
  expect(await estimate({})).toMatchObject({ body: { withdrawals: [], offers: [], locked_window: {} } });
  expect(await estimate({ birth_date: '2999-01-01' })).toMatchObject({ status: 422 });
  expect(await estimate({ document_number: cpf() })).toMatchObject({ status: 422 });
  expect(await proposals()).toBe(before);
});

it('simulates chosen withdrawals, and QI comes to the same', async () => {
  const id = await fgts.open(cpf());
  const { balance } = await fgts.becomes(id, 'offered');
  const [first, second] = balance?.cedable ?? [];
  const skipping = await fgts.act(id, 'simulate', { wishes: { kind: 'periods', periods: [second] } });
  expect(skipping).toMatchObject({ status: 422, body: { errors: [{ path: 'periods[0].due_date' }] } });
  expect(await fgts.act(id, 'simulate', { wishes: { kind: 'periods', periods: [first] } })).toMatchObject({
    status: 202,
  });
  const chosen = await waitFor('one withdrawal to be offered', async () => {
    const proposal = await fgts.read(id);
    const taken = proposal.simulations[0]?.figures?.periods;
    return proposal.status === 'offered' && taken?.length === 1 ? proposal : undefined;
  });
  expect(chosen.simulations.every(({ differences }) => differences.length === 0)).toBe(true);
});

it('sends an image of the document to QI, and the debt is made with its key', async () => {
  const document = cpf();
  const { document_identification: _, ...rest } = personOf(document);
  const id = await fgts.open(document, { person: rest });
  const offered = await fgts.becomes(id, 'offered');
  expect(offered.missing.map(({ path }) => path)).toEqual(['person.document_identification']);
  const image = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(1_000, 7)]);
  const put = (body: Buffer, side = 'front', type = 'image/jpeg') =>
    send('PUT', `proposals/${id}/documents/${side}`, type, body);
  expect(await put(Buffer.from('MZ not an image'))).toMatchObject({ status: 422 });
  expect(await put(Buffer.concat([image, image]))).toMatchObject({ status: 413 });
  expect(await put(image, 'inside')).toMatchObject({ status: 400 });
  expect(await put(image)).toMatchObject({ status: 200, body: { kind: 'jpeg' } });
  expect((await fgts.read(id)).missing).toEqual([]);
  await fgts.accept(id, offered);
  expect(await fgts.act(id, 'issue')).toMatchObject({ status: 202 });
  await fgts.becomes(id, 'issued');
  expect(await put(image)).toMatchObject({ status: 409 });
});

it('starts proposals from a file, one a line, and the same file starts nothing again', async () => {
  const [one, other, running] = [cpf(), cpf('8'), cpf()];
  await fgts.becomes(await fgts.open(running), 'offered');
  const file = `cpf;data_nascimento;pep\n${one};10/03/1985;não\n${other};10/03/1985;não\n11111111112;;\n${running};;`;
  const sent = (path = '') => send('POST', `proposal-batches${path}`, 'text/csv', file);
  const before = await proposals();
  expect(await sent('/preview')).toMatchObject({
    status: 200,
    body: { known_batch: null, starting: 2, refused: [{ row: 4 }, { row: 5, problems: [{ place: 'A5' }] }] },
  });
  expect(await proposals()).toBe(before);
  const [first, second] = await Promise.all([sent(), sent()]);
  expect(first.body['batch_id']).toBe(second.body['batch_id']);
  expect([first.body['is_new'], second.body['is_new']].sort()).toEqual([false, true]);
  expect(await proposals()).toBe(before + 2);
  const id = String(first.body['batch_id']);
  expect(await sent('/preview')).toMatchObject({ body: { known_batch: id, starting: 0 } });

  const lines = await waitFor('both lines to come to their end', async () => {
    const { body } = await world.service.get(`/api/v1/proposal-batches/${id}`);
    const found = (body as { lines: { proposal: { status: string } | null }[] }).lines;
    const statuses = found.map(({ proposal }) => proposal?.status);
    return statuses.includes('offered') && statuses.includes('not_eligible') ? found : undefined;
  });
  expect(lines).toHaveLength(4);
  const result = await fetch(`${world.service.url}/api/v1/proposal-batches/${id}/result`, {
    headers: { authorization: `Bearer ${API_TOKEN}` },
  });
  const text = await result.text();
  expect(text).toContain('Com oferta');
  expect(text).toContain('os dígitos do CPF não conferem');
  for (const digits of [one, other, running]) expect(text).not.toContain(digits);

  const none = await send('POST', 'proposal-batches', 'text/csv', `cpf\n${running}\n`);
  expect(none).toMatchObject({ status: 422, body: { errors: [{ path: 'A2' }] } });
  const tooLong = await send('POST', 'proposal-batches', 'text/csv', `cpf\n${'52998224725\n'.repeat(5)}`);
  expect(tooLong).toMatchObject({ status: 422 });
  expect(await proposals()).toBe(before + 2);
});

it('takes the money back when two people want it, and frees the year', async () => {
  const document = cpf();
  const { key } = await fgts.issue(document);
  await world.operationBecomes(key, 'disbursed');
  const detail = async () =>
    (await world.service.get(`/api/v1/operations/${key}`)).body as Record<string, unknown> & {
      withdrawal: { until: string; latest: string } | null;
    };
  const { withdrawal } = await detail();
  expect(withdrawal !== null && withdrawal.until < withdrawal.latest).toBe(true);
  const path = `/api/v1/operations/${key}/request_reversal`;
  const asked = await world.service.post(path, { reason: 'O cliente desistiu' });
  expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } });
  const { approval_id: approval } = asked.body as { approval_id: string };
  const alone = await world.service.post(`/api/v1/approvals/${approval}/approve`, {});
  expect([alone.status, JSON.stringify(alone.body).includes('second_person_needed')]).toEqual([403, true]);
  const second = await world.person('a second person', 'operations_approver');
  expect(await second(`approvals/${approval}/approve`)).toMatchObject({ status: 200 });
  await world.operationBecomes(key, 'canceled_permanently');
  const { events, reversal } = (await detail()) as unknown as {
    events: { kind: string; contradiction: boolean }[];
    reversal: { copy_paste_pix: string } | null;
  };
  expect(reversal?.copy_paste_pix).toContain('br.gov.bcb.pix');
  expect(events.map(({ kind }) => kind)).toContain('refunded');
  expect(events.some(({ contradiction }) => contradiction)).toBe(false);
  // The year is free: the next loan of the same borrower is issued.
  await fgts.issue(document);
  expect(violations()).toEqual([]);
});

it('leaves nothing that contradicts itself: what each debt puts at risk is counted once', () =>
  audit(world.sql));
