import { browserOf, newPerson, type Answer, type Call, type Person } from '../support/people';
import { API_TOKEN } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import type { ConsoleWorld } from './console-world';

/** Auctions come one after the other; for pictures many, and slowly enough for any machine, so that none is missed. */
const PACE = {
  test: { auctions: 20, pauseMs: 20, windowSeconds: 5 },
  picture: { auctions: 70, pauseMs: 250, windowSeconds: 20 },
};
/** Seconds that auctions have left when everybody looks: QI grants between 30 and 120. */
const STILL_OPEN = [45, 60, 90, 120];

/** Loans whose fate is interesting to look at; everybody else's is drawn by the sandbox. */
const LOANS = [
  { signature: 'never' },
  { signature: 'face_validation_score' },
  { evidence: { face_validation_score: 41 } },
  { evidence: { fraud_base_flag: true } },
  { reservation: ['margin_exceeded', 'never'] },
  { reservation: ['never'] },
  { disbursement: ['ted_refusal', 'never'] },
  { disbursement: ['pix_refusal', 'never'] },
  { disbursement: ['never'] },
] as const;

/** Who else has an account, and has not used the link yet. */
const INVITED: readonly (readonly [username: string, ...roles: string[]])[] = [
  ['marta.lima@example.com', 'auditor'],
  ['diego.ramos@example.com', 'viewer'],
];
const TOKENS: readonly (readonly [name: string, ...roles: string[]])[] = [
  ['relatórios diários', 'viewer'],
  ['contabilidade', 'analyst'],
  ['planilha de taxas', 'policy_value_author'],
];

const A_WEEK_MS = 7 * 86_400_000;

export interface DemoDay {
  /** She may see every page. */
  readonly helena: Person;
  readonly wonAuction: string;
  readonly declinedAuction: string;
  readonly disbursedOperation: string;
  readonly failedOperation: string;
  readonly draft: number;
  readonly offeredProposal: string;
  readonly failedProposal: string;
  readonly proposalFile: string;
  readonly dashboard: string;
}

/** Somebody at their browser. */
interface Colleague {
  readonly person: Person;
  readonly call: Call;
}

