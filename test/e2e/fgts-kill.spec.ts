import { readFileSync } from 'node:fs';
import { PROPOSAL_ACTIONS } from '../../src/origination/domain';
import { CommitGate } from '../support/commit-gate';
import { times } from '../support/repetitions';
import type { Answer } from '../support/service-process';
import { accountOf, personOf } from '../support/borrower';
import { waitFor } from '../support/wait-for';
import { cpf, nextBusinessDay, ProposalWorld, type Proposal } from './proposal-world';

/**
 * Power cuts in the life of a loan without an auction. Gates in the database hold the service still at an exact commit, or
 * QI holds its answer back; then the service is killed with SIGKILL, its connections are cut as a dying machine would cut
 * them, and it is started again. Whoever had asked for something asks again, with the same Idempotency-Key.
 */
type Step = 'open' | 'accept' | 'issue' | 'sign' | 'resubmit';

interface Moment {
  /** In which step of a life it lies. */
  readonly step: Step;
  readonly name: string;
  /** What is held at its commit: a table, and which row of it. */
  readonly held?: readonly [table: string, row: string];
  /** Instead: the call that QI carries out and never answers. */
  readonly unanswered?: string;
}

const command = (action: string, status: string): string =>
  `NEW.action = '${action}' AND NEW.status = '${status}'`;
const proposalIs = (step: Step, status: string): Moment => ({
  step,
  name: `${status}: before it is on disk`,
  held: ['proposal', `NEW.status = '${status}'`],
});
const operationIs = (step: Step, status: string): Moment => ({
  step,
  name: `${status}: heard, before it is on disk`,
  held: ['operation', `NEW.status = '${status}'`],
});
/** The three moments of a call: meant to be sent, at QI, and answered. */
const callOf = (step: Step, table: string, action: string, unanswered?: string): readonly Moment[] => [
  { step, name: `${action}: before it is marked as sent`, held: [table, command(action, 'sending')] },
  ...(unanswered === undefined ? [] : [{ step, name: `${action}: at QI`, unanswered }]),
  { step, name: `${action}: answered, before that is on disk`, held: [table, command(action, 'accepted')] },
];

const MOMENTS: readonly Moment[] = [
  proposalIs('open', 'querying'),
  ...callOf('open', 'proposal_command', 'query_balance', 'available_balance'),
  proposalIs('open', 'balance_known'),
  // Judging is one commit with the reading of the balance, offering with the simulation.
  ...callOf('open', 'proposal_command', 'read_balance'),
  ...callOf('open', 'proposal_command', 'simulate'),
  proposalIs('accept', 'accepted'),
  proposalIs('issue', 'issuing'),
  ...callOf('issue', 'proposal_command', 'issue', 'debt_create'),
  {
    step: 'sign',
    name: 'submit_signature: asked',
    held: ['operation_command', command('submit_signature', 'intended')],
  },
  ...callOf('sign', 'operation_command', 'submit_signature', 'signed'),
  operationIs('sign', 'signed'),
  operationIs('sign', 'reserved'),
  operationIs('sign', 'disbursement_failed'),
  {
    step: 'resubmit',
    name: 'resubmit_disbursement: asked',
    held: ['operation_command', command('resubmit_disbursement', 'intended')],
  },
  ...callOf('resubmit', 'operation_command', 'resubmit_disbursement', 'disbursement_option'),
  operationIs('resubmit', 'disbursed'),
];

let fgts: ProposalWorld;
beforeAll(async () => {
  fgts = await ProposalWorld.start();
});
afterAll(() => fgts.end());

/** Long enough for a restart and for what QI tells again. */
const PATIENCE = { timeoutMs: 60_000, everyMs: 50 };
const EVIDENCE = 'test/contracts/qi/payloads/fgts/17-request-signed-data-signature-selfie.json';

/** One borrower from the CPF to the money, by people who ask again when nobody answers. */
class Life {
  readonly document = cpf();
  id = '';
  key = '';

  /** @param before is told of each step before it is asked for */
  async live(before: (step: Step) => Promise<void>): Promise<void> {
    await before('open');
    const { document: document_number } = this;
    const borrower = { person: personOf(document_number), account: accountOf(document_number) };
    const opened = await this.#ask('open', 'proposals', { product: 'fgts', document_number, ...borrower });
    this.id = (opened.body as { proposal_id: string }).proposal_id;
    const offered = await this.#becomes('offered');
    await before('accept');
    await this.#ask('accept', `proposals/${this.id}/accept`, fgts.acceptanceOf(offered));
    await before('issue');
    await this.#ask('issue', `proposals/${this.id}/issue`, {});
    this.key = (await this.#becomes('issued')).credit_operation_key ?? '';
    await before('sign');
    await this.#ask('sign', `operations/${this.key}/signature`, this.#evidence());
    await this.#operationIs('disbursement_failed');
    await before('resubmit');
    const body = {
      disbursement_date: nextBusinessDay(),
      disbursement_bank_accounts: [
        {
          name: 'Maria da Silva',
          document_number: this.document,
          bank_code: 341,
          branch_number: '0001',
          account_number: '12345',
          account_digit: '6',
          percentage_receivable: 100,
        },
      ],
    };
    await this.#ask('resubmit', `operations/${this.key}/resubmit_disbursement`, body);
    await this.#operationIs('disbursed');
  }

  #evidence(): object {
    const printed = JSON.parse(readFileSync(EVIDENCE, 'utf8')) as { signatures: { signer: object }[] };
    const signatures = printed.signatures.map((signature) => ({
      ...signature,
      signer: { ...signature.signer, document_number: this.document },
    }));
    return { ...printed, signatures };
  }

