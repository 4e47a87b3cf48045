import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { startSandbox, type Sandbox } from '../../sandbox';
import { SenderGround, type CommandAnswer } from '../../src/commands';
import type { WebhookEvent } from '../../src/inbox';
import { addDays, calendarDateAt, Decimal, type Clock } from '../../src/kernel';
import { OperationService } from '../../src/operation';
import { OperationLife } from '../../src/operation/operation-life.service';
import { PaidAmounts } from '../../src/operation/paid-amounts.service';
import { AuthorizationWatch } from '../../src/origination/products/federal-payroll/authorization-watch.service';
import { BalanceNewsService } from '../../src/origination/balance-news.service';
import { IssueOrders } from '../../src/origination/issue-orders';
import { OriginationSweep } from '../../src/origination/origination-sweep.service';
import { ORIGINATION_LIMITS, type OriginationLimits } from '../../src/origination/origination-limits';
import { ProposalCommandBook } from '../../src/origination/proposal-command-book';
import { ProposalCommandSender } from '../../src/origination/proposal-command-sender';
import { ProposalCommands } from '../../src/origination/proposal-commands';
import { ProposalJudge } from '../../src/origination/proposal-judge.service';
import { ProposalLife } from '../../src/origination/proposal-life.service';
import type { ProposalAction } from '../../src/origination/domain';
import { FGTS_DESK, type FgtsDesk } from '../../src/origination/ports';
import { CLOCK } from '../../src/platform';
import { ProposalTasks } from '../../src/origination/proposal-tasks';
import { Proposals } from '../../src/origination/proposals.service';
import type { ProposalEntity } from '../../src/origination/proposal.entity';
import { RestoreSteps } from '../../src/recovery';
import { wrongCounters } from '../support/bids';
import { accountOf, personOf } from '../support/borrower';
import { guardExposure } from '../support/exposure-guard';
import { refuseRow } from '../support/refused-row';
import { Siape } from '../support/siape';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

/** A process for the web: what is asked of QI stays on disk, so that each answer is the test's. */
let world: AccessWorld;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ behaviour: { contract: { federal_payroll: { servants: 'everybody' } } } });
  world = await createAccessWorld({ ARREMATE_ROLE: 'web', QI_BASE_URL: sandbox.url });
  await guardExposure({ query: world.asOwner });
});
afterAll(async () => {
  await world.close();
  await sandbox.close();
});

const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
  world.dataSource.query<Row[]>(statement, values);

/** As the borrower has accepted it: withdrawals of that year, and so much on the account. */
function offerOf(amount: string, year: string) {
  const figures = {
    disbursement_date: '2099-01-04',
    issue_amount: amount,
    disbursed_issue_amount: amount,
    iof_amount: '0.00',
    contract_fee_amount: '0.00',
    total_amount: amount,
    cet: '0.0190',
    annual_cet: '0.250000',
    periods: [{ due_date: `${year}-04-01`, amount: '300.00' }],
  };
  return {
    fee_table: 'padrao',
    label: 'Padrão',
    monthly_interest_rate: '0.0175',
    rebates: [],
    differences: [],
    problem: null,
    qi: null,
    figures,
  };
}

async function accepted(cpf = newCpf(), amount = '1000.00', year = '2099'): Promise<string> {
  const opened = await world.master('POST', '/api/v1/proposals', {
    product: 'fgts',
    document_number: cpf,
    person: personOf(cpf),
    account: accountOf(cpf),
  });
  expect(opened).toMatchObject({ status: 202 });
  const id = String(opened.body['proposal_id']);
  await sql(
    `UPDATE proposal_command SET status = 'accepted', settled_at = now(), settled_by = 'test' WHERE proposal_id = $1`,
    [id],
  );
  await sql(
    `UPDATE proposal SET status = 'accepted', offer = $2, offer_expires_at = now() + interval '1 day',
       disbursed_issue_amount = $3 WHERE id = $1`,
    [id, offerOf(amount, year), amount],
  );
  return id;
}

const issue = (id: string) => world.master('POST', `/api/v1/proposals/${id}/issue`, {});
const read = async (id: string) => (await world.master('GET', `/api/v1/proposals/${id}`)).body;
const exposureOf = (id: string) =>
  sql(
    `SELECT exposure.status, status_reason FROM exposure JOIN proposal ON control_key = request_control_key
     WHERE id = $1`,
    [id],
  );
const locked = (id: string, work: (tx: never, proposal: ProposalEntity) => Promise<unknown>) =>
  world.dataSource.transaction(async (tx) => {
    const proposal = await world.app.get(ProposalLife).lock(tx, id);
    if (proposal !== undefined) await work(tx as never, proposal);
  });

/** QI's answer to the order is lost, and no look-up has settled it. */
async function lost(amount?: string): Promise<string> {
  const id = await accepted(undefined, amount);
  expect(await issue(id)).toMatchObject({ status: 202 });
  await sql(
    `UPDATE proposal_command SET status = 'unknown', attempts = 9 WHERE proposal_id = $1 AND action = 'issue'`,
    [id],
  );
  await locked(id, (tx, proposal) => world.app.get(ProposalTasks).openUnknown(tx, proposal, 'issue'));
  return id;
}

/** The order that is under way. */
async function orderOf(id: string): Promise<string | undefined> {
  const [order] = await sql<{ id: string }>(
    `SELECT id FROM proposal_command WHERE proposal_id = $1 AND action = 'issue' AND settled_at IS NULL`,
    [id],
  );
  return order?.id;
}

const openTasks = (id: string) =>
  sql<{ kind: string; message: string }>(
    `SELECT kind, message FROM task WHERE proposal_id = $1 AND status <> 'resolved'`,
    [id],
  );

/** As somebody does in the queue who has read it and thinks no more of it. */
async function tickOff(id: string): ReturnType<typeof world.master> {
  const [task] = await sql<{ id: string }>(`SELECT id FROM task WHERE proposal_id = $1`, [id]);
  return world.master('POST', `/api/v1/tasks/${task?.id ?? ''}/resolve`, {});
}

describe('what a debt puts at risk', () => {
  /** As an order for a loan of another product does: of this one there is one at a time. */
  const reserved = (id: string) =>
    locked(id, (tx, proposal) => {
      if (proposal.offer === null) throw new Error('nothing is accepted');
      return world.app.get(IssueOrders).reserve(tx, proposal, proposal.offer);
    });

  it('is refused above a cap before any call, in words, and its place is not lost to others', async () => {
    const cpf = newCpf();
    const [other, beyond] = [await accepted(cpf, '20000.00'), await accepted(cpf, '20000.00')];
    await reserved(other);
    expect(await issue(beyond)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:arremate:problem:limits_reached',
        errors: [
          {
            path: 'disbursed_issue_amount',
            message:
              'A oferta passaria do limite de exposição no CPF. Seria R$ 40.000,00; o permitido é até R$ 30.000,00.',
          },
        ],
      },
    });
    expect(await read(beyond)).toMatchObject({ status: 'accepted', commands: [{ action: 'query_balance' }] });
    const [claim] = await sql(`SELECT holds_claim FROM proposal WHERE id = $1`, [beyond]);
    expect(claim).toEqual({ holds_claim: false });
    expect(await exposureOf(beyond)).toEqual([]);

    await locked(other, (tx, proposal) =>
      world.app
        .get(ProposalCommands)
        .rejected(
          tx,
          proposal,
          { id: randomUUID(), subject: proposal.id, action: 'issue', actor: 'ana', attempts: 1 },
          { kind: 'rejected', httpStatus: 400, code: 'X', description: undefined, body: '{}' },
        ),
    );
    expect(await issue(beyond)).toMatchObject({ status: 202 });
    expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
  });

  it('is seen before anything is offered: a client is shown nothing that could not be issued', async () => {
    const cpf = newCpf();
    await reserved(await accepted(cpf, '29900.00'));
    const id = await accepted(cpf);
    await sql(
      `UPDATE proposal SET status = 'balance_known', balance = $2, balance_at = now(), offer = NULL WHERE id = $1`,
      [id, BALANCE],
    );
    await locked(id, (tx, proposal) => world.app.get(ProposalJudge).consider(tx, proposal));
    const { status, events, decision } = await read(id);
    expect(status).toBe('not_eligible');
    const reasons = [
      { code: 'EXPOSURE_PER_BORROWER', message: 'A oferta passaria do limite de exposição no CPF.' },
    ];
    expect((events as { summary: object }[]).at(-1)?.summary).toEqual({ reasons });
    expect(decision).toMatchObject({ outcome: 'not_eligible', reasons });
  });

  it('is kept while the answer is unknown, committed with the operation, and freed by its end', async () => {
    const id = await lost();
    expect(await exposureOf(id)).toEqual([{ status: 'reserved', status_reason: null }]);
    const key = randomUUID();
    await world.master('POST', `/api/v1/proposals/${id}/settle_issue`, {
      outcome: 'took_effect',
      credit_operation_key: key,
      evidence: 'portal da QI, lista de operações',
    });
    expect(await exposureOf(id)).toEqual([{ status: 'committed', status_reason: null }]);
    await world.dataSource.transaction((tx) =>
      world.app.get(OperationService).recordEvent(tx, { id: undefined, eventAtText: undefined } as never, {
        operationKey: key,
        product: 'fgts',
        event: { kind: 'canceled_permanently' },
      }),
    );
    expect(await exposureOf(id)).toEqual([{ status: 'released', status_reason: 'canceled_permanently' }]);
    expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
  });
});

