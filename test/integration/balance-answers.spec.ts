import { randomUUID } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../sandbox';
import type { Handling, WebhookEvent } from '../../src/inbox';
import { calendarDate, Decimal, type Clock } from '../../src/kernel';
import { BalanceNewsService } from '../../src/origination/balance-news.service';
import { OriginationSweep } from '../../src/origination/origination-sweep.service';
import type { BalanceNews } from '../../src/origination/ports';
import { ProposalJudge } from '../../src/origination/proposal-judge.service';
import { ProposalLife } from '../../src/origination/proposal-life.service';
import type { ProposalEntity } from '../../src/origination/proposal.entity';
import { Proposals } from '../../src/origination/proposals.service';
import { CLOCK, ClockWatch } from '../../src/platform';
import { accountOf, personOf } from '../support/borrower';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';

/** What QI says of queries that it took long ago. Nothing is sent: each query is taken when the test says so. */
let world: AccessWorld;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
  world = await createAccessWorld({ ARREMATE_ROLE: 'web', QI_BASE_URL: sandbox.url });
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await world.close();
  await sandbox.close();
});

const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
  world.dataSource.query<Row[]>(statement, values);
const locked = <T>(id: string, work: (tx: never, proposal: ProposalEntity) => Promise<T>) =>
  world.dataSource.transaction(async (tx) => {
    const proposal = await world.app.get(ProposalLife).lock(tx, id);
    if (proposal === undefined) throw new Error('no such proposal');
    return work(tx as never, proposal);
  });

const RECEIVED: BalanceNews = {
  kind: 'received',
  snapshot: {
    product: 'fgts',
    referenceDate: undefined,
    periods: [{ dueDate: calendarDate('2030-04-01'), amount: new Decimal('300') }],
    activeContracts: undefined,
    hasUnavailableBalance: undefined,
  },
};
const REFUSED: BalanceNews = {
  kind: 'refused',
  code: 'caixa_error',
  description: undefined,
  permittedFrom: undefined,
};
const hear = (key: string, news: BalanceNews, receivedAt = new Date()): Promise<Handling> => {
  const webhook = { id: undefined, eventAtText: undefined, receivedAt } as unknown as WebhookEvent;
  return world.dataSource.transaction((tx) =>
    world.app.get(BalanceNewsService).record(tx, webhook, { key, news }),
  );
};
const read = async (id: string) => {
  const [row] = await sql<{ status: string; balance_key: string | null }>(
    `SELECT status, balance_key FROM proposal WHERE id = $1`,
    [id],
  );
  return row;
};
const live = (id: string) =>
  sql<{ action: string }>(
    `SELECT action FROM proposal_command WHERE proposal_id = $1 AND settled_at IS NULL`,
    [id],
  );

/** QI takes the query that waits. @returns under which key */
async function taken(id: string): Promise<string> {
  const key = randomUUID();
  await sql(
    `UPDATE proposal_command SET status = 'accepted', settled_at = now(), settled_by = 'qi'
     WHERE proposal_id = $1 AND settled_at IS NULL`,
    [id],
  );
  const note = { kind: 'balance_queried', summary: { balance_key: key } } as const;
  await locked(id, (tx, proposal) =>
    world.app.get(ProposalLife).note(tx, proposal, note, { balanceKey: key }),
  );
  return key;
}

async function asked(product = 'fgts'): Promise<readonly [id: string, key: string]> {
  const cpf = newCpf();
  const wanted = { product, document_number: cpf, person: personOf(cpf), account: accountOf(cpf) };
  const { body } = await world.master('POST', '/api/v1/proposals', wanted);
  const id = String(body['proposal_id']);
  return [id, await taken(id)];
}

/** QI says nothing for long, and is asked again. @returns the first query's key */
async function askedAgain(): Promise<readonly [id: string, first: string]> {
  const [id, first] = await asked();
  await locked(id, (tx, proposal) => world.app.get(BalanceNewsService).neverCame(tx, proposal));
  await locked(id, (tx, proposal) => world.app.get(Proposals).query(tx, proposal, 'system'));
  return [id, first];
}

