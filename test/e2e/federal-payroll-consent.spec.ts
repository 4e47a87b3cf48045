import { loanProduct } from '../../src/operation/domain';
import { cpfFrom, payrollDebt, type Json } from '../integration/sandbox-debts';
import { auditMargins } from '../support/auditor';
import { Siape } from '../support/siape';
import { waitFor } from '../support/wait-for';
import { nextBusinessDay } from './proposal-world';
import { SandboxWorld } from './sandbox-world';

/** Federal payroll loans after their issue, against a QI that plays SIAPE and the servant too, over HTTP. */
let world: SandboxWorld;
beforeAll(async () => {
  world = await SandboxWorld.start(
    { operation: { undo_window_seconds: 0, poll_ms: 100, sweep_ms: 200 } },
    {
      pace: { step_seconds: 0.1 },
      webhooks: { duplicate_rate: 0.3, retries: 20, retry_after_seconds: 0.5 },
      contract: {
        federal_payroll: { servants: 'everybody', reservation_attempts: 2, reservation_retry_steps: 1 },
      },
    },
  );
});
afterAll(() => world.end());
afterEach(() => auditMargins(world.sql, () => world.sandbox.control.ledger().debts));

let serial = 0;
const newServant = (): string => cpfFrom(`3${String((serial += 1)).padStart(8, '0')}`);

const siape = () => new Siape(world.sandbox.url);
const control = (path: string, body: Json): Promise<void> => siape().control(path, body);
const post = (path: string, body: Json): Promise<Json> => siape().post(path, body);
const issue = (plan: Json, collateral?: Json): Promise<string> =>
  siape().issue(newServant(), plan, collateral);

interface Row {
  readonly status: string;
  readonly margin: string | null;
  readonly closed: boolean;
  readonly failure: string | null;
}

function becomes(key: string, wanted: Partial<Row>): Promise<Row> {
  let last: Row | undefined;
  const arrives = async (): Promise<Row | undefined> => {
    const { rows } = await world.sql.query<Row>(
      `SELECT status, margin_status AS margin, ended_at IS NOT NULL AS closed, failure_code AS failure
       FROM operation WHERE credit_operation_key = $1`,
      [key],
    );
    last = rows[0];
    const isThere = Object.entries(wanted).every(([name, value]) => last?.[name as keyof Row] === value);
    return isThere ? last : undefined;
  };
  return waitFor(`the loan to become ${JSON.stringify(wanted)}`, arrives, { timeoutMs: 15_000 }).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
    },
  );
}

/** Somewhere in what was told of a loan. */
const heard = (key: string, code: string): Promise<true> =>
  waitFor(`${code} to be told`, async () => {
    const { rows } = await world.sql.query(
      `SELECT FROM operation_event WHERE credit_operation_key = $1 AND summary::text LIKE '%' || $2 || '%'`,
      [key, code],
    );
    return rows.length > 0 ? true : undefined;
  });

const row = (status: string, margin: string, closed: boolean, failure: string | null): Row => ({
  status,
  margin,
  closed,
  failure,
});
const PAID = ['disbursed', 'held', true] as const;
const REFUSED = ['reservation_failed', 'refused', true] as const;
/** That the servant has signed with us. */
const PROOF = { type: 'pdf-signature', 'path-pdf-signed': 'https://partner.example/signed.pdf' };