describe('the rules of the day of a contract', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const setClock = (time: string) =>
    jest.spyOn(world.app.get<Clock>(CLOCK), 'now').mockReturnValue(new Date(`${time}-03:00`));
  const offerOver = (withdrawals: number, rate = '0.0175') => {
    const { figures, ...offer } = offerOf('900.00', '2099');
    const periods = Array.from({ length: withdrawals }, (_, years) => ({
      due_date: `${String(2099 + years)}-04-01`,
      amount: '300.00',
    }));
    return { ...offer, monthly_interest_rate: rate, figures: { ...figures, periods } };
  };

  it.each([
    ['2026-10-31', 5, '0.0175', 202],
    ['2026-11-01', 5, '0.0175', 409],
    ['2026-11-01', 3, '0.0175', 202],
    ['2026-11-01', 3, '0.0180', 409],
  ])('on %s, for %i withdrawals at %s a month: %i', async (day, withdrawals, rate, status) => {
    const id = await accepted(undefined, '900.00');
    await sql(`UPDATE proposal SET offer = $2, offer_expires_at = '2099-01-01' WHERE id = $1`, [
      id,
      offerOver(withdrawals, rate),
    ]);
    setClock(`${day}T09:00:00`);
    const answer = await issue(id);
    expect(answer.status).toBe(status);
    if (status === 409)
      expect(answer.body).toMatchObject({
        type: 'urn:arremate:problem:offer_over',
        detail: 'As regras mudaram depois da oferta: simular de novo.',
      });
  });

  /** It is tried, nothing leaves, nothing is held any more, and people are told so in these words. */
  async function isWithheld(id: string, words: string): Promise<void> {
    const posted = jest.spyOn(world.app.get<FgtsDesk>(FGTS_DESK), 'issue');
    expect(await send(id)).toBe('withheld');
    expect(posted).not.toHaveBeenCalled();
    expect(await read(id)).toMatchObject({
      status: 'accepted',
      failure: { code: 'issue_withheld' },
      next_actions: ['simulate', 'issue', 'withdraw'],
    });
    expect(await openTasks(id)).toEqual([
      { kind: 'proposal_refused', message: expect.stringContaining(words) as string },
    ]);
    expect(await exposureOf(id)).toEqual([{ status: 'released', status_reason: 'withheld' }]);
  }

  it('are those of the day on which its order leaves, however long QI did not take it', async () => {
    const id = await accepted(undefined, '900.00');
    await sql(`UPDATE proposal SET offer = $2, offer_expires_at = '2099-01-01' WHERE id = $1`, [
      id,
      offerOver(5),
    ]);
    setClock('2026-10-31T23:50:00');
    expect(await issue(id)).toMatchObject({ status: 202 });
    await send(id, { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 });
    setClock('2026-11-01T00:20:00');
    await isWithheld(id, 'as regras mudaram');
    expect(await sql(`SELECT holds_claim FROM proposal WHERE id = $1`, [id])).toEqual([
      { holds_claim: false },
    ]);
    expect(await issue(id)).toMatchObject({ status: 409 });
    await sql(`UPDATE proposal SET balance = $2, balance_at = '2026-11-01T00:00:00-03:00' WHERE id = $1`, [
      id,
      BALANCE,
    ]);
    const simulated = await world.master('POST', `/api/v1/proposals/${id}/simulate`, {
      wishes: { kind: 'maximum' },
    });
    expect(simulated).toMatchObject({ status: 202, body: { status: 'balance_known' } });
    expect(await read(id)).toMatchObject({ failure: null, offer: null });
    expect(await openTasks(id)).toEqual([]);
  });

  it('let no order leave once its payment day is past', async () => {
    const id = await accepted(undefined, '900.00');
    const offer = offerOver(3);
    const onDay = { ...offer, figures: { ...offer.figures, disbursement_date: '2026-11-10' } };
    await sql(`UPDATE proposal SET offer = $2, offer_expires_at = '2099-01-01' WHERE id = $1`, [id, onDay]);
    setClock('2026-11-10T23:50:00');
    expect(await issue(id)).toMatchObject({ status: 202 });
    await send(id, { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 });
    setClock('2026-11-11T00:20:00');
    await isWithheld(id, 'a data de desembolso da oferta passou');
    expect(await issue(id)).toMatchObject({
      status: 409,
      body: { detail: 'A data de desembolso da oferta passou: simular de novo.' },
    });
  });

  it.each([
    ['ends with the last day that permits it', '2026-10-31T20:00:00', 5, '2026-10-31T23:59:59.999'],
    [
      'ends with its balance under rules that change nothing of it',
      '2026-10-31T20:00:00',
      3,
      '2026-11-01T19:00:00',
    ],
    ['is judged anew once they have changed', '2026-11-01T09:00:00', 5, undefined],
  ])('an offer %s', async (_, now, withdrawals, end) => {
    const id = await accepted();
    const simulations = [offerOver(withdrawals)];
    const periods = ['2027', '2028', '2029'].map((year) => ({ due_date: `${year}-04-01`, amount: '500.00' }));
    await sql(
      `UPDATE proposal SET status = 'balance_known', balance = $2, offer = NULL, offer_expires_at = NULL,
         balance_at = '2026-10-31T19:00:00-03:00' WHERE id = $1`,
      [id, { ...BALANCE, periods }],
    );
    setClock(now);
    await locked(id, (tx, proposal) =>
      world.app.get(ProposalJudge).offer(tx, proposal, simulations as never),
    );
    const { status, offer_expires_at: expiry, simulations: left } = await read(id);
    expect([status, expiry]).toEqual(
      end === undefined ? ['balance_known', null] : ['offered', new Date(`${end}-03:00`).toISOString()],
    );
    if (end === undefined) expect(left).not.toMatchObject(simulations);
  });
});

const BALANCE = {
  reference_date: null,
  periods: [1, 2, 3].map((years) => ({
    due_date: `${String(new Date().getUTCFullYear() + years)}-04-01`,
    amount: '500.00',
  })),
  active_contracts: 0,
  has_unavailable_balance: false,
};

/** An offer that QI agreed to, of which the client has said yes or nothing yet. */
async function withOffer(status: 'offered' | 'accepted'): Promise<string> {
  const id = await accepted();
  const offer = offerOf('300.00', '2099');
  await sql(
    `UPDATE proposal SET status = $2, balance = $3, balance_at = now(), simulations = $4,
       offer = CASE WHEN $2 = 'accepted' THEN offer END WHERE id = $1`,
    [id, status, BALANCE, JSON.stringify([offer])],
  );
  return id;
}

