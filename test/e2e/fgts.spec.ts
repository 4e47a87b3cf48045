import { randomUUID } from 'node:crypto';
import { cpfWithPrefix } from '../support/cpf-with-prefix';
import { times } from '../support/repetitions';
import { API_TOKEN } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import { SandboxWorld } from './sandbox-world';

/** Proposals of the anniversary withdrawal against a QI that plays Caixa too, over HTTP, from the balance to the money. */
let world: SandboxWorld;
beforeAll(async () => {
  world = await SandboxWorld.start(
    {
      origination: {
        queries_per_second: 50,
        poll_ms: 100,
        sweep_ms: 200,
        retry_base_ms: 50,
        batch_max_lines: 4,
      },
      operation: { undo_window_seconds: 0, poll_ms: 100 },
      documents: { max_bytes: 2_000 },
    },
    { pace: { step_seconds: 0.2 } },
  );
});
afterAll(() => world.end());

interface Period {
  readonly due_date: string;
  readonly amount: string;
}
interface Proposal {
  readonly status: string;
  readonly failure: { readonly code: string; readonly retry_at: string | null } | null;
  readonly balance: { readonly periods: readonly Period[]; readonly active_contracts: number | null } | null;
  readonly simulations: readonly {
    readonly fee_table: string;
    readonly figures: { readonly disbursed_issue_amount: string; readonly periods: readonly Period[] } | null;
    readonly differences: readonly string[];
    readonly qi: object | null;
  }[];
  readonly missing: readonly { readonly path: string }[];
  readonly credit_operation_key: string | null;
  readonly next_actions: readonly string[];
  readonly events: readonly { readonly kind: string }[];
}

let serial = 0;
function cpf(prefix = '1'): string {
  serial += 1;
  return cpfWithPrefix(prefix, serial);
}

const person = (document_number: string) => ({
  name: 'Maria Aparecida de Souza',
  mother_name: 'Ana de Souza',
  birth_date: '1985-03-10',
  is_pep: false,
  document_identification_number: document_number,
  document_identification_type: 'rg',
  document_identification_date: '2010-01-01',
  document_identification: randomUUID(),
  email: 'maria@example.com',
  phone: { area_code: '11', number: '989073010' },
  address: {
    street: 'Rua A',
    number: '1',
    neighborhood: 'Centro',
    city: 'São Paulo',
    state: 'SP',
    postal_code: '01001000',
  },
});
const account = (document_number: string) => ({
  name: 'Maria Aparecida de Souza',
  document_number,
  pix_key: document_number,
});

async function plan(document_number: string, wanted: object): Promise<void> {
  const body = JSON.stringify({ document_number, ...wanted });
  const answer = await fetch(`${world.sandbox.url}/_control/fgts`, { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
}

async function open(document_number: string, more: object = {}): Promise<string> {
  const answer = await world.service.post('/api/v1/proposals', {
    product: 'fgts',
    document_number,
    person: person(document_number),
    account: account(document_number),
    ...more,
  });
  expect(answer).toMatchObject({ status: 202 });
  return (answer.body as { proposal_id: string }).proposal_id;
}

async function read(id: string): Promise<Proposal> {
  return (await world.service.get(`/api/v1/proposals/${id}`)).body as Proposal;
}

/** @throws Error with where it stands instead */
async function becomes(id: string, status: string): Promise<Proposal> {
  let last: Proposal | undefined;
  const arrives = async (): Promise<Proposal | undefined> => {
    last = await read(id);
    return last.status === status ? last : undefined;
  };
  return waitFor(`the proposal to become ${status}`, arrives, { timeoutMs: 20_000 }).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
    },
  );
}

async function accept(id: string, proposal: Proposal): Promise<void> {
  const [offer] = proposal.simulations;
  const answer = await world.service.post(`/api/v1/proposals/${id}/accept`, {
    fee_table: offer?.fee_table,
    disbursed_issue_amount: offer?.figures?.disbursed_issue_amount,
    channel: 'app',
    text_version: '2026-11',
    accepted_at: new Date().toISOString(),
    ip_address: '203.0.113.7',
  });
  expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
}

/** From a CPF to a debt at QI. */
async function issue(document_number: string): Promise<{ id: string; key: string }> {
  const id = await open(document_number);
  await accept(id, await becomes(id, 'offered'));
  expect(await world.service.post(`/api/v1/proposals/${id}/issue`, {})).toMatchObject({ status: 202 });
  const { credit_operation_key } = await becomes(id, 'issued');
  return { id, key: credit_operation_key ?? '' };
}

const act = (id: string, action: string, body: object = {}) =>
  world.service.post(`/api/v1/proposals/${id}/${action}`, body);