const FATES: readonly (readonly [what: string, plan: Json, end: Row, tasks: readonly string[]])[] = [
  ['consent is given', {}, row(...PAID, null), []],
  ['consent is refused', { consent: ['refused'] }, row(...REFUSED, 'consent_refused'), []],
  ['consent expires', { consent: ['expired'] }, row(...REFUSED, 'consent_expired'), []],
  ['nobody answers', { consent: ['never'] }, row('signed', 'pending_consent', false, null), []],
  [
    'the contract is not signed, and the margin held already',
    { signature: ['never'] },
    row('awaiting_signature', 'held', false, null),
    [],
  ],
  ['the margin is gone', { reservation: ['invalid_balance'] }, row(...REFUSED, 'invalid_balance'), []],
  [
    'the contract of origin is not found',
    { reservation: ['origin_contract_not_found'] },
    row(...REFUSED, 'origin_contract_not_found'),
    [],
  ],
  [
    'the servant authorises in time',
    { reservation: ['unauthorized_institution', 'pending_consent'] },
    row(...PAID, 'unauthorized_institution'),
    [],
  ],
  [
    'the servant does not authorise',
    { reservation: ['unauthorized_institution', 'never'] },
    row('signed', 'retrying', false, 'unauthorized_institution'),
    [],
  ],
  [
    'the contract of origin is closed in time',
    { reservation: ['waiting_for_origin_contract_closure', 'pending_consent'] },
    row(...PAID, 'waiting_for_origin_contract_closure'),
    [],
  ],
  [
    'the contract of origin is not closed',
    { reservation: ['waiting_for_origin_contract_closure', 'never'] },
    row('signed', 'retrying', false, 'waiting_for_origin_contract_closure'),
    [],
  ],
  [
    'the portability has expired',
    { reservation: ['expired_portability'] },
    row('reservation_failed', 'unexplained', false, 'expired_portability'),
    ['reservation_unexplained: expired_portability'],
  ],
  [
    'SIAPE says what no manual says',
    { reservation: ['siape_says_something_new'] },
    row('reservation_failed', 'unexplained', false, 'siape_says_something_new'),
    ['reservation_unexplained: siape_says_something_new'],
  ],
  [
    'the bank refuses the payment',
    { payment: ['pix_refusal'] },
    row('disbursement_failed', 'held', false, 'pix_refusal'),
    ['disbursement_failed: pix_refusal'],
  ],
  [
    'the bank refuses the TED',
    { payment: ['ted_refusal'] },
    row('disbursement_failed', 'held', false, 'ted_refusal'),
    ['disbursement_failed: ted_refusal'],
  ],
  // Cancelled, and not for good: what was reserved at the creation stays so, and a person decides.
  [
    'the contract is not signed in time',
    { signature: ['expired'] },
    row('disbursement_failed', 'held', false, 'waiting_signature'),
    ['disbursement_failed: waiting_signature'],
  ],
];

describe.each(['enumerator', 'errors'] as const)('with failures told by %s', (failure_shape) => {
  beforeAll(() => {
    world.sandbox.control.setBehaviour({ contract: { federal_payroll: { failure_shape } } });
  });

  it.each(FATES)('when %s, contract and margin come to their ends', async (_, plan, end, tasks) => {
    const key = await issue(plan, { reservation_method: 'creation' });
    const { failure, ...paid } = end;
    // A refusal that is told late changes nothing of a loan that went on; that it was told is in its timeline.
    await becomes(key, end.status === 'disbursed' ? paid : end);
    if (failure !== null) await heard(key, failure);
    const open = await waitFor('the tasks', async () => {
      const found = (await world.openTasks(key)).map(({ kind, reason_code: code }) => `${kind}: ${code}`);
      return found.length === tasks.length ? found : undefined;
    });
    expect(open).toEqual(tasks);
  });
});

it('leaves out no failure of a reservation that QI names', () => {
  const driven = FATES.map(([, , { failure }]) => failure);
  expect(driven).toEqual(expect.arrayContaining(Object.keys(loanProduct('federal_payroll').refusals)));
});

it('leaves a contract that was cancelled in QI’s portal to a person, with its margin as it is', async () => {
  const key = await issue({ consent: ['never'] });
  await becomes(key, { status: 'signed', margin: 'pending_consent' });
  await siape().send('PATCH', `/debt/${key}/cancel`, {});
  await becomes(key, row('disbursement_failed', 'pending_consent_with_deletion', false, 'manual'));
  const [task] = await world.openTasks(key);
  expect(task).toMatchObject({ kind: 'disbursement_failed', reason_code: 'manual' });
});