it('a file of proposals keeps nobody from recording a deed while its lines are opened', async () => {
  const proposals = world.app.get(Proposals);
  const open = proposals.openIn.bind(proposals);
  const opening = jest.spyOn(proposals, 'openIn').mockImplementation(async (...line) => {
    await world.asOwner(`SELECT FROM audit_head FOR UPDATE NOWAIT`);
    return open(...line);
  });
  const sent = await world.app.inject({
    method: 'POST',
    url: '/api/v1/proposal-batches',
    headers: { authorization: `Bearer ${MASTER}`, 'content-type': 'text/csv' },
    payload: `cpf\n${newCpf()}\n${newCpf()}\n`,
  });
  expect(sent.statusCode).toBe(200);
  expect(opening).toHaveBeenCalledTimes(2);
  opening.mockRestore();
  const [recorded] = await sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM proposal_batch_line l JOIN audit_event ON subject = l.proposal_id::text
     WHERE l.batch_id = $1 AND action = 'proposal.opened'`,
    [sent.json<{ batch_id: string }>().batch_id],
  );
  expect(recorded).toEqual({ n: 2 });
});

it('what is possible instead is told of an order that did not leave, too', async () => {
  const id = await accepted();
  await sql(`UPDATE proposal SET failure_code = 'issue_withheld' WHERE id = $1`, [id]);
  expect(await world.master('POST', `/api/v1/proposals/${id}/query_balance`, {})).toMatchObject({
    status: 409,
    body: { allowed_actions: ['simulate', 'issue', 'withdraw'] },
  });
});

describe('an offer', () => {
  const yes = {
    fee_table: 'padrao',
    disbursed_issue_amount: '300.00',
    total_amount: '300.00',
    channel: 'app',
    text_version: '2026-11',
  };
  const act = (id: string, action: string, body: object) =>
    world.master('POST', `/api/v1/proposals/${id}/${action}`, body);
  const accept = (id: string, changes: object = {}) =>
    act(id, 'accept', { ...yes, accepted_at: new Date().toISOString(), ...changes });
  const tell = (id: string, person: object, call = world.master) =>
    call('PUT', `/api/v1/proposals/${id}/borrower`, { person });
  const kinds = async (id: string) =>
    ((await read(id))['events'] as { kind: string }[]).map(({ kind }) => kind);

  it('is of a borrower whose data nobody overwrites unseen: who told them first is kept, and the second hears of it', async () => {
    const id = await withOffer('offered');
    const { borrower_revision: seen } = await read(id);
    const told = (body: object) =>
      world.master('PUT', `/api/v1/proposals/${id}/borrower`, { ...body, borrower_revision: seen });
    const first = accountOf(newCpf());
    const second = accountOf(newCpf());
    expect(await told({ account: first })).toMatchObject({ status: 202 });
    expect(await told({ account: second })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:borrower_told' },
    });
    // What the first did not tell is no quarrel, nor is what the second has seen by then.
    expect(await told({ person: { is_pep: false } })).toMatchObject({ status: 202 });
    const { borrower_revision: now } = await read(id);
    expect(Number(now) - Number(seen)).toBe(2);
    expect(
      await world.master('PUT', `/api/v1/proposals/${id}/borrower`, {
        account: second,
        borrower_revision: now,
      }),
    ).toMatchObject({ status: 202 });
  });

  it('is over as soon as another is asked for, whatever QI says of that one', async () => {
    const id = await withOffer('offered');
    const asked = await act(id, 'simulate', { wishes: { kind: 'target', amount: '300.00' } });
    expect(asked).toMatchObject({ status: 202 });
    expect(await kinds(id)).toEqual(expect.arrayContaining(['simulation_asked', 'offer_voided']) as string[]);
    const [command] = await sql<{ id: string }>(
      `UPDATE proposal_command SET status = 'rejected', settled_at = now(), settled_by = 'qi'
       WHERE proposal_id = $1 AND action = 'simulate' RETURNING id`,
      [id],
    ).then(([rows]) => rows as unknown as { id: string }[]);
    const of = {
      id: command?.id ?? '',
      subject: id,
      action: 'simulate',
      actor: 'system',
      attempts: 1,
    } as const;
    const no = { kind: 'rejected', httpStatus: 400, code: 'X', description: undefined, body: '{}' } as const;
    await locked(id, (tx, proposal) => world.app.get(ProposalCommands).rejected(tx, proposal, of, no));
    expect(await accept(id)).toMatchObject({ status: 409 });
    expect(await read(id)).toMatchObject({ status: 'balance_known', offer_expires_at: null });
  });

  it('stays when what is asked for cannot be', async () => {
    const id = await withOffer('offered');
    const asked = await act(id, 'simulate', { wishes: { kind: 'target', amount: '300000.00' } });
    expect(asked).toMatchObject({ status: 422 });
    expect(await accept(id)).toMatchObject({ status: 202 });
  });

  const olderBy = (id: string, minutes: number) =>
    sql(`UPDATE proposal SET balance_at = now() - make_interval(hours => 24, mins => $2) WHERE id = $1`, [
      id,
      minutes,
    ]);

  it('is none on a balance that is too old by minutes', async () => {
    const id = await withOffer('offered');
    const ask = () => act(id, 'simulate', { wishes: { kind: 'target', amount: '300.00' } });
    await olderBy(id, 10);
    expect(await ask()).toMatchObject({ status: 422, body: { errors: [{ path: 'balance' }] } });
    await olderBy(id, -10);
    expect(await ask()).toMatchObject({ status: 202 });
  });

  it('is none when the balance has grown too old while QI was asked', async () => {
    const id = await withOffer('offered');
    await olderBy(id, 10);
    await sql(`UPDATE proposal SET status = 'balance_known' WHERE id = $1`, [id]);
    await locked(id, (tx, proposal) =>
      world.app.get(ProposalJudge).offer(tx, proposal, proposal.simulations ?? []),
    );
    expect(await read(id)).toMatchObject({ status: 'not_eligible', simulations: [] });
  });

  it('is none when the balance has grown too old while a person was waited for', async () => {
    const id = await withOffer('offered');
    await olderBy(id, 10);
    const differing = { ...offerOf('300.00', '2099'), differences: ['disbursed_issue_amount'] };
    await sql(`UPDATE proposal SET status = 'in_review', simulations = $2 WHERE id = $1`, [
      id,
      JSON.stringify([differing]),
    ]);
    const other = world.as(await world.tokenFor('operator'));
    expect(
      await other('POST', `/api/v1/proposals/${id}/clear_review`, { reason: 'Conferido' }),
    ).toMatchObject({ status: 202, body: { status: 'not_eligible' } });
    const { events } = await read(id);
    expect((events as object[]).at(-1)).toMatchObject({
      kind: 'declined',
      summary: { reasons: [{ code: 'SNAPSHOT_TOO_OLD' }] },
    });
  });

  it('that ended while a person was waited for is judged anew, and let through by the next who looks', async () => {
    const id = await withOffer('offered');
    await tell(id, { is_pep: true });
    const { figures, ...offer } = offerOf('300.00', '2099');
    const yesterday = addDays(calendarDateAt(new Date()), -1);
    const ended = {
      ...offer,
      figures: { ...figures, disbursement_date: yesterday },
      qi: { disbursed_issue_amount: '280.00' },
      differences: ['disbursed_issue_amount'],
    };
    await sql(`UPDATE proposal SET simulations = $2 WHERE id = $1`, [id, JSON.stringify([ended])]);
    const clear = async () => {
      const other = world.as(await world.tokenFor('operator'));
      expect(
        await other('POST', `/api/v1/proposals/${id}/clear_review`, { reason: 'Conferido' }),
      ).toMatchObject({ status: 202, body: { status: 'in_review' } });
    };
    await clear();
    const { simulations, offer_expires_at: expiry } = await read(id);
    expect([(simulations as { qi: unknown }[]).map(({ qi }) => qi), expiry]).toEqual([
      (simulations as object[]).map(() => null),
      null,
    ]);
    expect(await openTasks(id)).toMatchObject([{ kind: 'proposal_review' }]);
    await clear();
    expect(await openTasks(id)).toEqual([]);
    expect(
      await sql(`SELECT status FROM proposal_command WHERE proposal_id = $1 AND action = 'simulate'`, [id]),
    ).toEqual([{ status: 'intended' }]);
  });

  it('is accepted as it was shown, what is paid back too', async () => {
    const id = await withOffer('offered');
    expect(await accept(id, { total_amount: '299.99' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'total_amount', message: 'o total a pagar agora é de 300.00' }] },
    });
    const at = new Date().toISOString();
    expect(await accept(id, { accepted_at: at })).toMatchObject({ status: 202 });
    // By this the proof of a loan finds the yes that its offer was accepted with.
    expect(await sql(`SELECT offer ->> 'accepted_at' AS at FROM proposal WHERE id = $1`, [id])).toEqual([
      { at },
    ]);
  });

  it('is no other one that was made since, though it pays out and takes back the same', async () => {
    const id = await withOffer('offered');
    const { status_since: shown } = await read(id);
    await sql(`UPDATE proposal SET status = 'balance_known' WHERE id = $1`, [id]);
    await locked(id, (tx, proposal) =>
      world.app.get(ProposalJudge).offer(tx, proposal, proposal.simulations ?? []),
    );
    const { status, status_since: now } = await read(id);
    expect(status).toBe('offered');
    expect(await accept(id, { offered_at: shown })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:offer_over', detail: expect.stringContaining('de novo') as string },
    });
    expect(await accept(id, { offered_at: now })).toMatchObject({ status: 202 });
  });

  it('whose figures QI simulated otherwise is accepted, put at risk and recorded as QI pays it', async () => {
    const id = await withOffer('offered');
    const reviewed = { ...offerOf('300.00', '2099'), qi: { disbursed_issue_amount: '280.00' } };
    await sql(`UPDATE proposal SET simulations = $2 WHERE id = $1`, [id, JSON.stringify([reviewed])]);
    expect(await accept(id)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'disbursed_issue_amount', message: 'a oferta agora é de 280.00' }] },
    });
    expect(await accept(id, { disbursed_issue_amount: '280.00' })).toMatchObject({ status: 202 });
    expect(await issue(id)).toMatchObject({ status: 202 });
    await send(id, debtAnswer(randomUUID(), '280.00'));
    const [made] = await sql(
      `SELECT trim_scale(operation.disbursed_issue_amount) AS of_loan, trim_scale(amount) AS at_risk,
         trim_scale(proposal.disbursed_issue_amount) AS paid
       FROM operation JOIN exposure USING (request_control_key) JOIN proposal USING (credit_operation_key)
       WHERE proposal.id = $1`,
      [id],
    );
    expect(made).toEqual({ of_loan: '280', at_risk: '280', paid: '280' });
  });

  it('is accepted at no moment that has not come', async () => {
    const id = await withOffer('offered');
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    expect(await accept(id, { accepted_at: inAnHour })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'accepted_at', message: 'está no futuro' }] },
    });
  });

  it.each(['offered', 'accepted'] as const)(
    'that was %s is judged anew when its borrower turns out to be another, and not by who says so',
    async (status) => {
      const id = await withOffer(status);
      const [who, other] = [
        world.as(await world.tokenFor('operator')),
        world.as(await world.tokenFor('operator')),
      ];
      await tell(id, { email: 'outro@example.com', is_pep: false }, who);
      expect(await read(id)).toMatchObject({ status });
      await tell(id, { is_pep: true }, who);
      expect(await read(id)).toMatchObject({ status: 'in_review', offer_expires_at: null });
      expect(await accept(id)).toMatchObject({ status: 409 });
      expect(await issue(id)).toMatchObject({ status: 409 });
      const clear = { reason: 'Conferido com a lista de PEP' };
      const path = `/api/v1/proposals/${id}/clear_review`;
      expect(await who('POST', path, clear)).toMatchObject({ status: 403 });
      expect(await other('POST', path, clear)).toMatchObject({ status: 202 });
      // What is being simulated now was judged of this borrower.
      expect(await tell(id, { is_pep: false }, who)).toMatchObject({ status: 409 });
    },
  );

  it('is let through for what whoever lets it through has seen, and for nothing that has come up since', async () => {
    const id = await withOffer('offered');
    const clear = async (shown: unknown) => {
      const other = world.as(await world.tokenFor('operator'));
      const seen = { reason: 'Conferido', reviewed_since: shown };
      return other('POST', `/api/v1/proposals/${id}/clear_review`, seen);
    };
    await sql(`UPDATE proposal SET status = 'in_review' WHERE id = $1`, [id]);
    const { status_since: shown } = await read(id);
    await tell(id, { is_pep: true });
    const { status, status_since: now } = await read(id);
    expect(status).toBe('in_review');
    expect(await clear(shown)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:arremate:problem:review_over',
        detail: expect.stringContaining('de novo') as string,
      },
    });
    expect(await openTasks(id)).toMatchObject([{ kind: 'proposal_review' }]);
    expect(await read(id)).toMatchObject({ status: 'in_review', commands: [{ action: 'query_balance' }] });
    const audited = () =>
      sql(`SELECT actor, reason FROM audit_event WHERE action = 'proposal.review_cleared' AND subject = $1`, [
        id,
      ]);
    expect(await audited()).toEqual([]);
    expect(await clear(now)).toMatchObject({ status: 202 });
    expect(await openTasks(id)).toEqual([]);
    const { events } = await read(id);
    const { actor } =
      (events as { kind: string; actor: string }[]).find(({ kind }) => kind === 'review_cleared') ?? {};
    expect(await audited()).toEqual([{ actor, reason: 'Conferido' }]);
  });

  it('that waits for a person is judged anew too', async () => {
    const id = await withOffer('offered');
    await tell(id, { is_pep: true });
    await tell(id, { birth_date: '1901-01-01' });
    expect(await read(id)).toMatchObject({ status: 'not_eligible' });
    expect(await openTasks(id)).toEqual([]);
  });

  it('that waits for a person stays in the queue, whoever would tick it off, until it waits no more', async () => {
    const id = await withOffer('offered');
    await tell(id, { is_pep: true });
    expect(await tickOff(id)).toMatchObject({ status: 409, body: { allowed_actions: ['clear_review'] } });
    expect(await openTasks(id)).toMatchObject([{ kind: 'proposal_review' }]);
    // Asked anew, whatever QI answers, it is judged anew.
    expect(await act(id, 'query_balance', {})).toMatchObject({ status: 202, body: { status: 'querying' } });
    expect(await openTasks(id)).toEqual([]);
  });
});

it('whoever wished for what the policy leaves to people does not let it through', async () => {
  const desk = await PolicyDesk.in(world);
  const document = policyNamed('Acima de 200 uma pessoa confere') as {
    products: { fgts: { rules: object[] } };
  };
  document.products.fgts.rules.push({
    id: 'valor-alto',
    code: 'HIGH_AMOUNT',
    sentence: 'Antecipa {observed}; acima de {required} uma pessoa confere.',
    require: { field: 'offered_total', op: 'lte', value: '200.00' },
    severity: 'review',
  });
  const draft = await desk.approved(document);
  await desk.backtested(draft.etag);
  expect(await desk.activate(draft.path)).toMatchObject({ status: 200 });
  const id = await withOffer('offered'); // of somebody else
  const [who, other] = [
    world.as(await world.tokenFor('operator')),
    world.as(await world.tokenFor('operator')),
  ];
  const wish = (wishes: object, call = who) =>
    call('POST', `/api/v1/proposals/${id}/simulate`, { wishes }).then(({ status }) => status);
  const refuseAtQi = () =>
    sql(
      `UPDATE proposal_command SET status = 'rejected', settled_at = now(), settled_by = 'qi'
       WHERE proposal_id = $1 AND settled_at IS NULL`,
      [id],
    );
  const clear = (call: Call) =>
    call('POST', `/api/v1/proposals/${id}/clear_review`, { reason: 'Conferido' }).then(
      ({ status }) => status,
    );
  const isOwn = async (call: Call) =>
    (await call('GET', `/api/v1/proposals/${id}`)).body['review_is_own'] as boolean;
  expect(await wish({ kind: 'target', amount: '100.00' }, other)).toBe(202);
  await refuseAtQi();
  expect(await wish({ kind: 'maximum' })).toBe(202);
  expect(await read(id)).toMatchObject({ status: 'in_review' });
  expect([await isOwn(who), await clear(who)]).toEqual([true, 403]);
  // Their wishes are over.
  expect([await isOwn(other), await clear(other)]).toEqual([false, 202]);
  await desk.activate('/api/v1/policies/1');
});

it('wishes of an earlier release that name a contract twice are impossible, and the most there is takes their place', async () => {
  const asked = { product: 'federal_payroll', document_number: newCpf() };
  const id = String((await world.master('POST', '/api/v1/proposals', asked)).body['proposal_id']);
  const contract = { kind: 'own', operation_key: randomUUID() };
  const wishes = { kind: 'target', amount: '5000.00', refinancing: [contract, contract] };
  await sql(
    `UPDATE proposal SET status = 'balance_known', wishes = $2, balance = $3, balance_at = now() WHERE id = $1`,
    [id, wishes, { reference_date: null, links: [] }],
  );
  await locked(id, (tx, proposal) => world.app.get(ProposalJudge).consider(tx, proposal));
  const { events, wishes: now } = await read(id);
  const problems = [{ path: 'wishes.refinancing', message: 'informe cada contrato uma só vez' }];
  expect((events as { kind: string; summary: object }[]).slice(-2)).toMatchObject([
    { kind: 'wishes_impossible', summary: { problems } },
    { kind: 'choice_needed' },
  ]);
  expect(now).toEqual({ kind: 'maximum' });
});

const NOTHING = { kind: 'accepted', httpStatus: 200, body: '{"data":[]}' } as const;
/** QI has this debt, which pays so much on the offers' day. */
const debtAnswer = (key: string, amount: string): CommandAnswer => {
  const option = { disbursement_date: '2099-01-04', disbursed_issue_amount: Number(amount) };
  const body = JSON.stringify({ key, data: { disbursement_options: [option] } });
  return { kind: 'accepted', httpStatus: 200, body };
};
const DOWN = { kind: 'unknown', httpStatus: 503, why: 'HTTP 503' } as const;
const REFUSED = {
  kind: 'rejected',
  httpStatus: 400,
  code: 'LEG000069',
  description: 'Query is not pending',
  body: '{}',
} as const;

/** A look-up under our own key is answered so. @returns how the order stands then */
async function inquire(id: string, answer: CommandAnswer): Promise<string | undefined> {
  const [found] = await sql<{ id: string; attempts: number; found_nothing: number }>(
    `SELECT id, attempts, found_nothing FROM proposal_command WHERE proposal_id = $1 AND action = 'issue'`,
    [id],
  );
  const { id: command = '', attempts = 0, found_nothing: foundNothing = 0 } = found ?? {};
  const job = { id: command, subject: id, action: 'issue', actor: 'ana', attempts, foundNothing } as const;
  await world.dataSource.transaction((tx) =>
    world.app
      .get(ProposalCommandSender)
      .outcome.record(
        tx,
        { ...job, call: 'inquire', sentBefore: new Date(), mayHaveTaken: true, answerLost: true },
        answer,
      ),
  );
  const [after] = await sql<{ status: string }>(`SELECT status FROM proposal_command WHERE id = $1`, [
    command,
  ]);
  return after?.status;
}

const permit = () => ({ until: new Date(Date.now() + 5_000), refusal: () => undefined });

/**
 * A command is sent, as a worker does.
 * @param answer where QI is not to be asked
 * @param from unknown: it was sent before, and the answer was lost
 * @returns what became of the call
 */
async function send(
  id: string,
  answer?: CommandAnswer,
  action: ProposalAction = 'issue',
  from: 'intended' | 'unknown' = 'intended',
): Promise<string> {
  const [[command] = []] = await sql<
    { id: string; attempts: number; answer_lost: boolean; sent_before: Date | null }[]
  >(
    `UPDATE proposal_command AS sent SET status = 'sending', attempts = sent.attempts + 1, sent_at = clock_timestamp()
     FROM proposal_command AS before WHERE before.id = sent.id AND sent.proposal_id = $1 AND sent.action = $2 AND sent.status = $3
     RETURNING sent.*, before.sent_at AS sent_before`,
    [id, action, from],
  );
  const { id: commandId = '', attempts = 0, answer_lost: answerLost = false } = command ?? {};
  const mayHaveTaken = from === 'unknown';
  const order = {
    id: commandId,
    subject: id,
    action,
    actor: 'ana',
    attempts,
    sentBefore: command?.sent_before ?? null,
  } as const;
  const lost = { mayHaveTaken, answerLost: answerLost || mayHaveTaken, foundNothing: 0 } as const;
  const job = { ...order, ...lost, call: 'send' } as const;
  const said = answer ?? (await world.app.get(ProposalCommands).send(job, permit()));
  const { outcome } = world.app.get(ProposalCommandSender);
  await world.dataSource.transaction((tx) => outcome.record(tx, job, said));
  return said.kind;
}

/** A worker looks once for what is due, of this proposal alone. @returns how the order stands then */
async function atWork(id: string): Promise<unknown> {
  await sql(
    `UPDATE proposal_command SET not_before = now() + interval '1 day' WHERE proposal_id <> $1 AND settled_at IS NULL`,
    [id],
  );
  await sql(`UPDATE proposal_command SET not_before = now() WHERE proposal_id = $1 AND settled_at IS NULL`, [
    id,
  ]);
  const [owner, book] = [world.app.get(ProposalCommands), world.app.get(ProposalCommandBook)];
  const web = world.app.get(SenderGround, { strict: false });
  const settings = { ...web.settings, ARREMATE_ROLE: 'all' } as const;
  const limits = world.app.get<OriginationLimits>(ORIGINATION_LIMITS);
  const { dataSource, instances, recovery, draining, clock, logger } = web;
  const [metrics, steps] = [new Registry(), new RestoreSteps()];
  const ground = new SenderGround(
    ...([dataSource, instances, recovery, steps, draining, settings, clock, logger, metrics] as const),
  );
  const worker = new ProposalCommandSender(owner, book, limits, ground);
  worker.nudge();
  await worker.onModuleDestroy();
  const [order] = await sql(
    `SELECT status, not_before > now() AS waits FROM proposal_command
     WHERE proposal_id = $1 AND action = 'issue' ORDER BY created_at DESC LIMIT 1`,
    [id],
  );
  return order;
}

describe('an order whose answer is lost', () => {
  it('is believed not to be there once QI has known nothing of it often enough, whatever else was tried', async () => {
    const id = await lost();
    const said: (string | undefined)[] = [];
    for (const answer of [
      NOTHING,
      ...Array.from({ length: 9 }, () => DOWN),
      ...Array.from({ length: 6 }, () => NOTHING),
    ])
      said.push(await inquire(id, answer));
    expect(new Set(said)).toEqual(new Set(['unknown']));
    expect(await inquire(id, NOTHING)).toBe('intended');
  });
});

describe('an order whose answer was lost, and that QI knew nothing of for long', () => {
  const LOST = { kind: 'unknown', httpStatus: undefined, why: 'timeout' } as const;

  afterEach(() => {
    jest.restoreAllMocks();
    sandbox.control.setBehaviour({ contract: { debts: { repeated_requester_key: 'accept' } } });
  });

  async function believedNotTaken(amount: string): Promise<string> {
    const id = await accepted(undefined, amount);
    expect(await issue(id)).toMatchObject({ status: 202 });
    expect(await send(id, LOST)).toBe('unknown');
    await foundNothing(id);
    return id;
  }
  async function foundNothing(id: string): Promise<void> {
    for (let asked = 1; asked <= 8; asked += 1) {
      await sql(
        `UPDATE proposal_command SET attempts = attempts + 1, found_nothing = CASE WHEN $2 = 1 THEN 0 ELSE found_nothing END
         WHERE proposal_id = $1 AND action = 'issue'`,
        [id, asked],
      );
      expect(await inquire(id, NOTHING)).toBe(asked < 8 ? 'unknown' : 'intended');
    }
  }
  /** The order became a debt after all. @returns its key */
  async function madeLate(id: string): Promise<string> {
    const [proposal] = await sql<{ control_key: string }>(`SELECT control_key FROM proposal WHERE id = $1`, [
      id,
    ]);
    return new Siape(sandbox.url).issue(newCpf(), {}, {}, proposal?.control_key);
  }
  const forbid = (id: string) =>
    sql(`UPDATE proposal SET offer = offer || '{"monthly_interest_rate":"0.0500"}' WHERE id = $1`, [id]);
  const held = async (id: string) => {
    const [proposal] = await sql<object>(`SELECT status, holds_claim FROM proposal WHERE id = $1`, [id]);
    const [order] = await sql<object>(
      `SELECT status AS order FROM proposal_command WHERE proposal_id = $1 AND action = 'issue'`,
      [id],
    );
    return { ...proposal, ...order, exposure: await exposureOf(id) };
  };
  const LEFT_TO_PEOPLE = {
    status: 'issuing',
    holds_claim: true,
    order: 'unknown',
    exposure: [{ status: 'reserved', status_reason: null }],
  };

  it('is left to people where the rules have changed meanwhile: nothing shows that it came to nothing', async () => {
    const id = await believedNotTaken('410.00');
    await forbid(id);
    const posted = jest.spyOn(world.app.get<FgtsDesk>(FGTS_DESK), 'issue');
    for (let again = 0; again < 2; again += 1) {
      expect(await send(id)).toBe('withheld');
      expect(await held(id)).toEqual(LEFT_TO_PEOPLE);
      expect(await openTasks(id)).toEqual([
        {
          kind: 'proposal_unknown',
          message: expect.stringContaining('Não se sabe se a QI recebeu') as string,
        },
      ]);
      expect((await read(id))['next_actions']).toEqual(['settle_issue']);
      await foundNothing(id);
    }
    expect(posted).not.toHaveBeenCalled();

    const evidence = 'portal da QI, consultado às 14h';
    for (const call of [
      world.as(await world.tokenFor('operator')),
      world.as(await world.tokenFor('operator')),
    ])
      await call('POST', `/api/v1/proposals/${id}/settle_issue`, {
        ...{ evidence, outcome: 'not_taken' },
        command_id: await orderOf(id),
      });
    expect(await held(id)).toMatchObject({ status: 'accepted', holds_claim: false, order: 'rejected' });
    expect((await read(id))['next_actions']).toEqual(['simulate', 'issue', 'withdraw']);
  });

  it('is the debt that it came to late, found before it is posted again or held to the rules', async () => {
    const id = await believedNotTaken('420.00');
    await forbid(id);
    const key = await madeLate(id);
    expect(await send(id)).toBe('accepted');
    expect(await read(id)).toMatchObject({ status: 'issued', credit_operation_key: key });
  });

  it('is of the terms that it was sent with, when a person finds the debt before it is sent again', async () => {
    const id = await believedNotTaken('430.00');
    const settled = await world.master('POST', `/api/v1/proposals/${id}/settle_issue`, {
      outcome: 'took_effect',
      credit_operation_key: randomUUID(),
      evidence: 'portal da QI, lista de operações',
    });
    expect(settled).toMatchObject({ status: 202 });
    const { credit_operation_key: key } = await read(id);
    expect(await sql(`SELECT kind FROM task WHERE credit_operation_key = $1`, [key])).toEqual([]);
  });

  it('is no refused one where QI refuses to take it twice', async () => {
    const id = await believedNotTaken('440.00');
    // It shows only once it has been posted again.
    const nothingYet = jest.spyOn(world.app.get<FgtsDesk>(FGTS_DESK), 'findIssued');
    nothingYet.mockResolvedValue(NOTHING);
    const key = await madeLate(id);
    sandbox.control.setBehaviour({ contract: { debts: { repeated_requester_key: 'reject' } } });
    expect(await send(id)).toBe('rejected');
    expect(await held(id)).toEqual(LEFT_TO_PEOPLE);
    // Nor is it posted a third time, however long QI knows nothing of it.
    for (let asked = 1; asked <= 10; asked += 1) expect(await inquire(id, NOTHING)).toBe('unknown');
    expect(await inquire(id, debtAnswer(key, '440.00'))).toBe('accepted');
    expect(await read(id)).toMatchObject({ status: 'issued', credit_operation_key: key });
  });

  it('is not posted again where QI said yes to it, and not to which debt', async () => {
    const id = await accepted(undefined, '610.00');
    expect(await issue(id)).toMatchObject({ status: 202 });
    const desk = world.app.get<FgtsDesk>(FGTS_DESK);
    const processing = { kind: 'accepted', httpStatus: 202, body: '{"status":"processing"}' } as const;
    const posted = jest.spyOn(desk, 'issue').mockResolvedValue(processing);
    const look = jest.spyOn(desk, 'findIssued').mockResolvedValue(NOTHING);
    expect(await send(id)).toBe('unknown');
    for (let asked = 1; asked <= 10; asked += 1) expect(await inquire(id, NOTHING)).toBe('unknown');
    // A release before let it be sent again.
    await sql(`UPDATE proposal_command SET status = 'intended' WHERE proposal_id = $1 AND action = 'issue'`, [
      id,
    ]);
    expect(await atWork(id)).toEqual({ status: 'unknown', waits: true });
    expect(posted).toHaveBeenCalledTimes(1);
    await sql(`UPDATE proposal_command SET attempts = 9 WHERE proposal_id = $1 AND action = 'issue'`, [id]);
    await inquire(id, NOTHING);
    expect(await openTasks(id)).toEqual([
      { kind: 'proposal_unknown', message: expect.stringContaining('A QI aceitou a emissão') as string },
    ]);
    const key = randomUUID();
    look.mockResolvedValue(debtAnswer(key, '610.00'));
    expect(await atWork(id)).toMatchObject({ status: 'accepted' });
    expect(await read(id)).toMatchObject({ status: 'issued', credit_operation_key: key });
  });

  it.each([
    ['is looked up on although QI refused one look-up', false],
    ['is looked up on although a release before kept the refusal of a look-up as one of the order', true],
  ])('%s', async (_, isKept) => {
    const id = await believedNotTaken(isKept ? '450.00' : '460.00');
    const look = jest.spyOn(world.app.get<FgtsDesk>(FGTS_DESK), 'findIssued');
    look.mockResolvedValueOnce({ ...REFUSED, httpStatus: 403 });
    expect(await send(id)).toBe('not_taken');
    if (isKept) await sql(`UPDATE proposal_command SET http_status = 403 WHERE proposal_id = $1`, [id]);
    const key = randomUUID();
    look.mockResolvedValue(debtAnswer(key, isKept ? '450.00' : '460.00'));
    expect(await atWork(id)).toMatchObject({ status: 'accepted' });
    expect(await read(id)).toMatchObject({ status: 'issued', credit_operation_key: key });
  });
});

describe('an order whose answer is lost for good', () => {
  const evidence = 'atendimento da QI, protocolo 4711';
  const as = async (): Promise<(id: string, finding: object) => ReturnType<typeof world.call>> => {
    const call = world.as(await world.tokenFor('operator'));
    return async (id, finding) => {
      const order = { command_id: await orderOf(id) };
      return call('POST', `/api/v1/proposals/${id}/settle_issue`, { evidence, ...order, ...finding });
    };
  };

  it('is left to people only once a look-up has not settled it', async () => {
    const id = await accepted();
    await issue(id);
    const settle = await as();
    expect((await read(id))['next_actions']).toEqual([]);
    expect(await settle(id, { outcome: 'not_taken' })).toMatchObject({ status: 409 });
    await locked(id, (tx, proposal) => world.app.get(ProposalTasks).openUnknown(tx, proposal, 'issue'));
    await sql(`UPDATE proposal_command SET status = 'sending' WHERE proposal_id = $1 AND action = 'issue'`, [
      id,
    ]);
    expect(await settle(id, { outcome: 'not_taken' })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:command_under_way' },
    });
  });

  it('is a debt when one person names it, and none of anybody else', async () => {
    const id = await lost();
    expect((await read(id))['next_actions']).toEqual(['settle_issue']);
    const [settle, key] = [await as(), randomUUID()];
    for (const [finding, path] of [
      [{ outcome: 'took_effect' }, 'credit_operation_key'],
      [{ outcome: 'took_effect', credit_operation_key: 'no key' }, 'credit_operation_key'],
      [{ outcome: 'not_taken', evidence: 'sei' }, 'evidence'],
      [{ outcome: 'perhaps' }, 'outcome'],
    ] as const)
      expect(await settle(id, finding)).toMatchObject({ status: 422, body: { errors: [{ path }] } });

    const found = { outcome: 'took_effect', credit_operation_key: key };
    expect(await settle(id, found)).toMatchObject({
      status: 202,
      body: { status: 'issued', needs_second_person: false },
    });
    expect(await read(id)).toMatchObject({ status: 'issued', credit_operation_key: key });
    expect(await openTasks(id)).toEqual([]);
    const [operation] = await sql(`SELECT origin, product FROM operation WHERE credit_operation_key = $1`, [
      key,
    ]);
    expect(operation).toEqual({ origin: 'active', product: 'fgts' });
    expect(await settle(id, found)).toMatchObject({ status: 409 });
    const other = await lost();
    expect(await settle(other, found)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:operation_taken' },
    });
    const [audited] = await sql(
      `SELECT details ->> 'credit_operation_key' AS key, details ->> 'evidence' AS evidence FROM audit_event
       WHERE subject = $1 AND action = 'proposal.issue_found'`,
      [id],
    );
    expect(audited).toEqual({ key, evidence });
  });

  it('is nothing when two people say so; then it may be asked for again under the same key', async () => {
    const id = await lost('400.00');
    const [first, second] = [await as(), await as()];
    expect(await first(id, { outcome: 'not_taken' })).toMatchObject({
      status: 202,
      body: { status: 'issuing', needs_second_person: true },
    });
    // Another look-up that says nothing asks nobody to begin anew.
    await inquire(id, DOWN);
    expect((await openTasks(id))[0]?.message).toContain('Outra pessoa deve conferir');
    expect(await first(id, { outcome: 'not_taken' })).toMatchObject({ status: 403 });
    expect(await issue(id)).toMatchObject({ status: 409 });
    expect(await exposureOf(id)).toMatchObject([{ status: 'reserved' }]);

    await sql(`UPDATE proposal_command SET lease_owner = $2 WHERE proposal_id = $1 AND status = 'unknown'`, [
      id,
      randomUUID(),
    ]);
    expect(await second(id, { outcome: 'not_taken' })).toMatchObject({ status: 409 });
    await sql(`UPDATE proposal_command SET lease_owner = NULL WHERE proposal_id = $1`, [id]);
    expect(await second(id, { outcome: 'not_taken' })).toMatchObject({
      status: 202,
      body: { status: 'accepted', needs_second_person: false },
    });
    expect(await openTasks(id)).toEqual([]);
    expect(await exposureOf(id)).toEqual([{ status: 'released', status_reason: 'not_taken' }]);

    const [before] = await sql(`SELECT control_key FROM proposal WHERE id = $1`, [id]);
    expect(await issue(id)).toMatchObject({ status: 202 });
    expect(await sql(`SELECT control_key FROM proposal WHERE id = $1`, [id])).toEqual([before]);
    expect(await exposureOf(id)).toEqual([{ status: 'reserved', status_reason: null }]);
    const sent = await sql(
      `SELECT status, settled_by NOT IN ('qi', 'inquiry', 'webhook') AS by_person FROM proposal_command
       WHERE proposal_id = $1 AND action = 'issue' ORDER BY created_at`,
      [id],
    );
    expect(sent).toEqual([
      { status: 'rejected', by_person: true },
      { status: 'intended', by_person: null },
    ]);
  });

  it('is not sent again once one person has said that QI has nothing, and is looked up on', async () => {
    const id = await lost();
    const settle = await as();
    await settle(id, { outcome: 'not_taken' });
    for (let asked = 1; asked <= 10; asked += 1) expect(await inquire(id, NOTHING)).toBe('unknown');
    expect((await openTasks(id))[0]?.message).toContain('Outra pessoa deve conferir');
  });

  it('is the one that was seen: of another, or of one that has left again, what was found before says nothing', async () => {
    const id = await lost('296.00');
    const seen = async () => {
      const commands = (await read(id))['commands'] as { command_id: string; sent_at: string | null }[];
      const { command_id: command, sent_at: sentAt } = commands.at(-1) ?? {};
      return { command_id: command, sent_at: sentAt };
    };
    const before = await seen();
    const settle = await as();
    expect(await settle(id, { outcome: 'not_taken', command_id: undefined })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'command_id' }] },
    });
    await send(id, DOWN, 'issue', 'unknown');
    const sentAgain = await settle(id, { outcome: 'not_taken', ...before });
    expect(sentAgain).toMatchObject({ status: 409, body: { type: 'urn:arremate:problem:order_changed' } });
    for (const again of [await as(), await as()])
      expect(await again(id, { outcome: 'not_taken', ...(await seen()) })).toMatchObject({ status: 202 });

    expect(await issue(id)).toMatchObject({ status: 202 });
    await send(id, DOWN);
    await locked(id, (tx, proposal) => world.app.get(ProposalTasks).openUnknown(tx, proposal, 'issue'));
    for (const outcome of ['not_taken', 'took_effect'] as const)
      expect(
        await settle(id, {
          outcome,
          command_id: before.command_id,
          ...(outcome === 'took_effect' && { credit_operation_key: randomUUID() }),
        }),
      ).toMatchObject({ status: 409, body: { type: 'urn:arremate:problem:order_changed' } });
    expect(await read(id)).toMatchObject({ status: 'issuing' });
  });

  it('is not sent again either where it was about to be', async () => {
    const id = await lost();
    for (let asked = 1; asked <= 8; asked += 1) await inquire(id, NOTHING);
    const settle = await as();
    await settle(id, { outcome: 'not_taken' });
    expect(
      await sql(`SELECT status FROM proposal_command WHERE proposal_id = $1 AND action = 'issue'`, [id]),
    ).toEqual([{ status: 'unknown' }]);
  });

  it('is nothing only where both have looked since it was last sent', async () => {
    const id = await lost('290.00');
    const [first, second, third] = [await as(), await as(), await as()];
    await first(id, { outcome: 'not_taken' });
    // As a process of an earlier release does, which asks nobody.
    await send(id, DOWN, 'issue', 'unknown');
    expect((await openTasks(id))[0]?.message).toContain('Não se sabe se a QI recebeu');
    expect(await second(id, { outcome: 'not_taken' })).toMatchObject({
      status: 202,
      body: { status: 'issuing', needs_second_person: true },
    });
    expect(await exposureOf(id)).toMatchObject([{ status: 'reserved' }]);
    expect(await third(id, { outcome: 'not_taken' })).toMatchObject({ body: { status: 'accepted' } });
  });

  it('may be why QI refuses the next order under the same key', async () => {
    const id = await lost('295.00');
    for (const settle of [await as(), await as()]) await settle(id, { outcome: 'not_taken' });
    expect(await issue(id)).toMatchObject({ status: 202 });
    await send(id, REFUSED);
    expect(await read(id)).toMatchObject({ status: 'issuing' });
    expect(await exposureOf(id)).toMatchObject([{ status: 'reserved' }]);
    expect(await sql(`SELECT holds_claim FROM proposal WHERE id = $1`, [id])).toEqual([
      { holds_claim: true },
    ]);
  });

  it('is looked up under our key before it is asked for again: a debt that came late is no second one', async () => {
    const [cpf, id] = [newCpf(), await lost('300.00')];
    for (const settle of [await as(), await as()]) await settle(id, { outcome: 'not_taken' });
    const [proposal] = await sql<{ control_key: string }>(`SELECT control_key FROM proposal WHERE id = $1`, [
      id,
    ]);
    const key = await new Siape(sandbox.url).issue(cpf, {}, {}, proposal?.control_key);
    expect(await issue(id)).toMatchObject({ status: 202 });

    sandbox.control.setBehaviour({ api: { error_rate: 1 } });
    expect(await send(id)).toBe('not_taken');
    sandbox.control.setBehaviour({ api: { error_rate: 0 } });
    expect(await send(id)).toBe('accepted');
    expect(await read(id)).toMatchObject({ status: 'issued', credit_operation_key: key });
    const { debts } = sandbox.control.ledger();
    expect(debts.filter((debt) => debt.requester_identifier_key === proposal?.control_key)).toHaveLength(1);
  });

  it('is recorded as what it was asked for, when it came to a debt after another offer was accepted', async () => {
    const id = await lost('310.00');
    for (const settle of [await as(), await as()]) await settle(id, { outcome: 'not_taken' });
    await sql(`UPDATE proposal SET offer = $2, disbursed_issue_amount = 900 WHERE id = $1`, [
      id,
      offerOf('900.00', '2098'),
    ]);
    expect(await issue(id)).toMatchObject({ status: 202 });

    const key = randomUUID();
    await send(id, debtAnswer(key, '310.00'));
    const [made] = await sql(
      `SELECT trim_scale(operation.disbursed_issue_amount) AS of_loan, trim_scale(amount) AS at_risk, claim,
         offer -> 'figures' ->> 'disbursed_issue_amount' AS of_offer, trim_scale(proposal.disbursed_issue_amount) AS paid
       FROM operation JOIN exposure USING (request_control_key) JOIN proposal USING (credit_operation_key)
       WHERE credit_operation_key = $1`,
      [key],
    );
    expect(made).toEqual({ of_loan: '310', at_risk: '310', claim: '2099', of_offer: '310.00', paid: '310' });
    const [task] = await sql<{ message: string }>(
      `SELECT message FROM task WHERE credit_operation_key = $1 AND kind = 'contradiction'`,
      [key],
    );
    expect(task?.message).toMatch(/310,00.*900,00/);
    expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
  });

  it('is owed as it was made, though a release before did not keep that with the payment days since', async () => {
    const id = await lost('330.00');
    const key = randomUUID();
    expect(await inquire(id, debtAnswer(key, '330.00'))).toBe('accepted');
    const calculated = (amount: string, summary: object = {}) =>
      world.dataSource.transaction(async (tx) => {
        const life = world.app.get(OperationLife);
        const operation = await life.lock(tx, key);
        if (operation === undefined) throw new Error('no operation');
        await life.note(tx, operation, {
          kind: 'resubmission_accepted',
          summary: { recalculated_amount: amount, ...summary },
        });
        await world.app.get(PaidAmounts).recalculated(tx, operation, new Decimal(amount));
      });
    await calculated('320.00');
    await calculated('315.00', { owed_before: '320' });
    const tasks = await sql<{ message: string }>(`SELECT message FROM task WHERE credit_operation_key = $1`, [
      key,
    ]);
    expect(tasks).toMatchObject([
      { message: expect.stringMatching(/315,00, menos que os R\$.330,00/) as string },
    ]);
    await calculated('331.00', { owed_before: '315' });
    expect(await sql(`SELECT status FROM task WHERE credit_operation_key = $1`, [key])).toEqual([
      { status: 'resolved' },
    ]);
  });

  it('is recorded as QI says, and people are told, where it is of no order that we know', async () => {
    const id = await lost('320.00');
    const key = randomUUID();
    expect(await inquire(id, debtAnswer(key, '200.00'))).toBe('accepted');
    const rows = await sql(
      `SELECT trim_scale(disbursed_issue_amount) AS of_loan, trim_scale(amount) AS at_risk, reason_code
       FROM operation JOIN exposure USING (request_control_key) JOIN task USING (credit_operation_key)
       WHERE credit_operation_key = $1`,
      [key],
    );
    expect(rows).toEqual([{ of_loan: '200', at_risk: '200', reason_code: 'other_debt' }]);
    expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
  });

  it('cannot be ticked off in the queue', async () => {
    const id = await lost();
    expect(await tickOff(id)).toMatchObject({ status: 409, body: { allowed_actions: ['settle_issue'] } });
  });
});

describe('an order that is asked for again', () => {
  const settle = async (id: string, finding: object) => {
    const call = world.as(await world.tokenFor('operator'));
    const evidence = 'portal da QI, consultado às 14h';
    const order = { command_id: await orderOf(id) };
    return call('POST', `/api/v1/proposals/${id}/settle_issue`, { evidence, ...order, ...finding });
  };
  const refused = { kind: 'rejected', httpStatus: 400, code: 'X', description: 'CEP', body: '{}' } as const;

  /** QI has refused the order before it, and does not say now whether it has one under our key. */
  async function heldBack(attempts: number): Promise<string> {
    const id = await accepted(undefined, '350.00');
    await issue(id);
    await send(id, refused);
    expect(await issue(id)).toMatchObject({ status: 202 });
    for (let sent = 0; sent < attempts; sent += 1) expect(await send(id)).toBe('not_taken');
    return id;
  }
  const ofOrder = async (id: string) =>
    (await openTasks(id)).filter(({ kind }) => kind === 'proposal_unknown').map(({ message }) => message);

  beforeAll(() => {
    sandbox.control.setBehaviour({ api: { error_rate: 1 } });
  });
  afterAll(() => {
    sandbox.control.setBehaviour({ api: { error_rate: 0 } });
  });

  it('is left to people when QI does not say for long whether it has the one before', async () => {
    const id = await heldBack(4);
    expect([await ofOrder(id), (await read(id))['next_actions']]).toEqual([[], []]);
    await send(id);
    expect(await ofOrder(id)).toEqual([expect.stringContaining('A emissão não é enviada')]);
    expect((await read(id))['next_actions']).toEqual(['settle_issue']);

    expect(await settle(id, { outcome: 'not_taken' })).toMatchObject({
      status: 202,
      body: { needs_second_person: true },
    });
    // QI would say by now that it has none: the second person is waited for all the same.
    sandbox.control.setBehaviour({ api: { error_rate: 0 } });
    expect(await atWork(id)).toEqual({ status: 'intended', waits: true });
    sandbox.control.setBehaviour({ api: { error_rate: 1 } });
    expect(await ofOrder(id)).toEqual([expect.stringContaining('Outra pessoa deve conferir')]);
    expect(await settle(id, { outcome: 'not_taken' })).toMatchObject({
      status: 202,
      body: { status: 'accepted' },
    });
    const next = ['simulate', 'issue', 'withdraw'];
    expect([await ofOrder(id), (await read(id))['next_actions']]).toEqual([[], next]);
    expect(await exposureOf(id)).toEqual([{ status: 'released', status_reason: 'not_taken' }]);
  });

  it('is the debt that a person finds at QI, and is not sent any more', async () => {
    const [id, key] = [await heldBack(5), randomUUID()];
    const found = await settle(id, { outcome: 'took_effect', credit_operation_key: key });
    expect(found).toMatchObject({ status: 202, body: { status: 'issued' } });
    expect(await read(id)).toMatchObject({ credit_operation_key: key });
    expect(
      await sql(`SELECT FROM proposal_command WHERE proposal_id = $1 AND settled_at IS NULL`, [id]),
    ).toEqual([]);
  });

  it('is of what a person found while it was tried once more and nothing left', async () => {
    const [id, key] = [await heldBack(5), randomUUID()];
    const { commands } = await read(id);
    const { sent_at } = (commands as { sent_at: string | null }[]).at(-1) ?? {};
    expect(await send(id)).toBe('not_taken');
    const found = await settle(id, { outcome: 'took_effect', credit_operation_key: key, sent_at });
    expect(found).toMatchObject({ status: 202, body: { status: 'issued' } });
  });

  /** QI's answer to the first was lost and two people found nothing of it; the second, for more, is not sent. */
  async function anotherHeldBack(): Promise<string> {
    const id = await lost('310.00');
    for (let people = 0; people < 2; people += 1) await settle(id, { outcome: 'not_taken' });
    await sql(`UPDATE proposal SET offer = $2, disbursed_issue_amount = 900 WHERE id = $1`, [
      id,
      offerOf('900.00', '2098'),
    ]);
    expect(await issue(id)).toMatchObject({ status: 202 });
    return id;
  }
  const recordedOf = (key: string) =>
    sql(
      `SELECT trim_scale(operation.disbursed_issue_amount) AS of_loan, trim_scale(amount) AS at_risk, claim, message
       FROM operation JOIN exposure USING (request_control_key) JOIN proposal USING (credit_operation_key)
       LEFT JOIN task USING (credit_operation_key) WHERE credit_operation_key = $1`,
      [key],
    );
  const first = { of_loan: '310', at_risk: '310', claim: '2099' };

  it('is not the debt that a person finds while it is held back: an earlier one is', async () => {
    const [id, key] = [await anotherHeldBack(), randomUUID()];
    for (let sent = 0; sent < 5; sent += 1) expect(await send(id)).toBe('not_taken');
    const found = await settle(id, { outcome: 'took_effect', credit_operation_key: key });
    expect(found).toMatchObject({ status: 202 });
    expect(await recordedOf(key)).toEqual([
      { ...first, message: expect.stringMatching(/310,00.*900,00/) as string },
    ]);
    expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
  });

  it('is not the debt that QI has already, whose figures it does not print', async () => {
    const [id, key] = [await anotherHeldBack(), randomUUID()];
    const debt = { kind: 'accepted', httpStatus: 200, body: JSON.stringify({ data: [{ key }] }) } as const;
    const look = jest.spyOn(world.app.get<FgtsDesk>(FGTS_DESK), 'findIssued').mockResolvedValue(debt);
    expect(await send(id)).toBe('accepted');
    look.mockRestore();
    expect(await recordedOf(key)).toEqual([
      { ...first, message: expect.stringMatching(/310,00.*900,00/) as string },
    ]);
  });

  it('may be the debt like the one before, once it was sent and nobody says its figures: people are told', async () => {
    const [id, key] = [await anotherHeldBack(), randomUUID()];
    await sql(
      `UPDATE proposal_command SET status = 'unknown' WHERE proposal_id = $1 AND status = 'intended'`,
      [id],
    );
    await locked(id, (tx, proposal) => world.app.get(ProposalTasks).openUnknown(tx, proposal, 'issue'));
    await settle(id, { outcome: 'took_effect', credit_operation_key: key });
    const message = expect.stringContaining('qualquer um de vários pedidos') as string;
    expect(await recordedOf(key)).toEqual([{ of_loan: '900', at_risk: '900', claim: '2098', message }]);
  });
});

describe('a call that never gets through', () => {
  /** What it is sent with cannot be opened any more: it fails on our side, time after time. */
  async function stuck(id: string, action: 'query_balance' | 'cancel_query' | 'simulate'): Promise<void> {
    await sql(`UPDATE proposal SET borrower_key_id = 'gone.bound' WHERE id = $1`, [id]);
    const [[command] = []] = await sql<{ id: string }[]>(
      `UPDATE proposal_command SET status = 'sending', attempts = 9, sent_at = now()
       WHERE proposal_id = $1 AND action = $2 AND settled_at IS NULL RETURNING id`,
      [id, action],
    );
    const asked = { id: command?.id ?? '', subject: id, action, actor: 'ana', attempts: 9 };
    const lost = { sentBefore: null, mayHaveTaken: false, answerLost: false, foundNothing: 0 } as const;
    const job = { ...asked, ...lost, call: 'send' } as const;
    await expect(world.app.get(ProposalCommands).send(job, permit())).rejects.toThrow('no encryption key');
    const { outcome } = world.app.get(ProposalCommandSender);
    const said = { kind: 'unknown', why: 'failed on our side', httpStatus: undefined } as const;
    await world.dataSource.transaction((tx) => outcome.record(tx, job, said));
  }
  const asked = (cpf: string) =>
    world.master('POST', '/api/v1/proposals', {
      product: 'fgts',
      document_number: cpf,
      person: personOf(cpf),
      account: accountOf(cpf),
    });
  const liveOf = (id: string) =>
    sql(`SELECT action, status FROM proposal_command WHERE proposal_id = $1 AND settled_at IS NULL`, [id]);

  it('is given up with its proposal, and the client may be asked about again', async () => {
    const cpf = newCpf();
    const id = String((await asked(cpf)).body['proposal_id']);
    await stuck(id, 'query_balance');
    const { next_actions: next, commands } = await read(id);
    expect([next, commands]).toMatchObject([['cancel_query', 'withdraw'], [{ status: 'unknown' }]]);
    expect(await openTasks(id)).toEqual([
      { kind: 'proposal_unknown', message: expect.stringContaining('ou o pedido não sai daqui') as string },
    ]);

    expect(await asked(cpf)).toMatchObject({ status: 409 });
    expect(
      await world.master('POST', `/api/v1/proposals/${id}/withdraw`, { reason: 'sem a chave' }),
    ).toMatchObject({ status: 202, body: { status: 'withdrawn' } });
    expect(
      await sql(`SELECT reason FROM audit_event WHERE action = 'proposal.withdrawn' AND subject = $1`, [id]),
    ).toEqual([{ reason: 'sem a chave' }]);
    expect([await liveOf(id), await openTasks(id)]).toEqual([[], []]);
    expect(await asked(cpf)).toMatchObject({ status: 202 });
  });

  it('is given up with the query alone', async () => {
    const id = String((await asked(newCpf())).body['proposal_id']);
    await stuck(id, 'query_balance');
    expect(await world.master('POST', `/api/v1/proposals/${id}/cancel_query`, {})).toMatchObject({
      status: 202,
    });
    expect([await liveOf(id), await openTasks(id)]).toEqual([[], []]);
    expect((await read(id))['next_actions']).toContain('query_balance');
  });

  describe('to give up a query that QI has', () => {
    const giveUp = (id: string) => world.master('POST', `/api/v1/proposals/${id}/cancel_query`, {});
    async function givenUp(): Promise<string> {
      const id = String((await asked(newCpf())).body['proposal_id']);
      expect(await send(id, undefined, 'query_balance')).toBe('accepted');
      expect(await giveUp(id)).toMatchObject({ status: 202 });
      return id;
    }

    it('has come to what was wanted where QI took it, its answer was lost, and QI refuses it once more', async () => {
      const id = await givenUp();
      const [query] = await sql<{ key: string }>(`SELECT balance_key AS key FROM proposal WHERE id = $1`, [
        id,
      ]);
      await world.app.get<FgtsDesk>(FGTS_DESK).cancelQuery(query?.key ?? '', permit());
      await send(id, DOWN, 'cancel_query');
      await send(id, undefined, 'cancel_query', 'unknown');
      expect([await liveOf(id), await openTasks(id)]).toEqual([[], []]);
      expect(await read(id)).toMatchObject({ status: 'balance_failed', failure: { code: 'query_canceled' } });
      expect((await read(id))['next_actions']).toContain('query_balance');
    });

    it('is refused where QI has not had it before', async () => {
      const id = await givenUp();
      await send(id, REFUSED, 'cancel_query');
      expect(await read(id)).toMatchObject({ status: 'querying' });
      expect(await openTasks(id)).toMatchObject([{ kind: 'proposal_refused' }]);
    });

    it('leaves nobody asked what became of it once the query is answered', async () => {
      const id = await givenUp();
      await send(id, DOWN, 'cancel_query');
      await locked(id, async (tx, proposal) => {
        await world.app.get(ProposalTasks).openUnknown(tx, proposal, 'cancel_query');
        const news = {
          kind: 'refused',
          code: 'x',
          description: undefined,
          permittedFrom: undefined,
        } as const;
        const heard = { key: proposal.balanceKey ?? '', news };
        const webhook = { id: undefined, eventAtText: undefined } as unknown as WebhookEvent;
        await world.app.get(BalanceNewsService).record(tx, webhook, heard);
      });
      expect(await read(id)).toMatchObject({ status: 'balance_failed' });
      expect([await liveOf(id), await openTasks(id)]).toEqual([[], []]);
    });

    it('is not asked for twice: the second would be refused for the first', async () => {
      const id = await givenUp();
      await send(id, DOWN, 'cancel_query');
      expect((await read(id))['next_actions']).toEqual(['withdraw']);
      expect(await giveUp(id)).toMatchObject({ status: 409 });
    });
  });

  it('waits for its answer while it is under way', async () => {
    const id = String((await asked(newCpf())).body['proposal_id']);
    await sql(`UPDATE proposal_command SET status = 'sending' WHERE proposal_id = $1`, [id]);
    expect((await read(id))['next_actions']).toEqual([]);
    expect(
      await world.master('POST', `/api/v1/proposals/${id}/withdraw`, { reason: 'desistiu' }),
    ).toMatchObject({
      status: 409,
    });
  });

  it('is no order: what became of that must be known', async () => {
    const id = await lost();
    expect(
      await world.master('POST', `/api/v1/proposals/${id}/withdraw`, { reason: 'desistiu' }),
    ).toMatchObject({
      status: 409,
    });
  });
});

describe('an authorisation that ends soon', () => {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const sweep = () => world.app.get(AuthorizationWatch).sweep();

  /** On two links, of which the second was chosen. */
  async function offered(until: string): Promise<string> {
    const asked = { product: 'federal_payroll', document_number: newCpf() };
    const { body } = await world.master('POST', '/api/v1/proposals', asked);
    const id = String(body['proposal_id']);
    const links = [
      { id: '17000/0001', authorized_until: day(1) },
      { id: '17000/0002', authorized_until: until },
    ];
    const wishes = { kind: 'maximum', link: '17000/0002' };
    await sql(
      `UPDATE proposal SET status = 'offered', wishes = $2, balance = $3, balance_at = now(),
         offer_expires_at = now() + interval '1 day' WHERE id = $1`,
      [id, wishes, { reference_date: null, links }],
    );
    await sql(
      `UPDATE proposal_command SET status = 'accepted', settled_at = now(), settled_by = 'test' WHERE proposal_id = $1`,
      [id],
    );
    return id;
  }

  it('is one task from five days before, of the chosen link alone', async () => {
    const [soon, later] = [await offered(day(4)), await offered(day(9))];
    await Promise.all([sweep(), sweep()]);
    expect(await openTasks(later)).toEqual([]);
    expect(await openTasks(soon)).toEqual([
      {
        kind: 'authorization_ending',
        message: expect.stringMatching(
          /^A autorização termina em .*: emitir antes, ou pedir outra/,
        ) as string,
      },
    ]);
    // Who has dealt with it is not asked again on the same balance.
    await sql(
      `UPDATE task SET status = 'resolved', resolution = 'feito', resolved_by = 'ana', resolved_at = now() WHERE proposal_id = $1`,
      [soon],
    );
    await sweep();
    expect(await openTasks(soon)).toEqual([]);
  });

  it('is a task although that of another proposal cannot be written', async () => {
    const odd = await offered(day(4));
    const undo = await refuseRow(world.asOwner, { table: 'task', column: 'proposal_id', value: odd });
    // Whichever comes first.
    const others = [await offered(day(4)), await offered(day(4)), await offered(day(4))];
    await expect(sweep()).rejects.toThrow(`proposal ${odd}: odd row`);
    await undo();
    expect(await openTasks(odd)).toEqual([]);
    for (const id of others) expect(await openTasks(id)).toHaveLength(1);
  });

  it.each([
    ['another balance has come', `balance_at = now() + interval '1 second', balance = '{"links": []}'`],
    ['nobody wants it any more', `status = 'withdrawn', ended_at = now()`],
  ])('is no task any more when %s', async (_, change) => {
    const id = await offered(day(2));
    await sweep();
    expect(await openTasks(id)).toHaveLength(1);
    await sql(`UPDATE proposal SET ${change} WHERE id = $1`, [id]);
    await sweep();
    expect(await openTasks(id)).toEqual([]);
  });
});

it('ends offers whose time is over although one of them cannot be ended', async () => {
  const ids = [await accepted(), await accepted(), await accepted()];
  await sql(
    `UPDATE proposal_command SET status = 'accepted', settled_at = now(), settled_by = 'test' WHERE proposal_id = ANY ($1)`,
    [ids],
  );
  await sql(`UPDATE proposal SET offer_expires_at = now() - interval '1 minute' WHERE id = ANY ($1)`, [ids]);
  const [odd = ''] = ids;
  await sql(`UPDATE proposal SET offer_expires_at = now() - interval '1 hour' WHERE id = $1`, [odd]);
  const undo = await refuseRow(world.asOwner, { table: 'proposal', column: 'id', value: odd });
  await expect(world.app.get(OriginationSweep).sweep()).rejects.toThrow(`proposal ${odd}: odd row`);
  await undo();
  const rows = await sql<{ id: string }>(
    `SELECT id FROM proposal WHERE id = ANY ($1) AND status = 'accepted'`,
    [ids],
  );
  expect(rows).toEqual([{ id: odd }]);
});

it('lists those of one client by an opaque mark: a CPF in an address is refused, and never read as no filter at all', async () => {
  const cpf = newCpf();
  const id = await accepted(cpf);
  const { mark } = (await world.master('POST', '/api/v1/history/lookup', { text: cpf })).body;
  const found = await world.master('GET', `/api/v1/proposals?borrower=${String(mark)}`);
  expect(found).toMatchObject({ status: 200, body: { items: [{ id }] } });
  expect((await world.master('GET', `/api/v1/proposals?document_number=${cpf}`)).status).toBe(422);
});

it('lists, and shows, a proposal whose borrower cannot be opened any more', async () => {
  const id = await accepted();
  await sql(`UPDATE proposal SET borrower_key_id = 'gone.bound' WHERE id = $1`, [id]);
  for (const path of ['/api/v1/proposals?limit=200', `/api/v1/proposals/${id}`]) {
    const { status, body } = await world.master('GET', path);
    const shown =
      (body['items'] as Record<string, unknown>[] | undefined)?.find((one) => one['id'] === id) ?? body;
    expect([status, shown]).toMatchObject([200, { id, borrower: { document_number: '***', name: null } }]);
  }
});

it('leaves no task behind for a proposal that nobody wants any more', async () => {
  const id = await accepted();
  await locked(id, (tx, proposal) => world.app.get(ProposalTasks).openReview(tx, proposal, 'x', 'Conferir.'));
  expect(await openTasks(id)).toHaveLength(1);
  await world.master('POST', `/api/v1/proposals/${id}/withdraw`, { reason: 'desistiu' });
  expect(await openTasks(id)).toEqual([]);
});
