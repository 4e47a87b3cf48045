import { audit } from '../support/auditor';
import { accountOf } from '../support/borrower';
import { waitFor } from '../support/wait-for';
import { cpf, nextBusinessDay, ProposalWorld } from './proposal-world';
import type { SandboxWorld } from './sandbox-world';

/** Proposals of the anniversary withdrawal against a QI that plays Caixa too, over HTTP, from the balance to the money. */
let fgts: ProposalWorld;
let world: SandboxWorld;
beforeAll(async () => {
  // An answer that does not come is not waited for so long.
  fgts = await ProposalWorld.start({}, { QI_TIMEOUT_MS: '3000' });
  ({ world } = fgts);
});
afterAll(() => fgts.end());

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
  const { rows } = await world.sql.query(
    `SELECT product, origin, round(disbursed_issue_amount, 2) AS paid_out FROM operation WHERE credit_operation_key = $1`,
    [key],
  );
  expect(rows).toEqual([
    {
      product: 'fgts',
      origin: 'active',
      paid_out: offered.simulations[0]?.figures?.disbursed_issue_amount,
    },
  ]);
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
  expect(world.sandbox.control.ledger().violations).toEqual([]);
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
  });
  expect(answer).toMatchObject({ status: 202 });
  await world.operationBecomes(key, 'disbursed');
});

it('leaves nothing that contradicts itself: what each debt puts at risk is counted once', () =>
  audit(world.sql));