it('goes from a CPF to the money, and every figure is QI’s to the cent', async () => {
  const document = cpf();
  const id = await open(document);
  const offered = await becomes(id, 'offered');
  expect(offered.balance?.active_contracts).toBe(0);
  expect(offered.simulations.length).toBeGreaterThan(1);
  for (const { figures, qi, differences } of offered.simulations) {
    expect({ figures: figures !== null, qi: qi !== null, differences }).toEqual({
      figures: true,
      qi: true,
      differences: [],
    });
  }
  await accept(id, offered);
  expect(await act(id, 'issue')).toMatchObject({ status: 202 });
  const { credit_operation_key: key } = await becomes(id, 'issued');
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

it.each([
  ['90', 'ongoing_operation'],
  ['91', 'unauthorized_institution'],
  ['92', 'inexistent_anniversary_membership'],
  ['93', 'on_locked_date_range'],
  ['94', 'anniversary_membership_egress'],
  ['95', 'processing_pending_changes'],
  ['96', 'caixa_error'],
])('a balance of a CPF that begins with %s fails: %s', async (prefix, code) => {
  const id = await open(cpf(prefix));
  const { failure } = await becomes(id, 'balance_failed');
  const retried = ['ongoing_operation', 'on_locked_date_range', 'processing_pending_changes', 'caixa_error'];
  expect({ code: failure?.code, isRetried: failure?.retry_at !== null }).toEqual({
    code,
    isRetried: retried.includes(code),
  });
});

it('offers nothing on a balance of nothing', async () => {
  const id = await open(cpf('8'));
  expect((await becomes(id, 'not_eligible')).simulations).toEqual([]);
});

it('comes back by itself on the date that Caixa gave', async () => {
  const document = cpf();
  await plan(document, { balance: ['on_locked_date_range', 'success'] });
  const id = await open(document);
  const { failure } = await becomes(id, 'balance_failed');
  expect(failure?.retry_at).toMatch(/^\d{4}-\d\d-\d\dT11:00/);
  await world.sql.query(`UPDATE proposal SET retry_at = now() WHERE id = $1`, [id]);
  await becomes(id, 'offered');
});

it('prices a target in order, and says which is out of reach', async () => {
  const id = await open(cpf());
  await becomes(id, 'offered');
  const beyond = await act(id, 'simulate', { wishes: { kind: 'target', amount: '1499.99' } });
  expect(beyond).toMatchObject({ status: 422, body: { errors: [{ path: 'target_amount' }, {}] } });
  expect(await act(id, 'simulate', { wishes: { kind: 'target', amount: '300.00' } })).toMatchObject({
    status: 202,
  });
  const target = await waitFor('the target to be offered', async () => {
    const proposal = await read(id);
    const amounts = proposal.simulations.map(({ figures }) => figures?.disbursed_issue_amount);
    return proposal.status === 'offered' && amounts.includes('300.00') ? proposal : undefined;
  });
  expect(target.simulations.every(({ differences }) => differences.length === 0)).toBe(true);
});

it('never makes a second debt: an answer that is lost is looked up under our own key', async () => {
  const document = cpf();
  await plan(document, { faults: { debt_create: ['timeout_after_effect'] } });
  const { id, key } = await issue(document);
  const { events } = await read(id);
  expect(events.filter(({ kind }) => kind === 'issued')).toHaveLength(1);
  await world.operationBecomes(key, 'disbursed');
  expect(world.sandbox.control.ledger().violations).toEqual([]);
});

it('lets one contract a year through, of however many that are asked for', async () => {
  const document = cpf();
  const one = await open(document);
  const tooSoon = await world.service.post('/api/v1/proposals', {
    product: 'fgts',
    document_number: document,
  });
  expect(tooSoon).toMatchObject({ status: 409, body: { proposal_id: one } });
  await accept(one, await becomes(one, 'offered'));
  const other = await open(document);
  await accept(other, await becomes(other, 'offered'));
  const answers = await Promise.all([act(one, 'issue'), act(other, 'issue')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
});

it('refuses, before any call, what QI would refuse', async () => {
  const wrong = await world.service.post('/api/v1/proposals', {
    product: 'fgts',
    document_number: '11111111112',
  });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'document_number' }] } });

  const document = cpf();
  const id = await open(document, { person: undefined, account: account(cpf()) });
  const offered = await becomes(id, 'not_eligible');
  // Without a date of birth the policy's rule on age is not met: what is missing declines.
  expect(offered.missing.map(({ path }) => path)).toContain('account.document_number');
});

