import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../sandbox';
import type { WebhookEvent } from '../../src/inbox';
import { calendarDate } from '../../src/kernel';
import { OperationService } from '../../src/operation';
import type { OperationEvent } from '../../src/operation/domain';
import { ComebackWatch } from '../../src/operation/comeback-watch.service';
import { ClaimBook } from '../../src/origination';
import { FederalPayrollProduct } from '../../src/origination/products/federal-payroll/federal-payroll-product';
import { RefinancedContracts } from '../../src/origination/products/federal-payroll/refinanced-contracts';
import { ProposalJudge } from '../../src/origination/proposal-judge.service';
import { ProposalLife } from '../../src/origination/proposal-life.service';
import { accountOf, personOf } from '../support/borrower';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';

/** What of a borrower's one loan takes, and until when no other one may. */
let world: AccessWorld;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
  world = await createAccessWorld({ ARREMATE_ROLE: 'web', QI_BASE_URL: sandbox.url });
});
afterAll(async () => {
  await world.close();
  await sandbox.close();
});

const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
  world.dataSource.query<Row[]>(statement, values);
const withdrawals = (years: readonly number[]) =>
  years.map((year) => ({ due_date: `${String(year)}-04-01`, amount: '300.00' }));

/** As the borrower has accepted it: the withdrawals of these years. */
const offerOf = (years: readonly number[]) => ({
  fee_table: 'padrao',
  label: 'Padrão',
  monthly_interest_rate: '0.0175',
  rebates: [],
  differences: [],
  problem: null,
  qi: null,
  figures: {
    disbursement_date: '2099-01-04',
    issue_amount: '900.00',
    disbursed_issue_amount: '900.00',
    iof_amount: '0.00',
    contract_fee_amount: '0.00',
    total_amount: '900.00',
    cet: '0.0190',
    annual_cet: '0.250000',
    periods: withdrawals(years),
  },
});

async function opened(cpf: string): Promise<string> {
  const asked = { product: 'fgts', document_number: cpf, person: personOf(cpf), account: accountOf(cpf) };
  const { status, body } = await world.master('POST', '/api/v1/proposals', asked);
  expect(status).toBe(202);
  const id = String(body['proposal_id']);
  await sql(
    `UPDATE proposal_command SET status = 'accepted', settled_at = now(), settled_by = 'test' WHERE proposal_id = $1`,
    [id],
  );
  return id;
}

async function accepted(cpf: string, years: readonly number[]): Promise<string> {
  const id = await opened(cpf);
  await sql(
    `UPDATE proposal SET status = 'accepted', offer = $2, offer_expires_at = '2099-01-01',
       disbursed_issue_amount = '900.00' WHERE id = $1`,
    [id, offerOf(years)],
  );
  return id;
}

const issue = (id: string) => world.master('POST', `/api/v1/proposals/${id}/issue`, {});
const hear = (operationKey: string, event: OperationEvent, product = 'fgts') =>
  world.dataSource.transaction((tx) =>
    world.app
      .get(OperationService)
      .recordEvent(tx, { id: undefined, eventAtText: undefined } as unknown as WebhookEvent, {
        operationKey,
        product,
        event,
      }),
  );

/** @returns the key of the loan */
async function issued(cpf: string, years: readonly number[]): Promise<string> {
  const [id, key] = [await accepted(cpf, years), randomUUID()];
  expect(await issue(id)).toMatchObject({ status: 202 });
  await sql(
    `UPDATE proposal_command SET status = 'accepted', settled_at = now(), settled_by = 'qi'
     WHERE proposal_id = $1 AND action = 'issue'`,
    [id],
  );
  await sql(
    `UPDATE proposal SET status = 'issued', ended_at = now(), credit_operation_key = $2 WHERE id = $1`,
    [id, key],
  );
  return key;
}

async function paid(cpf: string, years: readonly number[]): Promise<string> {
  const key = await issued(cpf, years);
  await hear(key, { kind: 'signed', evidence: { signers: [], hasSignedContract: false } });
  await hear(key, { kind: 'reservation_confirmed' });
  await hear(key, { kind: 'disbursed', payments: [], installments: [] });
  return key;
}

const NEXT_YEAR = String(new Date().getUTCFullYear() + 1);

/** A servant's loan that was paid, and a proposal that may pay it off. @returns its key and that proposal */
async function servantsLoan(): Promise<readonly [key: string, id: string]> {
  const [cpf, key] = [newCpf(), randomUUID()];
  const made = await opened(cpf);
  await hear(key, { kind: 'reservation_confirmed' }, 'federal_payroll');
  await hear(key, { kind: 'disbursed', payments: [], installments: [] }, 'federal_payroll');
  await sql(
    `UPDATE operation SET borrower_index = (SELECT borrower_index FROM proposal WHERE id = $2) WHERE credit_operation_key = $1`,
    [key, made],
  );
  const { figures, ...offer } = offerOf([]);
  const plan = {
    installment_face_value: '300.00',
    number_of_installments: 24,
    first_due_date: `${NEXT_YEAR}-03-07`,
  };
  await sql(
    `UPDATE proposal SET product = 'federal_payroll', status = 'issued', ended_at = now(), credit_operation_key = $2,
       claim = '17000/0001', offer = $3 WHERE id = $1`,
    [made, key, { ...offer, asked: { refinanced: [] }, figures: { ...figures, ...plan } }],
  );
  const id = await opened(cpf);
  await sql(`UPDATE proposal SET product = 'federal_payroll' WHERE id = $1`, [id]);
  return [key, id];
}