it('takes the proof of a signature that we collected ourselves', async () => {
  const key = await issue({ signature: ['never'] });
  await becomes(key, { status: 'awaiting_signature', margin: 'held' });
  expect(await world.service.post(`/api/v1/operations/${key}/signature`, PROOF)).toMatchObject({
    status: 202,
  });
  await becomes(key, row(...PAID, null));
});

it('takes it, too, of a contract that was cancelled unsigned and sent again', async () => {
  const key = await issue({ signature: ['expired', 'never'] });
  await becomes(key, row('disbursement_failed', 'held', false, 'waiting_signature'));
  const date = { disbursement_date: nextBusinessDay() };
  const path = `/api/v1/operations/${key}`;
  expect(await world.service.post(`${path}/resubmit_disbursement`, date)).toMatchObject({ status: 202 });
  await becomes(key, { status: 'awaiting_signature', margin: 'held' });
  expect(await world.service.post(`${path}/signature`, PROOF)).toMatchObject({ status: 202 });
  await becomes(key, { status: 'disbursed', margin: 'held', closed: true });
});

it('frees a margin of a paid loan when the servant gives the money back', async () => {
  const key = await issue({ refund: 'paid' });
  await becomes(key, row(...PAID, null));
  const [ana, bia] = await Promise.all([
    world.person('ana-reversal', 'operator'),
    world.person('bia-reversal', 'operations_approver'),
  ]);
  const asked = await ana(`operations/${key}/request_reversal`, { reason: 'o servidor desistiu' });
  expect(asked).toMatchObject({ status: 202 });
  const { approval_id } = asked.body as { approval_id: string };
  expect(await bia(`approvals/${approval_id}/approve`)).toMatchObject({ status: 200 });
  await becomes(key, row('canceled_permanently', 'released', true, null));
});

it('finds the margin gone that the query had named', async () => {
  const cpf = newServant();
  await control('federal-payroll', { document_number: cpf, links: [{ margin: '100.00' }] });
  await post('/federal_payroll/balance', { document_number: cpf });
  await control('federal-payroll', { document_number: cpf, links: [{ margin: '99.99' }] });
  const debt = payrollDebt(cpf, {}, { requester_identifier_key: `ours-${cpf}` });
  const key = String((await post('/debt', debt))['key']);
  await becomes(key, row(...REFUSED, 'invalid_balance'));
});

it('reserves after the signature, where that was asked for', async () => {
  const key = await issue({}, { reservation_method: 'issuing' });
  await becomes(key, row(...PAID, null));
});

it('closes what SIAPE’s sandbox closes at the end of its day', async () => {
  const key = await issue({ consent: ['never'] });
  await becomes(key, { margin: 'pending_consent' });
  await control('federal-payroll/closing', {});
  await becomes(key, { status: 'reservation_failed', margin: 'released', closed: true });
});

it.each([
  ['refused', 'released'],
  ['given', 'released'],
  ['expired', 'released'],
])('cancels once while consent is pending, and is closed when it is %s', async (answer, margin) => {
  const key = await issue({ consent: ['never'] });
  await becomes(key, { status: 'signed', margin: 'pending_consent' });
  const [ana, bia] = await Promise.all([
    world.person(`ana-${answer}`, 'operator'),
    world.person(`bia-${answer}`, 'operations_approver'),
  ]);
  const asked = await ana(`operations/${key}/cancel_permanently`, { reason: 'o servidor desistiu' });
  expect(asked).toMatchObject({
    status: 202,
    body: { consequence: expect.stringContaining('SouGov.br') as string },
  });
  const { approval_id } = asked.body as { approval_id: string };
  expect(await bia(`approvals/${approval_id}/approve`)).toMatchObject({ status: 200 });
  await becomes(key, {
    status: 'canceled_permanently',
    margin: 'pending_consent_with_deletion',
    closed: false,
  });
  expect(await ana(`operations/${key}/cancel_permanently`, { reason: 'de novo' })).toMatchObject({
    status: 409,
    body: {
      type: expect.stringContaining('state_does_not_allow') as string,
      margin_now: 'pending_consent_with_deletion',
    },
  });
  await control('advance', { debt_key: key, outcome: answer });
  await becomes(key, { margin, closed: true });
  const { violations, debts } = world.sandbox.control.ledger();
  expect(violations.filter(({ kind }) => kind === 'command_out_of_place')).toEqual([]);
  const cancellations = debts.find(({ debt_key }) => debt_key === key)?.commands ?? [];
  expect(cancellations.map(({ operation }) => operation)).toEqual(['cancel_permanently']);
});