describe('the answer to a query that was asked again', () => {
  it('is the balance, though the second query has not left, which leaves no more', async () => {
    const [id, first] = await askedAgain();
    expect(await hear(first, RECEIVED)).toMatchObject({ kind: 'done' });
    expect(await read(id)).toEqual({ status: 'balance_known', balance_key: first });
    expect(await live(id)).toEqual([{ action: 'read_balance' }]);
    const [query] = await sql(
      `SELECT status FROM proposal_command WHERE proposal_id = $1 AND action = 'query_balance' ORDER BY created_at DESC LIMIT 1`,
      [id],
    );
    expect(query).toEqual({ status: 'withdrawn' });
  });

  it('is the balance where the second waits for its answer too, which changes nothing any more', async () => {
    const [id, first] = await askedAgain();
    const second = await taken(id);
    await hear(first, RECEIVED);
    expect(await read(id)).toEqual({ status: 'balance_known', balance_key: first });
    expect(await hear(second, RECEIVED)).toMatchObject({ kind: 'done' });
    expect(await read(id)).toEqual({ status: 'balance_known', balance_key: first });
  });

  it('waits while the second query is being sent: its own answer must find it', async () => {
    const [id, first] = await askedAgain();
    await sql(
      `UPDATE proposal_command SET status = 'sending' WHERE proposal_id = $1 AND settled_at IS NULL`,
      [id],
    );
    expect(await hear(first, RECEIVED)).toEqual({ kind: 'waiting', correlationKey: first });
  });

  it('is only noted where it is no balance: the second is waited for', async () => {
    const [id, first] = await askedAgain();
    const second = await taken(id);
    expect(await hear(first, REFUSED)).toMatchObject({ kind: 'done' });
    expect(await read(id)).toEqual({ status: 'querying', balance_key: second });
  });

  it('is only noted where it was heard before, or so long ago that it says nothing of today', async () => {
    const [id, first] = await asked();
    await hear(first, RECEIVED);
    await sql(
      `UPDATE proposal_command SET status = 'withdrawn', settled_at = now(), settled_by = 'test'
       WHERE proposal_id = $1 AND settled_at IS NULL`,
      [id],
    );
    await locked(id, (tx, proposal) => world.app.get(Proposals).query(tx, proposal, 'ana'));
    const second = await taken(id);
    await hear(first, RECEIVED);
    expect(await read(id)).toEqual({ status: 'querying', balance_key: second });

    const [late, old] = await askedAgain();
    await hear(old, RECEIVED, new Date(Date.now() - 5 * 3_600_000));
    expect((await read(late))?.status).toBe('querying');
  });

  it('counts where a person had given the query up', async () => {
    const [id, first] = await asked();
    await locked(id, (tx, proposal) => world.app.get(ProposalLife).queryCanceled(tx, proposal, 'ana'));
    await locked(id, (tx, proposal) => world.app.get(Proposals).query(tx, proposal, 'ana'));
    await hear(first, RECEIVED);
    expect((await read(id))?.status).toBe('balance_known');
  });
});

describe('an answer that could not be handled when it came', () => {
  const DAYS_AGO = new Date(Date.now() - 47 * 3_600_000);
  const standing = (id: string) =>
    sql<{ status: string; age_hours: number }>(
      `SELECT status, round(extract(epoch FROM now() - balance_at) / 3600)::int AS age_hours
       FROM proposal WHERE id = $1`,
      [id],
    );

  it('is a balance of the day on which it came', async () => {
    const [id, key] = await asked();
    await locked(id, (tx, proposal) => world.app.get(BalanceNewsService).neverCame(tx, proposal));
    expect(await hear(key, RECEIVED, DAYS_AGO)).toMatchObject({ kind: 'done' });
    expect(await standing(id)).toEqual([{ status: 'balance_known', age_hours: 47 }]);
    await locked(id, (tx, proposal) => world.app.get(ProposalJudge).consider(tx, proposal));
    const { body } = await world.master('GET', `/api/v1/proposals/${id}`);
    expect(body).toMatchObject({
      status: 'not_eligible',
      decision: { reasons: [{ code: 'SNAPSHOT_TOO_OLD' }, {}] },
    });
  });
});

describe('a query of a servant’s margin', () => {
  const at = (time: string) => new Date(`${time}-03:00`);
  const sweepAt = (time: string) => {
    jest.spyOn(world.app.get<Clock>(CLOCK), 'now').mockReturnValue(at(time));
    jest.spyOn(world.app.get(ClockWatch), 'databaseNow').mockReturnValue(at(time));
    return world.app.get(OriginationSweep).sweep();
  };

  it('is waited for as long as SIAPE is open, and no night or weekend counts', async () => {
    const [id] = await asked('federal_payroll');
    // Taken on a Friday, ten minutes before SIAPE closes.
    const friday = at('2026-03-06T23:50:00');
    await sql(`UPDATE proposal SET status_since = $2 WHERE id = $1`, [id, friday]);
    await sql(`UPDATE proposal_command SET settled_at = $2 WHERE proposal_id = $1`, [id, friday]);
    for (const time of ['2026-03-07T00:51:00', '2026-03-08T12:00:00', '2026-03-09T07:30:00']) {
      await sweepAt(time);
      expect((await read(id))?.status).toBe('querying');
    }
    await sweepAt('2026-03-09T08:01:00');
    expect((await read(id))?.status).toBe('balance_failed');
  });

  it('is asked again when SIAPE is open, and the page says when', async () => {
    const [id] = await asked('federal_payroll');
    jest.spyOn(world.app.get<Clock>(CLOCK), 'now').mockReturnValue(at('2026-03-06T23:55:00'));
    await locked(id, (tx, proposal) => world.app.get(BalanceNewsService).neverCame(tx, proposal));
    const { failure } = (await world.master('GET', `/api/v1/proposals/${id}`)).body as {
      failure?: { retry_at: string };
    };
    expect(failure?.retry_at).toBe(at('2026-03-09T07:00:00').toISOString());
  });
});