describe('a loan that was paid off', () => {
  it('is not refinanced: it has nothing left to pay off, and its margin is free already', async () => {
    const [key, id] = await servantsLoan();
    const choices = () =>
      world.dataSource.transaction(async (tx) => {
        const proposal = await world.app.get(ProposalLife).lock(tx, id);
        return proposal && world.app.get(FederalPayrollProduct).ownContracts(tx, proposal);
      });
    const wishes = { link: '17000/0001', refinancing: [{ kind: 'own', operation_key: key }] };
    const found = () =>
      world.dataSource.transaction(async (tx) => {
        const proposal = await world.app.get(ProposalLife).lock(tx, id);
        const day = calendarDate(`${NEXT_YEAR}-01-04`);
        return proposal && world.app.get(RefinancedContracts).find(tx, proposal, wishes as never, day);
      });
    expect([await choices(), await found()]).toMatchObject([
      [{ operation_key: key }],
      [{ operationKey: key }],
    ]);
    await hear(key, { kind: 'noted', what: 'settled' }, 'federal_payroll');
    expect([await choices(), await found()]).toEqual([
      [],
      { path: 'wishes.refinancing', message: 'a operação já foi quitada' },
    ]);
  });
});

describe('a servant’s loan that was closed unpaid and comes back', () => {
  const refused = { kind: 'reservation_refused', failures: [{ code: 'consent_expired', reason: undefined }] };
  const notSigned = {
    kind: 'disbursement_failed',
    failure: { code: 'waiting_signature', reason: undefined },
  };
  const tell = (key: string, event: object) => hear(key, event as OperationEvent, 'federal_payroll');
  const told = (key: string) =>
    sql(`SELECT reason_code FROM task WHERE credit_operation_key = $1 AND kind = 'contradiction'`, [key]);
  const LINK = '17000/0001';
  /** A proposal that has been ordered, and takes the link unless another runs that has it; `then` before it is committed. */
  async function ordered(cpf: string, then = (): Promise<unknown> => Promise.resolve()) {
    const [id, key] = [await opened(cpf), randomUUID()];
    await sql(
      `UPDATE proposal SET product = 'federal_payroll', status = 'issued', ended_at = now(), credit_operation_key = $2
       WHERE id = $1`,
      [id, key],
    );
    const isTaken = await world.dataSource.transaction(async (tx) => {
      const proposal = await world.app.get(ProposalLife).lock(tx, id);
      const today = calendarDate('2026-12-01');
      const taken = proposal && (await world.app.get(ClaimBook).takeAlone(tx, proposal, LINK, today));
      await then();
      return taken;
    });
    return { key, isTaken };
  }
  const holds = async (...keys: readonly string[]): Promise<readonly unknown[]> => {
    const rows = await sql<{ key: string; held: boolean }>(
      `SELECT credit_operation_key AS key, holds_claim AS held FROM proposal WHERE credit_operation_key = ANY ($1)`,
      [keys],
    );
    return keys.map((key) => rows.find((row) => row.key === key)?.held);
  };
  async function closed(cpf: string): Promise<string> {
    const { key } = await ordered(cpf);
    await tell(key, refused);
    return key;
  }

  it('keeps others out of its link again, where nobody has taken it', async () => {
    const cpf = newCpf();
    const key = await closed(cpf);
    await tell(key, notSigned);
    expect(await ordered(cpf)).toMatchObject({ isTaken: false });
    expect([await holds(key), await told(key)]).toEqual([[true], []]);
  });

  it('takes it back from one that has ended too', async () => {
    const cpf = newCpf();
    const [first, second] = [await closed(cpf), await closed(cpf)];
    expect(await holds(first, second)).toEqual([false, true]);
    await tell(first, notSigned);
    expect([await holds(first, second), await told(first)]).toEqual([[true, false], []]);
    // Now the second comes too late.
    await tell(second, notSigned);
    expect(await told(second)).toEqual([{ reason_code: 'claim_taken' }]);
  });

  it('is a contradiction where a running one has it, also one that takes it at this moment', async () => {
    const cpf = newCpf();
    const first = await closed(cpf);
    let atIt = (): void => undefined;
    const taking = new Promise<void>((resolve) => (atIt = resolve));
    const taker = ordered(cpf, () => {
      atIt();
      return setTimeout(300);
    });
    await taking;
    await tell(first, notSigned);
    const { key: second, isTaken } = await taker;
    expect([isTaken, await holds(first, second), await told(first)]).toEqual([
      true,
      [false, true],
      [{ reason_code: 'claim_taken' }],
    ]);
  });

  it('under a release before, takes it again too, or people are told who has it', async () => {
    const [alone, shared] = [newCpf(), newCpf()];
    const [first, second] = [await closed(alone), await closed(shared)];
    const { key: third } = await ordered(shared);
    await sql(`UPDATE proposal SET holds_claim = false WHERE credit_operation_key = $1`, [first]);
    for (const key of [first, second]) {
      // What an issue makes of a loan, and what that release made of the news.
      await sql(
        `UPDATE operation SET origin = 'active', linked_at = opened_at, request_control_key = gen_random_uuid(),
           disbursed_issue_amount = 900, monthly_interest_rate = 0.0179, status = 'disbursement_failed', ended_at = NULL
         WHERE credit_operation_key = $1`,
        [key],
      );
      await sql(
        `INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, from_margin, to_margin,
           recorded_at)
         VALUES ($1, 'disbursement_failed', 'applied', 'reservation_failed', 'disbursement_failed', 'refused', 'refused', now())`,
        [key],
      );
    }
    await world.app.get(ComebackWatch).sweep();
    expect(await holds(first, second, third)).toEqual([true, false, true]);
    expect([await told(first), await told(second)]).toEqual([[], [{ reason_code: 'claim_taken' }]]);
    expect(await sql(`SELECT status, amount FROM exposure`)).toEqual(
      expect.arrayContaining([{ status: 'committed', amount: '900' }]),
    );
  });
});

