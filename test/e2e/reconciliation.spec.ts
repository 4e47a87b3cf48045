import { Pool } from 'pg';
import { startSandbox, type Sandbox } from '../../sandbox';
import { engineFile } from '../support/engine-file';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const OFTEN = { every_seconds: 1, ask_again_seconds: 1, calls_per_second: 50 };

interface GapRow {
  readonly kind: string;
  readonly closed_as: string | null;
}

/** The service and a QI that loses webhooks; nobody helps them. */
class World {
  private constructor(
    readonly sandbox: Sandbox,
    readonly database: TestDatabase,
    readonly sql: Pool,
    readonly service: ServiceProcess,
  ) {}

  static async start(engine: Parameters<typeof engineFile>[0]): Promise<World> {
    const [sandbox, database] = await Promise.all([
      startSandbox({ behaviour: { pace: { window_seconds: 3, step_seconds: 0.3 } } }),
      createTestDatabase(),
    ]);
    const sql = new Pool({ connectionString: database.url, max: 4 });
    const env = { ARREMATE_ENGINE_FILE: engineFile(engine) };
    const service = await ServiceProcess.start({ databaseUrl: database.url, qiBaseUrl: sandbox.url, env });
    sandbox.control.deliverTo(`${service.url}/webhooks/qi`);
    return new World(sandbox, database, sql, service);
  }

  async end(): Promise<void> {
    await this.service.stop();
    await this.sandbox.close();
    await this.sql.end();
    await this.database.drop();
  }

  lose(share: 0 | 1): void {
    this.sandbox.control.setBehaviour({ webhooks: { drop_rate: share } });
  }

  /** An auction that nobody else bids in, for a borrower whom the policy takes. */
  openAuction(overrides: Parameters<Sandbox['control']['openAuction']>[0] = {}): string {
    return this.sandbox.control.openAuction({
      borrower: 'clean',
      rivals: [],
      request: {
        disbursed_issue_amount: 2100,
        number_of_installments: 24,
        consigned_credit_balance: 900,
        employer_document_type: 'cnpj',
        employer_document_number: '29113956000181',
        birth_date: '1985-03-01',
        admission_date: '2018-03-01',
      },
      ...overrides,
    }).key;
  }

  async auction(key: string): Promise<{ status: string; credit_operation_key: string | null } | undefined> {
    const { rows } = await this.sql.query<{ status: string; credit_operation_key: string | null }>(
      `SELECT status, credit_operation_key FROM auction WHERE issuer_proposal_request_key = $1`,
      [key],
    );
    return rows[0];
  }

  auctionBecomes(key: string, status: string): Promise<string | null> {
    return waitFor(
      `the auction to become ${status}`,
      async () => {
        const row = await this.auction(key);
        return row?.status === status ? row.credit_operation_key : undefined;
      },
      { timeoutMs: 20_000 },
    );
  }

  operationBecomes(key: string, status: string): Promise<true> {
    return waitFor(
      `the operation to become ${status}`,
      async () => {
        const { rows } = await this.sql.query<{ status: string }>(
          `SELECT status FROM operation WHERE credit_operation_key = $1`,
          [key],
        );
        // One in twenty is drawn for a person to look at; here the person agrees.
        if (rows[0]?.status === 'awaiting_authorization') {
          await this.service.post(`/api/v1/operations/${key}/authorize`, {});
        }
        return rows[0]?.status === status ? true : undefined;
      },
      { timeoutMs: 20_000 },
    );
  }

  /** Until QI has tried, and failed, to tell it. */
  lost(what: RegExp): Promise<unknown> {
    return waitFor(`QI to lose ${String(what)}`, () =>
      this.sandbox.control
        .ledger()
        .webhooks.find((each) => what.test(JSON.stringify(each)) && each.callback_status === 'failed'),
    );
  }

  async gaps(): Promise<readonly GapRow[]> {
    const { rows } = await this.sql.query<GapRow>(
      `SELECT kind, closed_as FROM reconciliation_gap ORDER BY id`,
    );
    return rows;
  }

  allGapsClose(): Promise<readonly GapRow[]> {
    return waitFor(
      'all gaps to be closed',
      async () => {
        const gaps = await this.gaps();
        return gaps.length > 0 && gaps.every((gap) => gap.closed_as === 'arrived') ? gaps : undefined;
      },
      { timeoutMs: 20_000 },
    );
  }
}