it('leaves the contract open when QI refuses to cancel it while consent is pending, and cancels it after the answer', async () => {
  const whilePending = (cancel_while_pending: 'accept' | 'error') =>
    world.sandbox.control.setBehaviour({ contract: { federal_payroll: { cancel_while_pending } } });
  whilePending('error');
  try {
    const key = await issue({ consent: ['never'] });
    await becomes(key, { status: 'signed', margin: 'pending_consent' });
    const [ana, bia] = await Promise.all([
      world.person('ana-cancel-refused', 'operator'),
      world.person('bia-cancel-refused', 'operations_approver'),
    ]);
    const cancel = async (): Promise<void> => {
      const asked = await ana(`operations/${key}/cancel_permanently`, { reason: 'o servidor desistiu' });
      const { approval_id } = asked.body as { approval_id: string };
      expect(await bia(`approvals/${approval_id}/approve`)).toMatchObject({ status: 200 });
    };
    await cancel();
    await becomes(key, row('signed', 'pending_consent_with_deletion', false, null));
    // QI's news of the margin may be faster than its answer.
    const [task] = await waitFor('a task', async () => {
      const open = await world.openTasks(key);
      return open.length > 0 ? open : undefined;
    });
    expect(task).toMatchObject({
      kind: 'command_rejected',
      reason_code: 'cancel_permanently_waits_for_consent',
    });
    await control('advance', { debt_key: key, outcome: 'given' });
    await becomes(key, row('signed', 'released', false, null));
    await cancel();
    await becomes(key, row('canceled_permanently', 'released', true, null));
    expect(await world.openTasks(key)).toEqual([]);
  } finally {
    whilePending('accept');
  }
});

it('reminds of a consent on its days, and lets it be given on the third (clock moved)', async () => {
  const key = await issue({ consent: ['never'] });
  await becomes(key, { status: 'signed', margin: 'pending_consent' });
  await world.sql.query(
    `UPDATE operation SET consent_asked_at = consent_asked_at - interval '3 days',
       consent_until = consent_until - interval '3 days' WHERE credit_operation_key = $1`,
    [key],
  );
  const days = (): Promise<{ rows: { day: number }[] }> =>
    world.sql.query(`SELECT day FROM consent_reminder WHERE credit_operation_key = $1 ORDER BY day`, [key]);
  await waitFor('two reminders', async () => ((await days()).rows.length === 2 ? true : undefined));
  await world.service.kill();
  await world.service.restart();
  world.sandbox.control.deliverTo(`${world.service.url}/webhooks/qi`);
  await control('advance', { debt_key: key, outcome: 'given' });
  await becomes(key, row(...PAID, null));
  expect((await days()).rows.map(({ day }) => day)).toEqual([1, 3]);
});

it('has a row for every margin that is bound, after the power is cut while ten loans are under way', async () => {
  const keys = await Promise.all(
    Array.from({ length: 10 }, (_, i) => issue({ consent: [i % 3 === 0 ? 'never' : 'given'] })),
  );
  await waitFor('some to be under way', async () => {
    const { rows } = await world.sql.query(
      `SELECT FROM operation WHERE credit_operation_key = ANY ($1) AND margin_status IS NOT NULL`,
      [keys],
    );
    return rows.length > 0 ? true : undefined;
  });
  await world.service.kill();
  await world.service.restart();
  world.sandbox.control.deliverTo(`${world.service.url}/webhooks/qi`);
  for (const [i, key] of keys.entries())
    await becomes(key, i % 3 === 0 ? { margin: 'pending_consent', closed: false } : { closed: true });
});