const TAKEN = { status: 409, body: { type: 'urn:arremate:problem:claim_taken' } };

describe('one contract of the anniversary withdrawal a year', () => {
  it('keeps out every other one as long as a withdrawal of it is to come, whichever year that begins with', async () => {
    const cpf = newCpf();
    await paid(cpf, [2099, 2100, 2101]);
    expect(await issue(await accepted(cpf, [2100, 2101, 2102]))).toMatchObject(TAKEN);
    expect(await issue(await accepted(cpf, [2102, 2103]))).toMatchObject(TAKEN);
    expect(await issue(await accepted(newCpf(), [2102, 2103]))).toMatchObject({ status: 202 });
  });

  it('is one of two that are asked for at the same moment, of other years', async () => {
    const cpf = newCpf();
    const both = [await accepted(cpf, [2099]), await accepted(cpf, [2100])] as const;
    const answers = await Promise.all(both.map(issue));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  });

  it('keeps nobody out once it is cancelled for good, nor once its last withdrawal has come', async () => {
    const [canceled, over] = [newCpf(), newCpf()];
    await hear(await issued(canceled, [2099, 2100]), { kind: 'canceled_permanently' });
    const key = await paid(over, [2099]);
    await sql(`UPDATE proposal SET offer = $2, claim = '2024' WHERE credit_operation_key = $1`, [
      key,
      offerOf([2024]),
    ]);
    for (const cpf of [canceled, over])
      expect(await issue(await accepted(cpf, [2100]))).toMatchObject({ status: 202 });
  });

  it('keeps nobody out once it is paid off', async () => {
    const cpf = newCpf();
    const key = await paid(cpf, [2099, 2100, 2101]);
    const again = await accepted(cpf, [2099, 2100]);
    expect(await issue(again)).toMatchObject(TAKEN);
    await hear(key, { kind: 'noted', what: 'settled' });
    expect(await issue(again)).toMatchObject({ status: 202 });
    // The loan that ends is not the one that has begun.
    expect(await issue(await accepted(cpf, [2099]))).toMatchObject(TAKEN);
  });

  it('is seen before anything is offered: a client is shown nothing that could not be issued', async () => {
    const cpf = newCpf();
    await paid(cpf, [2099, 2100]);
    const id = await opened(cpf);
    const next = new Date().getUTCFullYear() + 1;
    const balance = {
      reference_date: null,
      periods: withdrawals([next, next + 1]),
      active_contracts: 0,
      has_unavailable_balance: false,
    };
    await sql(
      `UPDATE proposal SET status = 'balance_known', balance = $2, balance_at = now() WHERE id = $1`,
      [id, balance],
    );
    await world.dataSource.transaction(async (tx) => {
      const proposal = await world.app.get(ProposalLife).lock(tx, id);
      if (proposal !== undefined) await world.app.get(ProposalJudge).consider(tx, proposal);
    });
    const { status, events } = (await world.master('GET', `/api/v1/proposals/${id}`)).body;
    expect([status, (events as object[]).at(-1)]).toMatchObject([
      'not_eligible',
      { summary: { problem: { message: expect.stringContaining('01/04/2100') as string } } },
    ]);
  });
});