it('tells a refused endorsement from a refused payment', async () => {
  const document = cpf();
  await plan(document, {
    endorsement: ['fgts_unauthorized_institution', 'endorsed'],
    payment: ['pix_refusal', 'disbursed'],
  });
  const { key } = await issue(document);
  await world.operationBecomes(key, 'disbursement_failed');
  const kinds = await world.sql.query<{ kind: string }>(
    `SELECT kind FROM operation_event WHERE credit_operation_key = $1 AND kind LIKE '%refused%'`,
    [key],
  );
  expect(kinds.rows).toEqual([{ kind: 'reservation_refused' }]);
  const answer = await world.service.post(`/api/v1/operations/${key}/resubmit_disbursement`, {
    disbursement_date: nextBusinessDay(),
  });
  expect(answer).toMatchObject({ status: 202 });
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
  const id = await open(cpf());
  const { balance } = (await becomes(id, 'offered')) as unknown as {
    balance: { cedable: readonly Period[] };
  };
  const [first, second] = balance.cedable;
  const skipping = await act(id, 'simulate', { wishes: { kind: 'periods', periods: [second] } });
  expect(skipping).toMatchObject({ status: 422, body: { errors: [{ path: 'periods[0].due_date' }] } });
  expect(await act(id, 'simulate', { wishes: { kind: 'periods', periods: [first] } })).toMatchObject({
    status: 202,
  });
  const chosen = await waitFor('one withdrawal to be offered', async () => {
    const proposal = await read(id);
    const taken = proposal.simulations[0]?.figures?.periods;
    return proposal.status === 'offered' && taken?.length === 1 ? proposal : undefined;
  });
  expect(chosen.simulations.every(({ differences }) => differences.length === 0)).toBe(true);
});

it('sends an image of the document to QI, and the debt is made with its key', async () => {
  const document = cpf();
  const { document_identification: _, ...rest } = person(document);
  const id = await open(document, { person: rest });
  const offered = await becomes(id, 'offered');
  expect(offered.missing.map(({ path }) => path)).toEqual(['person.document_identification']);
  const image = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(1_000, 7)]);
  const put = (body: Buffer, side = 'front', type = 'image/jpeg') =>
    send('PUT', `proposals/${id}/documents/${side}`, type, body);
  expect(await put(Buffer.from('MZ not an image'))).toMatchObject({ status: 422 });
  expect(await put(Buffer.concat([image, image]))).toMatchObject({ status: 413 });
  expect(await put(image, 'inside')).toMatchObject({ status: 400 });
  expect(await put(image)).toMatchObject({ status: 200, body: { kind: 'jpeg' } });
  expect((await read(id)).missing).toEqual([]);
  await accept(id, offered);
  expect(await act(id, 'issue')).toMatchObject({ status: 202 });
  await becomes(id, 'issued');
  expect(await put(image)).toMatchObject({ status: 409 });
});

it('starts proposals from a file, one a line, and the same file starts nothing again', async () => {
  const [one, other, running] = [cpf(), cpf('8'), cpf()];
  await becomes(await open(running), 'offered');
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
  const { key } = await issue(document);
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
  await issue(document);
  expect(world.sandbox.control.ledger().violations).toEqual([]);
});

const MOMENTS = ['querying', 'balance_known', 'simulated', 'accepted', 'issuing', 'issued'] as const;
type Moment = (typeof MOMENTS)[number];
/** The two at which a call to QI is under way that may be lost. */
const TWO_MOMENTS: readonly Moment[] = ['querying', 'issuing'];

it.each(MOMENTS.filter((each) => times(0, 1) === 1 || TWO_MOMENTS.includes(each)))(
  'goes on after the power is cut while a proposal is %s, with one debt',
  async (moment) => {
    const document = cpf();
    const id = await open(document);
    const statusIs = async (...wanted: string[]): Promise<true | undefined> => {
      const { rows } = await world.sql.query<{ status: string }>(
        `SELECT status FROM proposal WHERE id = $1`,
        [id],
      );
      return wanted.includes(rows[0]?.status ?? '') ? true : undefined;
    };
    const cut = async (): Promise<void> => {
      await world.service.kill();
      await world.service.restart();
      world.sandbox.control.deliverTo(`${world.service.url}/webhooks/qi`);
    };
    const isBefore = ['querying', 'balance_known', 'simulated'].includes(moment);
    if (isBefore) {
      await waitFor(`the moment`, () => statusIs(moment, 'offered'), { everyMs: 2 });
      await cut();
    }
    await accept(id, await becomes(id, 'offered'));
    if (moment === 'accepted') await cut();
    expect(await act(id, 'issue')).toMatchObject({ status: 202 });
    if (moment === 'issuing' || moment === 'issued') {
      await waitFor(`the moment`, () => statusIs(moment, 'issued'), { everyMs: 2 });
      await cut();
    }
    const { credit_operation_key: key } = await becomes(id, 'issued');
    await world.operationBecomes(key ?? '', 'disbursed');
    // A query whose answer was lost is asked again: it costs quota and nothing else.
    const { violations } = world.sandbox.control.ledger();
    expect(violations.filter(({ kind }) => kind !== 'query_while_pending')).toEqual([]);
  },
  60_000,
);

/** Good enough for a test: the next day that is no Saturday or Sunday, two days on at least. */
function nextBusinessDay(): string {
  const day = new Date(Date.now() + 2 * 86_400_000);
  while ([0, 6].includes(day.getUTCDay())) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}