describe('what QI lost on the way', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ reconciliation: OFTEN });
  });
  afterAll(() => world.end());
  beforeEach(() => {
    world.lose(0);
  });

  it('is found and closed without a person: the end of an auction, and the payment of its loan', async () => {
    const key = world.openAuction({ loan: { step_seconds: 1 } });
    await world.auctionBecomes(key, 'bid');
    world.lose(1);
    await world.lost(/end_of_auction/);
    world.lose(0);
    const operation = (await world.auctionBecomes(key, 'won')) ?? '';
    await world.operationBecomes(operation, 'reserved');
    world.lose(1);
    await world.lost(/"disbursed"/);
    world.lose(0);
    await world.operationBecomes(operation, 'disbursed');
    const gaps = await world.allGapsClose();
    expect(gaps.map(({ kind }) => kind)).toEqual(['webhook_undelivered', 'webhook_undelivered']);
    expect(world.sandbox.control.ledger().violations).toEqual([]);
    const { body } = await world.service.get('/metrics');
    expect(String(body)).toContain(
      'arremate_reconciliation_gaps_closed_total{kind="webhook_undelivered",as="arrived"} 2',
    );
    expect((await world.service.get('/api/v1/reconciliation/gaps?status=arrived')).body).toMatchObject({
      items: [{ closed_as: 'arrived' }, { closed_as: 'arrived' }],
    });
  }, 60_000);

  it('settles a bid whose answer and whose outcome were both lost', async () => {
    const key = world.openAuction({ faults: ['timeout_after_effect'] });
    await waitFor('the proposal', () =>
      world.sandbox.control
        .ledger()
        .auctions.find((each) => each.issuer_proposal_request_key === key && each.attempts.length > 0),
    );
    world.lose(1);
    await world.auctionBecomes(key, 'unknown');
    await world.lost(/end_of_auction/);
    world.lose(0);
    await world.auctionBecomes(key, 'won');
  }, 60_000);
});

describe('what nobody knows to be lost', () => {
  it('is asked for by what we miss: an auction without its end', async () => {
    // So short a look back that QI's list of failures shows nothing.
    const world = await World.start({
      reconciliation: { ...OFTEN, scan_overlap_minutes: 1, every_seconds: 3600 },
    });
    try {
      await world.sql.query(
        `INSERT INTO reconciliation_run (started_by, lease_owner, ended_at, result, scanned_until)
         VALUES ('test', gen_random_uuid(), now(), 'done', now() + interval '1 hour')`,
      );
      const key = world.openAuction();
      await world.auctionBecomes(key, 'bid');
      world.lose(1);
      await world.lost(/end_of_auction/);
      world.lose(0);
      const runNow = () => world.service.post('/api/v1/reconciliation/runs', {});
      expect((await runNow()).body).toMatchObject({ gaps_found: 0, calls: 0 });
      await world.sql.query(`UPDATE auction SET inclusion_limit_at = inclusion_limit_at - interval '1 hour'`);
      expect((await runNow()).body).toMatchObject({ result: 'done', gaps_found: 1, resent: 2 });
      await world.auctionBecomes(key, 'won');
      expect((await runNow()).body).toMatchObject({ gaps_found: 0, gaps_closed: 1, calls: 0 });
      expect(await world.gaps()).toEqual([{ kind: 'auction_without_end', closed_as: 'arrived' }]);
    } finally {
      await world.end();
    }
  }, 60_000);

  it('is believed on the word of the reservation query where QI does not send again', async () => {
    const world = await World.start({
      qi: { notification_resend_path: 'notification/no_such_path/{event_key}' },
      reconciliation: { ...OFTEN, every_seconds: 3600 },
    });
    try {
      const key = world.openAuction({ loan: { disbursement: ['never'] } });
      const operation = (await world.auctionBecomes(key, 'won')) ?? '';
      await world.operationBecomes(operation, 'authorized');
      world.lose(1);
      await world.lost(/collateral/);
      await world.sql.query(`UPDATE operation SET status_since = status_since - interval '2 hours'`);
      const { body } = await world.service.post('/api/v1/reconciliation/runs', {});
      expect(body).toMatchObject({ result: 'done' });
      expect((body as { refused: number }).refused).toBeGreaterThan(0);
      await world.operationBecomes(operation, 'reserved');
      const { rows } = await world.sql.query(
        `SELECT FROM operation_event WHERE kind = 'reservation_confirmed' AND summary ->> 'by' = 'reservation_query'`,
      );
      expect(rows).toHaveLength(1);
    } finally {
      await world.end();
    }
  }, 60_000);

  it('is looked for by one process at a time, and not at all while QI does not answer', async () => {
    const world = await World.start({
      reconciliation: { ...OFTEN, every_seconds: 3600, calls_per_second: 2 },
    });
    try {
      const runNow = () => world.service.post('/api/v1/reconciliation/runs', {});
      world.lose(1);
      for (let i = 0; i < 4; i += 1) world.openAuction();
      world.lose(0);
      const answers = await Promise.all([runNow(), runNow(), runNow()]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      world.sandbox.control.setBehaviour({ api: { error_rate: 1 } });
      const listed = () =>
        world.sandbox.control.ledger().calls.filter((call) => call.operation === 'list_notifications').length;
      const before = listed();
      expect((await runNow()).body).toMatchObject({ result: 'qi_unavailable', calls: 1 });
      expect(listed()).toBe(before + 1);
    } finally {
      await world.end();
    }
  }, 60_000);
});