  async #ask(step: Step, path: string, body: object): Promise<Answer> {
    const headers = { 'idempotency-key': `${step} ${this.document}` };
    const asked = () => fgts.post(path, body, headers).catch(() => undefined);
    const answer = await waitFor(`an answer to ${step}`, asked, PATIENCE);
    expect({ step, ...answer }).toMatchObject({ step, status: 202 });
    return answer;
  }

  #becomes(status: string): Promise<Proposal> {
    const arrives = async (): Promise<Proposal | undefined> => {
      const proposal = await fgts.read(this.id).catch(() => undefined);
      return proposal?.status === status ? proposal : undefined;
    };
    return waitFor(`the proposal to become ${status}`, arrives, PATIENCE);
  }

  #operationIs(status: string): Promise<true> {
    const arrives = async (): Promise<true | undefined> => {
      const { rows } = await fgts.world.sql.query<{ status: string }>(
        `SELECT status FROM operation WHERE credit_operation_key = $1`,
        [this.key],
      );
      return rows[0]?.status === status ? true : undefined;
    };
    return waitFor(`the operation to become ${status}`, arrives, PATIENCE);
  }
}

interface Held {
  readonly life: Life;
  readonly lived: Promise<void>;
}

/** A life that stands still at the moment. */
async function holdAt({ step, unanswered, name }: Moment, gate: CommitGate | undefined): Promise<Held> {
  const life = new Life();
  const faults = unanswered === undefined ? {} : { [unanswered]: ['timeout_after_effect'] };
  await fgts.plan(life.document, { signature: ['never'], payment: ['pix_refusal', 'disbursed'], faults });
  const heardBefore = unansweredCalls();
  const lived = life.live(async (next) => {
    if (next === step) await gate?.shut();
  });
  lived.catch(() => undefined); // told where it is waited for
  if (gate === undefined)
    await waitFor(name, () => (unansweredCalls() > heardBefore ? true : undefined), PATIENCE);
  else await gate.holds();
  return { life, lived };
}

const unansweredCalls = (): number =>
  fgts.world.sandbox.control.ledger().calls.filter(({ answer }) => answer === 'no_answer').length;

/** Several lives stand still when the power is cut: each at another moment, the latest of a life first. */
async function cutPower(moments: readonly Moment[]): Promise<void> {
  const { sql, database, service } = fgts.world;
  // Built before any of them holds anything: a gate needs its table for a moment.
  const gates: (CommitGate | undefined)[] = [];
  for (const { held: row } of moments) gates.push(row && (await CommitGate.build(sql, database.url, ...row)));
  const held: Held[] = [];
  for (const [at, moment] of moments.entries()) held.push(await holdAt(moment, gates[at]));
  await service.kill();
  await sql.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'arremate%'`,
  );
  for (const gate of gates) {
    await gate?.open();
    await gate?.end();
  }
  await service.restart();
  await Promise.all(held.map(({ lived }) => lived));
  for (const { life } of held) hasOneDebt(life);
  // A query or evidence whose answer was lost is sent again: it costs quota, and nothing else.
  const harmless = ['query_while_pending', 'signed_twice'];
  const { violations } = fgts.world.sandbox.control.ledger();
  expect(violations.filter(({ kind }) => !harmless.includes(kind))).toEqual([]);
}

function hasOneDebt({ document, key }: Life): void {
  const debts = fgts.debtsOf(document);
  expect(debts).toMatchObject([{ debt_key: key, state: 'disbursed' }]);
}

const named = (...names: readonly string[]): readonly Moment[] =>
  names.map((name) => {
    const moment = MOMENTS.find((each) => each.name === name);
    if (moment === undefined) throw new Error(`there is no moment ${name}`);
    return moment;
  });

/** A few moments of one cut, where a second debt or a lost one would come from; thoroughly each moment in a cut of its own. */
const CUTS: readonly (readonly Moment[])[] =
  times(0, 1) === 1
    ? MOMENTS.map((moment) => [moment])
    : [
        named(
          'resubmit_disbursement: at QI',
          'issue: at QI',
          'issue: answered, before that is on disk',
          'balance_known: before it is on disk',
        ),
      ];

it.each(CUTS.map((moments) => ({ moments, names: moments.map(({ name }) => name).join(' / ') })))(
  'goes on with one debt after the power is cut at: $names',
  async ({ moments }) => {
    await cutPower(moments);
  },
  180_000,
);

it('cuts the power at every call that a proposal makes of QI on its way to the money', () => {
  const cut = (action: string): boolean =>
    MOMENTS.some(({ held }) => held?.[1] === command(action, 'accepted'));
  expect(PROPOSAL_ACTIONS.filter((action) => !cut(action))).toEqual(['cancel_query']);
});
