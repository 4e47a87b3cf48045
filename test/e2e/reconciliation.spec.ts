import { waitFor } from '../support/wait-for';
import { SandboxWorld } from './sandbox-world';

const OFTEN = { every_seconds: 1, ask_again_seconds: 1, calls_per_second: 50 };

interface GapRow {
  readonly kind: string;
  readonly closed_as: string | null;
}

async function gapsOf(world: SandboxWorld): Promise<readonly GapRow[]> {
  const { rows } = await world.sql.query<GapRow>(
    `SELECT kind, closed_as FROM reconciliation_gap ORDER BY id`,
  );
  return rows;
}

function allGapsClose(world: SandboxWorld): Promise<readonly GapRow[]> {
  return waitFor(
    'all gaps to be closed',
    async () => {
      const gaps = await gapsOf(world);
      return gaps.length > 0 && gaps.every((gap) => gap.closed_as === 'arrived') ? gaps : undefined;
    },
    { timeoutMs: 20_000 },
  );
}

describe('what QI lost on the way', () => {
  let world: SandboxWorld;
  beforeAll(async () => {
    world = await SandboxWorld.start({ reconciliation: OFTEN });
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
    const operation = await world.wonLoan(key);
    await world.operationBecomes(operation, 'reserved');
    world.lose(1);
    await world.lost(/"disbursed"/);
    world.lose(0);
    await world.operationBecomes(operation, 'disbursed');
    const gaps = await allGapsClose(world);
    expect(gaps.map(({ kind }) => kind)).toEqual(['webhook_undelivered', 'webhook_undelivered']);
    expect(world.sandbox.control.ledger().violations).toEqual([]);
    const { body } = await world.service.get('/metrics');
    expect(String(body)).toContain(
      'arremate_reconciliation_gaps_closed_total{kind="webhook_undelivered",as="arrived"} 2',
    );
    expect((await world.service.get('/api/v1/reconciliation/gaps?status=arrived')).body).toMatchObject({
      items: [{ closed_as: 'arrived' }, { closed_as: 'arrived' }],
    });
  }, 120_000);

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
  }, 120_000);
});

describe('what nobody knows to be lost', () => {
  it.concurrent('is asked for by what we miss: an auction without its end', async () => {
    // So short a look back that QI's list of failures shows nothing.
    const world = await SandboxWorld.start({
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
      expect(await gapsOf(world)).toEqual([{ kind: 'auction_without_end', closed_as: 'arrived' }]);
    } finally {
      await world.end();
    }
  }, 120_000);

  it.concurrent('is believed on the word of the reservation query where QI does not send again', async () => {
    const world = await SandboxWorld.start({
      qi: { notification_resend_path: 'notification/no_such_path/{event_key}' },
      reconciliation: { ...OFTEN, every_seconds: 3600 },
    });
    try {
      const key = world.openAuction({ loan: { disbursement: ['never'] } });
      const operation = await world.wonLoan(key);
      world.sandbox.control.setBehaviour({ pace: { step_seconds: 3 } }); // time to see it before what follows is told
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
  }, 120_000);

  it.concurrent('is looked for by one process at a time, and with single calls while QI does not answer', async () => {
    const world = await SandboxWorld.start({
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
      const { body } = await runNow();
      expect(body).toMatchObject({ result: 'qi_unavailable', resent: 0 });
      expect((body as { calls: number }).calls).toBeLessThanOrEqual(3); // two lists, and one gap
      expect(listed()).toBeLessThanOrEqual(before + 3);
    } finally {
      await world.end();
    }
  }, 120_000);

  it.concurrent.each(['kill', 'stop'] as const)(
    'goes on with another process after %s in the middle of a run',
    async (end) => {
      const world = await SandboxWorld.start({
        // The list, then one call for each of six: some four seconds.
        reconciliation: { ...OFTEN, calls_per_second: 2 },
      });
      try {
        world.lose(1);
        const lost = Array.from({ length: 6 }, () => world.openAuction());
        const ofThem = (): number =>
          world.sandbox.control
            .ledger()
            .webhooks.filter(({ callback_status }) => callback_status === 'failed').length;
        await waitFor('QI to give them up', () => (ofThem() >= lost.length ? true : undefined));
        world.lose(0);
        await waitFor('a run to send the first of them again', async () => {
          const { rows } = await world.sql.query(`SELECT FROM reconciliation_gap WHERE asked > 0`);
          return rows.length > 0 ? true : undefined;
        });
        await world.service[end]();
        const runs = await world.sql.query(
          `SELECT result FROM reconciliation_run WHERE calls > 0 OR result IS NULL ORDER BY id DESC LIMIT 1`,
        );
        // Who is told to stop says so; who is killed leaves the run open.
        expect(runs.rows).toEqual([{ result: end === 'stop' ? 'abandoned' : null }]);
        await world.service.restart();
        await allGapsClose(world);
        const { rows } = await world.sql.query(
          `SELECT FROM reconciliation_run WHERE result = 'abandoned' AND ended_at IS NOT NULL`,
        );
        expect(rows).toHaveLength(1);
      } finally {
        await world.end();
      }
    },
    120_000,
  );
});