/** What a busy day leaves behind: auctions of every outcome, loans in every state, and work of several people. */
export async function demoDay(world: ConsoleWorld, pace: keyof typeof PACE): Promise<DemoDay> {
  const { auctions, pauseMs, windowSeconds } = PACE[pace];
  world.sandbox.control.setBehaviour({ pace: { window_seconds: windowSeconds } });
  const { control } = world.sandbox;
  const [helena, caio, bruna] = await Promise.all([
    comes(world, 'helena.prado', 'policy_author', 'analyst', 'operator', 'admin', 'auditor'),
    comes(world, 'caio.nunes', 'policy_author', 'policy_approver'),
    comes(world, 'bruna.sales', 'operator', 'operations_approver'),
  ]);
  await settingUp(world, helena.call);
  // Only for pictures: an activation waits for its backtest.
  if (pace === 'picture') await activatePolicy(world, helena.call, caio.call);
  for (const loan of LOANS) world.openAuction({ loan: structuredClone(loan) as object });
  const declined = control.openAuction({ borrower: 'short_tenure' }).key;
  for (let i = 0; i < auctions; i += 1) {
    control.openAuction({});
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const won = world.openAuction({ loan: {} });
  control.openAuction({ print: { data: { inclusion_limit_datetime: 'soon' } } });
  for (const seconds of STILL_OPEN) control.openAuction({ borrower: 'clean', window_seconds: seconds });
  const { credit_operation_key: disbursed } = await world.auctionBecomes(won, 'won');
  await world.operationBecomes(String(disbursed), 'disbursed');
  await world.auctionBecomes(declined, 'declined');
  const failed = await waitFor('a payment that failed', async () => {
    const { body } = await world.door.master('GET', '/api/v1/operations?status=disbursement_failed');
    return (body['items'] as { credit_operation_key: string }[])[0]?.credit_operation_key;
  });
  const proposals = await attend(world, bruna.call);
  const draft = await writePolicies(helena.call, caio.call);
  if (pace === 'picture') await measure(helena.call, draft);
  await workTheQueue(bruna.call);
  // Last: what happens from now on is little, and nobody is there to hear it.
  await done(
    helena.call('POST', '/api/v1/notification-endpoints', {
      url: 'https://avisos.example.com/arremate',
      description: 'Plantão das operações',
      event_types: ['operation.failed', 'task.opened'],
    }),
  );
  return {
    helena: helena.person,
    wonAuction: won,
    declinedAuction: declined,
    disbursedOperation: String(disbursed),
    failedOperation: failed,
    draft,
    ...proposals,
    dashboard: await dashboardOf(helena.call),
  };
}

/** What Helena looks at every morning, for all to see. */
async function dashboardOf(helena: Call): Promise<string> {
  const ids: string[] = [];
  for (const [name, query] of [
    ['Vitórias por taxa', 'by=rate&measures=win_rate&days=30'],
    ['Situação por prazo', 'by=status%2Cterm&measures=requests&days=30'],
  ]) {
    const { body } = await done(helena('POST', '/api/v1/views', { name, page: 'explore', query }));
    ids.push(String(body['id']));
  }
  const written = { name: 'Mesa da manhã', is_shared: true, view_ids: ids };
  return String((await done(helena('POST', '/api/v1/dashboards', written))).body['id']);
}

async function comes(world: ConsoleWorld, name: string, ...roles: string[]): Promise<Colleague> {
  const person = await newPerson(world.door, `${name}@example.com`, ...roles);
  return { person, call: browserOf(world.door, await person.signIn()) };
}

/** The accounts and tokens that an administrator makes once, and one webhook that nobody understands. */
async function settingUp(world: ConsoleWorld, helena: Call): Promise<void> {
  for (const [username, ...roles] of INVITED)
    await done(helena('POST', '/api/v1/users', { username, roles }));
  for (const [name, ...roles] of TOKENS) await done(helena('POST', '/api/v1/tokens', { name, roles }));
  const unheardOf = { webhook_type: 'laas.credit_operation.renegotiation', key: '7d0c2f4e', data: {} };
  await world.service.post('/webhooks/qi', unheardOf);
}

/** The second version: Helena's rates, measured, approved and activated by Caio. */
async function activatePolicy(world: ConsoleWorld, helena: Call, caio: Call): Promise<void> {
  await world.auctionBecomes(world.openAuction(), 'bid');
  const { number, hash } = await write(helena, 'Consignado privado: taxas de novembro', cheaper('t2'));
  const path = `/api/v1/policies/${String(number)}`;
  await measure(helena, number);
  await done(helena('POST', `${path}/submit`));
  await done(caio('POST', `${path}/approve`, undefined, { 'if-match': `"${hash}"` }));
  await done(caio('POST', `${path}/activate`, { reason: 'Comitê de crédito de novembro' }));
}

/** One version waits for its second person, another one is being written. @returns the latter's number */
async function writePolicies(helena: Call, caio: Call): Promise<number> {
  const capped = await write(caio, 'Consignado privado: menos por empregador', (document) => ({
    ...document,
    exposure: { ...(document['exposure'] as object), per_employer: '1500000.00' },
  }));
  await done(caio('POST', `/api/v1/policies/${String(capped.number)}/submit`));
  const { number } = await write(helena, 'Consignado privado: taxas de dezembro', cheaper('t3'));
  await done(
    helena('PUT', `/api/v1/policies/${String(number)}/name`, {
      own_name: 'Mais barato com três anos de casa',
    }),
  );
  return number;
}

type Change = (document: Record<string, unknown>) => object;

async function write(
  author: Call,
  name: string,
  change: Change,
): Promise<{ readonly number: number; readonly hash: string }> {
  const { body, headers } = await done(author('POST', '/api/v1/policies', {}));
  const number = Number(body['number']);
  const document = { ...change(body['document'] as Record<string, unknown>), name };
  const match = { 'if-match': String(headers['etag']) };
  const saved = await done(author('PUT', `/api/v1/policies/${String(number)}`, { document }, match));
  return { number, hash: String(saved.body['hash']) };
}

interface PricedRow {
  readonly id: string;
  readonly then: { readonly monthly_interest_rate: string };
}

/** A tenth of a point off for these rows. */
const cheaper =
  (rows: string): Change =>
  (document) => {
    const [prices, ...others] = document['tables'] as { readonly rows: readonly PricedRow[] }[];
    const reduced = prices?.rows.map((row) =>
      row.id.startsWith(rows)
        ? { ...row, then: { ...row.then, monthly_interest_rate: less(row.then.monthly_interest_rate) } }
        : row,
    );
    return { ...document, tables: [{ ...prices, rows: reduced }, ...others] };
  };

const less = (rate: string): string => String(Number((Number(rate) - 0.001).toFixed(4)));

async function measure(author: Call, number: number): Promise<void> {
  const path = `/api/v1/policies/${String(number)}/backtests`;
  const now = Date.now();
  const period = {
    received_from: new Date(now - A_WEEK_MS).toISOString(),
    received_before: new Date(now).toISOString(),
  };
  await done(author('POST', path, period));
  await waitFor('the impact to be measured', async () => {
    const { body } = await author('GET', path);
    return (body['items'] as { state: string }[])[0]?.state === 'done' ? true : undefined;
  });
}

/** Bruna has two clients who ask for their FGTS; one of them has not let QI look. */
async function attend(
  world: ConsoleWorld,
  bruna: Call,
): Promise<Pick<DemoDay, 'offeredProposal' | 'failedProposal' | 'proposalFile'>> {
  const open = async (document_number: string): Promise<string> => {
    const person = { name: 'Joana Ribeiro', birth_date: '1985-03-10', is_pep: false };
    const { body } = await done(
      bruna('POST', '/api/v1/proposals', { product: 'fgts', document_number, person }),
    );
    return String(body['proposal_id']);
  };
  const [offeredProposal, failedProposal] = [await open('10000000108'), await open('91000000192')];
  await world.proposalBecomes(offeredProposal, 'offered');
  await world.proposalBecomes(failedProposal, 'balance_failed');
  return { offeredProposal, failedProposal, proposalFile: await sendFile(world) };
}

/** A file with one client who can be helped and one whose CPF is mistyped. */
async function sendFile(world: ConsoleWorld): Promise<string> {
  const answer = await fetch(`${world.service.url}/api/v1/proposal-batches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'text/csv' },
    body: 'cpf;data_nascimento;pep\n10000000280;10/03/1985;não\n11111111112;10/03/1985;não\n',
  });
  const { batch_id: id } = (await answer.json()) as { batch_id: string };
  return id;
}

/** Bruna has two tasks in hand. */
async function workTheQueue(bruna: Call): Promise<void> {
  const { body } = await done(bruna('GET', '/api/v1/tasks?kind=authorization_review'));
  for (const { id } of (body['items'] as { id: string }[]).slice(0, 2))
    await done(bruna('POST', `/api/v1/tasks/${id}/claim`));
}

/** @throws unless it was done */
async function done(call: Promise<Answer>): Promise<Answer> {
  const answer = await call;
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer;
}
