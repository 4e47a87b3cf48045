import { createHash, randomUUID } from 'node:crypto';
import { Client, type QueryConfig } from 'pg';
import { ExpireAuctionsService } from '../../src/auction/bidding/expire-auctions.service';
import { ReplayService } from '../../src/trial/replay.service';
import { calendarDateAt, instantOf } from '../../src/kernel';
import { InstanceRegistry } from '../../src/platform';
import { ActivePolicy } from '../../src/policy';
import { ActiveRateModels, NightlyLearning, ObservationKeeper } from '../../src/winning';
import type { ObservedSum } from '../../src/winning/domain';
import { observedDays } from '../../src/winning/observed-days';
import { justBefore } from '../support/just-before';
import { MANDATE } from '../support/learning-policies';
import { longestTurn } from '../support/loop-beats';
import { latch, ScriptedQi } from '../support/scripted-qi';
import { TODAY } from '../support/today';
import { waitFor } from '../support/wait-for';
import { endOfAuction, newCpf, proposalRequest } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

interface Decided {
  readonly auction_key: string;
  readonly m: {
    readonly version: string | null;
    readonly lane: string;
    readonly fallback: string | null;
    readonly cell: number;
    readonly reference_bp: number;
    readonly learned_bp: number | null;
    readonly bid_bp: number;
    readonly propensities: readonly number[];
  };
  readonly rate: string;
}

const FUNDING = 40_000_000;
/** Of which the statements are counted. */
const AUCTIONS = 5;
const LEARNING = { ...MANDATE, features: [], minimum_margin_bp: 0, daily_funding: `${String(FUNDING)}.00` };
const learning = (changes: object = {}) =>
  policyNamed('Com aprendizado', { learning: { ...LEARNING, ...changes }, test_cases: [] });

describe('learned rates', () => {
  let qi: ScriptedQi;
  let world: AccessWorld;
  let desk: PolicyDesk;
  beforeAll(async () => {
    qi = await ScriptedQi.start();
    world = await createAccessWorld({ QI_BASE_URL: qi.url });
    desk = await PolicyDesk.in(world);
  });
  afterAll(async () => {
    await world.close();
    await qi.close();
  });

  const nights = () => world.app.get(NightlyLearning);
  const models = () => world.app.get(ActiveRateModels);
  const list = async () => (await desk.author('GET', '/api/v1/rate-models')).body;
  /** The service may take up what was ordered before we do. */
  const nightOver = () =>
    waitFor('the end of the night', async () => {
      const [run] = (await list())['runs'] as Record<string, unknown>[];
      return run === undefined || ['ordered', 'running'].includes(String(run['state'])) ? undefined : run;
    });
  const say = (path: string, call = desk.author) =>
    call('POST', `/api/v1/rate-models/${path}`, { reason: 'teste' }).then(({ status }) => status);

  /** The auction of a new borrower. */
  const decided = async (status?: string): Promise<Decided> => {
    const key = randomUUID();
    await world.call('POST', '/webhooks/qi', proposalRequest({ key, cpf: newCpf() }));
    return waitFor('the decision', async () => {
      const [row] = await world.dataSource.query<Decided[]>(
        `SELECT d.auction_key, trace -> 'rate_model' AS m, monthly_interest_rate::text AS rate
         FROM decision d JOIN bid b ON b.auction_key = d.auction_key
         WHERE d.auction_key = $1 AND ($2::text IS NULL OR b.status = $2)`,
        [key, status],
      );
      return row;
    });
  };

  /** Decides auctions of new borrowers until one is in a lane. */
  const decidedIn = async (lane: string): Promise<Decided> => {
    for (let i = 0; i < 60; i++) {
      const found = await decided();
      if (found.m.lane === lane) return found;
    }
    throw new Error(`none of sixty was in the lane ${lane}`);
  };

  /** QI tells how an auction ended: it was won where a loan comes of it. */
  const tellEnd = (key: string, rank: number | null, operationKey: string | null = null): Promise<unknown> =>
    waitFor('the end', async () => {
      const end = endOfAuction({ requestKey: key, proposalKey: `proposal-${key}`, operationKey });
      const data = { ...(end.data as object), rank_position: rank };
      await world.call('POST', '/webhooks/qi', { ...end, data });
      const [row] = await world.dataSource.query<{ status: string }[]>(
        `SELECT status FROM auction WHERE issuer_proposal_request_key = $1`,
        [key],
      );
      return row?.status === (operationKey === null ? 'lost' : 'won') ? row : undefined;
    });

  /** Which statements some auctions bring about, from their webhook to QI's answer on disk, and how often. */
  const statementsOf = async (auctions: number): Promise<ReadonlyMap<string, number>> => {
    const seen = new Map<string, number>();
    const query = jest.spyOn(Client.prototype, 'query');
    for (let i = 0; i < auctions; i++) await decided('accepted');
    for (const [asked] of query.mock.calls as unknown as [string | QueryConfig][]) {
      const text = (typeof asked === 'string' ? asked : asked.text).trim();
      seen.set(text, (seen.get(text) ?? 0) + 1);
    }
    query.mockRestore();
    return seen;
  };
  let withoutMandate: ReadonlyMap<string, number>;

  /** Past bids, as the keeper would have left them. */
  const observe = (segments: string, cells: number): Promise<unknown> =>
    world.dataSource.query(
      `INSERT INTO rate_model_observation (auction_key, day, decided_at, segments, cell, lane, reference_bp, rate_bp, arm, step_bp,
           propensities, amount, term, ended, rank)
         SELECT 'past-' || n, ${TODAY} - 1 - n % 12, now() - interval '1 day', $1, n % $2, 'table', 250, 250, 0, 0,
           '{0,0,10000,0,0}', 500000, 24, CASE WHEN n % 5 < 4 THEN 'won' ELSE 'lost' END, CASE WHEN n % 5 < 4 THEN 1 ELSE 2 END
         FROM generate_series(1, 1200) AS n`,
      [segments, cells],
    );

  /** A version as a night would have made it, in any state and stage. */
  const keep = async (
    text: string,
    seed: string,
    {
      state = 'in_force',
      stage = 'shadow',
      daysAgo = 1,
      sinceDaysAgo = 0,
      waitsFor = '{}',
      approvedBy = null as string | null,
    } = {},
  ): Promise<string> => {
    const document = JSON.stringify({ ...(JSON.parse(text) as object), seed });
    const hash = createHash('sha256').update(document).digest('hex');
    await world.dataSource.query(
      `INSERT INTO rate_model_version (hash, document, policy_hash, segments, trained_through, figures, made_at, state, stage,
           stage_since, waits_for, approved_by, approved_at)
         SELECT $1, $2, policy_hash, segments, ${TODAY} - $4::integer, figures, now(), $5, $3, ${TODAY} - $8::integer, $6,
           $7::text, CASE WHEN $7::text IS NOT NULL THEN now() END
         FROM rate_model_version ORDER BY number LIMIT 1`,
      [hash, document, stage, daysAgo, state, waitsFor, approvedBy, sinceDaysAgo],
    );
    return hash;
  };

  /** Bids with a version from now on, in any stage. */
  const put = async (text: string, stage: string, seed: string): Promise<string> => {
    await world.dataSource.query(`UPDATE rate_model_version SET state = 'retired' WHERE state = 'in_force'`);
    const hash = await keep(text, seed, { stage });
    await models().look();
    return hash;
  };

  it('keeps a mandate whose floor does not cover the loan from being handed in, and names row and figure', async () => {
    const bands = [{ row: 't1-p1-v1', floor: '0.0150', ceiling: '0.0400' }];
    const { path } = await desk.draft(learning({ bands }));
    const { status, body } = await desk.author('POST', `${path}/submit`);
    expect([status, JSON.stringify(body)]).toEqual([
      409,
      expect.stringMatching(
        /o piso da linha t1-p1-v1, 1,50%, fica abaixo do custo do empréstimo mais a margem mínima: o mínimo é \d,\d\d%/,
      ),
    ]);
  });

  it('learns nothing from nothing, and says so; the table is bid', async () => {
    withoutMandate = await statementsOf(AUCTIONS);
    const { path, etag } = await desk.approved(learning());
    await desk.backtested(etag);
    expect(await say('run')).toBe(409);
    expect((await desk.activate(path)).status).toBe(200);
    await models().look();
    const { m, rate } = await decidedIn('table');
    expect(m).toMatchObject({
      version: null,
      fallback: 'NO_VERSION',
      learned_bp: null,
      bid_bp: m.reference_bp,
    });
    expect(Math.round(Number(rate) * 10_000)).toBe(m.reference_bp);
    await nights().work();
    expect(await nightOver()).toMatchObject({ state: 'refused', reason: 'TOO_FEW_BIDS', version: null });
  });

  it('leaves the night to another when it stops before it knows all ends: of some days the wins alone might stand there', async () => {
    const stopping = jest.spyOn(world.app.get(ObservationKeeper), 'catchUp').mockResolvedValue(false);
    expect(await say('run')).toBe(202);
    await nights().work();
    await nights().work();
    expect((await list())['runs']).toMatchObject([{ state: 'running' }]);
    stopping.mockRestore();
    await nights().work();
    expect(await nightOver()).toMatchObject({ state: 'refused', reason: 'TOO_FEW_BIDS' });
  });

  it('keeps what became of a bid, and does not learn from an end that contradicts itself', async () => {
    const [lost, odd] = [await decidedIn('table'), await decidedIn('table')];
    await tellEnd(lost.auction_key, 3);
    await tellEnd(odd.auction_key, 1);
    await world.app.get(ObservationKeeper).catchUp();
    const rows = await world.dataSource.query<object[]>(
      `SELECT ended, rank, refused, cell, lane, rate_bp FROM rate_model_observation WHERE auction_key = ANY ($1)
       ORDER BY auction_key = $2`,
      [[lost.auction_key, odd.auction_key], odd.auction_key],
    );
    const common = { ended: 'lost', lane: 'table', rate_bp: lost.m.reference_bp };
    expect(rows).toMatchObject([
      { ...common, rank: 3, refused: null, cell: lost.m.cell },
      { ...common, rank: 1, refused: 'RANK_CONTRADICTS' },
    ]);
    expect((await list())['observations']).toMatchObject({
      refused: [{ why: 'RANK_CONTRADICTS', count: 1 }],
    });
  });

  it('takes where a bid stood when QI answered for no rank at the end: a loss that tells none counts as one', async () => {
    qi.script = () => ({ kind: 'accept', rank: 1 });
    const { auction_key: key } = await decided('accepted');
    qi.script = () => ({ kind: 'accept' });
    await tellEnd(key, null);
    const keeper = world.app.get(ObservationKeeper);
    await keeper.catchUp();
    const segments = world.app.get(ActivePolicy).current().compiled.learning?.segmentsHash ?? '';
    const ofTheDay = async (): Promise<object> => {
      const [{ today }] = await world.dataSource.query<[{ today: string }]>(`SELECT ${TODAY}::text AS today`);
      const sums: ObservedSum[] = [];
      for await (const days of observedDays(world.dataSource, segments, today))
        sums.push(...days.flatMap((day) => (day.day === today ? day.sums : [])));
      const sum = (of: 'second' | 'behind' | 'unranked') => sums.reduce((all, one) => all + one[of], 0);
      return { second: sum('second'), behind: sum('behind'), unranked: sum('unranked') };
    };
    const right = { second: 0, behind: 1, unranked: 1 };
    expect(await ofTheDay()).toEqual(right);
    // As releases before had left it, of a bid that stood first, and of one that stood second, when QI took it.
    for (const rank of [1, 2]) {
      await world.dataSource.query(`UPDATE rate_model_observation SET rank = $2 WHERE auction_key = $1`, [
        key,
        rank,
      ]);
      await keeper.reopen(segments, calendarDateAt(new Date()));
      await keeper.catchUp();
      expect(await ofTheDay()).toEqual(right);
    }
  });

  it('looks once at what was learnt before, and again only where it is read otherwise by now', async () => {
    const keeper = world.app.get(ObservationKeeper);
    const segments = world.app.get(ActivePolicy).current().compiled.learning?.segmentsHash ?? '';
    const today = calendarDateAt(new Date());
    const { auction_key: key } = await decided('accepted');
    await tellEnd(key, null);
    await keeper.catchUp();
    const reopened = async (): Promise<boolean> => {
      await world.dataSource.query(
        `UPDATE rate_model_observation SET rank = 2, day = $2::date - 40 WHERE auction_key = $1`,
        [key, today],
      );
      await keeper.reopen(segments, today);
      const [row] = await world.dataSource.query<{ ended: string }[]>(
        `SELECT ended FROM rate_model_observation WHERE auction_key = $1`,
        [key],
      );
      await keeper.catchUp();
      return row?.ended === 'pending';
    };
    await world.dataSource.query(`DELETE FROM rate_model_reopening`);
    expect([await reopened(), await reopened()]).toEqual([true, false]);
    await world.dataSource.query(`UPDATE rate_model_reopening SET reading = 0`);
    expect(await reopened()).toBe(true);
    // Of today again, which no night below learns.
    await world.dataSource.query(`UPDATE rate_model_observation SET day = $2::date WHERE auction_key = $1`, [
      key,
      today,
    ]);
  });

  it('learns from no bid that QI did not answer, won or lost: of these the wins alone would be told', async () => {
    const { released, release } = latch();
    qi.script = () => ({ kind: 'accept_when', released });
    try {
      const [won, lost] = [await decided('sending'), await decided('sending')];
      await tellEnd(won.auction_key, 1, randomUUID());
      await tellEnd(lost.auction_key, 2);
      const keeper = world.app.get(ObservationKeeper);
      const kept = () =>
        world.dataSource.query<object[]>(
          `SELECT ended, refused FROM rate_model_observation WHERE auction_key = ANY ($1) ORDER BY ended`,
          [[won.auction_key, lost.auction_key]],
        );
      await keeper.catchUp();
      const unproven = [
        { ended: 'lost', refused: 'BID_UNPROVEN' },
        { ended: 'won', refused: 'BID_UNPROVEN' },
      ];
      expect(await kept()).toEqual(unproven);
      // As a release had left it long ago, which learnt from the won one.
      await world.asOwner(`
        UPDATE auction SET received_at = received_at - interval '90 days'
          WHERE issuer_proposal_request_key = '${won.auction_key}';
        UPDATE rate_model_observation SET day = day - 90, decided_at = decided_at - interval '90 days', refused = NULL,
            accepted = true, paid = true WHERE auction_key = '${won.auction_key}';
        DELETE FROM rate_model_reopening`);
      await say('run');
      await nightOver();
      expect(await kept()).toEqual(unproven);
    } finally {
      qi.script = () => ({ kind: 'accept' });
      release();
    }
  });

  it('is held up by no rate between two steps, as policies of releases before may have, and learns nothing of it', async () => {
    const [whole, odd] = [await decidedIn('table'), await decidedIn('table')];
    await world.asOwner(`
      UPDATE decision SET trace = jsonb_set(trace, '{rate_model,reference_bp}', '349.5') WHERE auction_key = '${odd.auction_key}';
      UPDATE bid SET monthly_interest_rate = 0.03495 WHERE auction_key = '${odd.auction_key}'`);
    for (const { auction_key: key } of [whole, odd]) await tellEnd(key, 3);
    await world.app.get(ObservationKeeper).catchUp();
    const rows = await world.dataSource.query<object[]>(
      `SELECT ended, refused FROM rate_model_observation WHERE auction_key = ANY ($1) ORDER BY auction_key = $2`,
      [[whole.auction_key, odd.auction_key], odd.auction_key],
    );
    expect(rows).toEqual([
      { ended: 'lost', refused: null },
      { ended: 'lost', refused: 'RATE_NOT_WHOLE' },
    ]);
  });

  it('learns from an end that is told after nobody expected it any more', async () => {
    const { auction_key: key } = await decidedIn('table');
    const keeper = world.app.get(ObservationKeeper);
    const kept = async () => {
      const [row] = await world.dataSource.query<{ ended: string }[]>(
        `SELECT ended FROM rate_model_observation WHERE auction_key = $1`,
        [key],
      );
      return row?.ended;
    };
    await waitFor('the answer of QI', async () => {
      const [row] = await world.dataSource.query<object[]>(
        `UPDATE auction SET expiration_at = now() - interval '1 day'
         WHERE issuer_proposal_request_key = $1 AND status = 'bid' RETURNING 1`,
        [key],
      );
      return (row as object[] | undefined)?.[0];
    });
    await world.app.get(ExpireAuctionsService).expire();
    await keeper.catchUp();
    expect(await kept()).toBe('pending');
    await tellEnd(key, 2);
    await keeper.catchUp();
    expect(await kept()).toBe('lost');
    // As the release before had left it.
    await world.dataSource.query(
      `UPDATE rate_model_observation SET ended = 'unknown', rank = NULL, day = day - 1 WHERE auction_key = $1`,
      [key],
    );
    await say('run');
    await nightOver();
    expect(await kept()).toBe('lost');
    // Of today again, which no night below learns.
    await world.dataSource.query(`UPDATE rate_model_observation SET day = day + 1 WHERE auction_key = $1`, [
      key,
    ]);
  });

  it('makes a version of the past that only watches at first', async () => {
    const compiled = world.app.get(ActivePolicy).current().compiled.learning;
    await observe(compiled?.segmentsHash ?? '', compiled?.cells.length ?? 0);
    expect(await say('run')).toBe(202);
    await nightOver();
    await models().look();
    const body = await list();
    expect(body).toMatchObject({
      runs: [{ state: 'made' }],
      versions: [{ state: 'in_force', stage: 'shadow', waits_for: [], figures: { bids: 1200 } }],
      line: { returned: null },
    });
    const [{ hash }] = body['versions'] as [{ hash: string }];
    const { body: detail } = await desk.author('GET', `/api/v1/rate-models/${hash}`);
    expect(detail).toMatchObject({ verified: true, axes: [{ field: 'tenure_months' }, {}, {}] });
    const cells = detail['cells'] as {
      floor_bp: number;
      ceiling_bp: number;
      reference_bp: number;
      rates: { rate_bp: number }[];
    }[];
    expect(cells).toHaveLength(27);
    for (const { rates, reference_bp: reference, floor_bp: floor, ceiling_bp: ceiling } of cells)
      for (const { rate_bp: rate } of rates) {
        expect(rate >= floor && rate <= ceiling).toBe(true);
        expect(Math.abs(rate - reference)).toBeLessThanOrEqual(LEARNING.speed_limit_bp);
      }
    const { m } = await decidedIn('shadow');
    expect(m).toMatchObject({ version: hash, fallback: null, bid_bp: m.reference_bp });
    expect(m.learned_bp).not.toBeNull();
  });

  it('learns the same version from the same bids, to the byte', async () => {
    const before = (await list())['versions'];
    await say('run');
    await nightOver();
    expect((await list())['versions']).toEqual(before);
  });

  it('bids the rates of a policy that comes back on the same day, and waits again for whom it waited', async () => {
    const versions = async () => (await list())['versions'] as { hash: string; state: string }[];
    const stateOf = async (hash: string) => (await versions()).find((one) => one.hash === hash)?.state;
    const [first = ''] = (await versions()).flatMap(({ hash, state }) =>
      state === 'in_force' ? [hash] : [],
    );
    const activePath = async () =>
      `/api/v1/policies/${String((await desk.author('GET', '/api/v1/policies/active')).body['number'])}`;
    const before = await activePath();
    const { path, etag } = await desk.approved(learning({ speed_limit_bp: 9 }));
    await desk.backtested(etag);
    expect((await desk.activate(path)).status).toBe(200);
    await waitFor('the rates of the other policy', async () => {
      await nights().work();
      return (await stateOf(first)) === 'retired' ? true : undefined;
    });
    expect((await desk.activate(before)).status).toBe(200);
    await waitFor('its rates again', async () => {
      await nights().work();
      return (await stateOf(first)) === 'in_force' ? true : undefined;
    });
    await models().look();
    expect((await decidedIn('shadow')).m).toMatchObject({ version: first, fallback: null });

    await world.asOwner(`ALTER TABLE rate_model_version DISABLE TRIGGER rate_model_version_guard;
      UPDATE rate_model_version SET state = 'retired', waits_for = '{FASTER_THAN_LIMIT}' WHERE hash = '${first}';
      ALTER TABLE rate_model_version ENABLE TRIGGER rate_model_version_guard`);
    await say('run');
    await nightOver();
    expect(await stateOf(first)).toBe('waiting');
    expect(await say(`${first}/approve`, desk.approver)).toBe(204);
    expect(await stateOf(first)).toBe('in_force');
  });

  it('learns again what was learnt and could not be written down', async () => {
    const [run] = await world.dataSource.query<[{ id: string }]>(
      `SELECT id FROM rate_model_run ORDER BY ordered_at DESC LIMIT 1`,
    );
    await world.dataSource.query(
      `UPDATE rate_model_run SET state = 'running', version = NULL, lease_owner = $2 WHERE id = $1`,
      [run.id, world.app.get(InstanceRegistry).id],
    );
    await nights().work();
    expect(await nightOver()).toMatchObject({ state: 'made' });
  });

  it('publishes nothing of a night that another process has taken over and ended meanwhile', async () => {
    await say('run');
    const takenOver = justBefore(world.dataSource, 'FROM rate_model_version WHERE segments', () =>
      world.dataSource.query(
        `UPDATE rate_model_run SET state = 'refused', reason = 'TOO_FEW_BIDS', lease_owner = NULL WHERE state = 'running'`,
      ),
    );
    await nights().work();
    await takenOver;
    expect(await nightOver()).toMatchObject({ state: 'refused', version: null });
  });

  it('goes on from the last version that people need not, or did, let through: of one that never was it knows nothing', async () => {
    const [{ document }] = await world.dataSource.query<[{ document: string }]>(
      `SELECT document FROM rate_model_version ORDER BY number LIMIT 1`,
    );
    const keptFrom = (daysAgo: number, waitsFor: string, approvedBy: string | null): Promise<string> =>
      keep(document, `${String(daysAgo)} days ago`, { state: 'retired', daysAgo, waitsFor, approvedBy });
    const parent = async () => {
      await say('run');
      const { version } = await nightOver();
      const { body } = await desk.author('GET', `/api/v1/rate-models/${String(version)}`);
      return body['parent'];
    };
    const byItself = await keptFrom(5, '{}', null);
    await keptFrom(4, '{FASTER_THAN_LIMIT}', null);
    expect(await parent()).toBe(byItself);
    const approved = await keptFrom(3, '{FASTER_THAN_LIMIT}', 'ana');
    await keptFrom(2, '{FASTER_THAN_LIMIT}', null);
    expect(await parent()).toBe(approved);
  });

  it('bids learned rates, and makes such a decision again byte for byte after ten more versions', async () => {
    const [{ document }] = await world.dataSource.query<[{ document: string }]>(
      `SELECT document FROM rate_model_version ORDER BY number LIMIT 1`,
    );
    const hash = await put(document, 'active', 'first');
    const learned = await decidedIn('learned');
    expect(learned.m).toMatchObject({ version: hash, fallback: null, bid_bp: learned.m.learned_bp });
    expect(learned.m.propensities.reduce((sum, share) => sum + share, 0)).toBe(10_000);
    expect(Math.round(Number(learned.rate) * 10_000)).toBe(learned.m.learned_bp);
    const control = await decidedIn('control');
    expect(control.m.bid_bp).toBe(control.m.reference_bp);
    for (let i = 0; i < 10; i++) await put(document, 'active', `later ${String(i)}`);
    const replays = world.app.get(ReplayService);
    for (const { auction_key: key } of [learned, control])
      expect(await replays.replay(key)).toMatchObject({ kind: 'replayed', identical: true });
  });

  it('shows the rates of a version of a release before as they are, also between two steps', async () => {
    const [{ document: text }] = await world.dataSource.query<[{ document: string }]>(
      `SELECT document FROM rate_model_version ORDER BY number LIMIT 1`,
    );
    const document = JSON.parse(text) as {
      tables: { ratesBp: number[]; floorBp: number; ceilingBp: number }[][];
    };
    const [cell] = document.tables[0] ?? [];
    Object.assign(cell ?? {}, { ratesBp: cell?.ratesBp.map(() => 349.5), floorBp: 349.5, ceilingBp: 349.5 });
    const odd = JSON.stringify(document);
    const hash = createHash('sha256').update(odd).digest('hex');
    await world.dataSource.query(
      `INSERT INTO rate_model_version (hash, document, policy_hash, segments, trained_through, figures, made_at, state, stage, stage_since)
         SELECT $1, $2, policy_hash, segments, trained_through, figures, now(), 'retired', 'shadow', ${TODAY}
         FROM rate_model_version ORDER BY number LIMIT 1`,
      [hash, odd],
    );
    const { status, body } = await desk.author('GET', `/api/v1/rate-models/${hash}`);
    expect([status, (body['cells'] as object[])[0]]).toMatchObject([
      200,
      { floor_bp: 349.5, ceiling_bp: 349.5 },
    ]);
  });

  it('says why every bid is the table’s, where the version in force is not bid with', async () => {
    const [{ document }] = await world.dataSource.query<[{ document: string }]>(
      `SELECT document FROM rate_model_version ORDER BY number LIMIT 1`,
    );
    const fallback = async () => (await list())['fallback'];
    const use = (used: string) =>
      world.dataSource.query(`UPDATE limit_use SET used = ${used} WHERE name = 'per_day'`);
    await put(document, 'active', 'in use');
    expect(await fallback()).toBeNull();
    await use(`used + ${String(FUNDING)}`);
    expect(await fallback()).toBe('FUNDING_SPENT');
    await use(`used - ${String(FUNDING)}`);
    const { origin } = JSON.parse(document) as { origin: object };
    const others = {
      ...(JSON.parse(document) as object),
      origin: { ...origin, assumptions: 'of another day' },
    };
    await put(JSON.stringify(others), 'active', 'others');
    expect(await fallback()).toBe('ORIGIN_CHANGED');
    await put(document, 'active', 'in use again');
    expect(await fallback()).toBeNull();
  });

  it('asks the database for nothing more while rates are learnt', async () => {
    // What comes by the clock may come in one count and not in the other; what each auction brings does not.
    const ofEach = (seen: ReadonlyMap<string, number>): string[] =>
      [...seen].flatMap(([text, times]) => (times >= AUCTIONS ? text : []));
    const more = ofEach(await statementsOf(AUCTIONS)).filter((text) => !withoutMandate.has(text));
    expect(more.filter((text) => !text.includes('FROM rate_model_line line'))).toEqual([]);
    expect(ofEach(withoutMandate).length).toBeGreaterThan(2);
  });

  it('takes no bid at a learned rate over the funding of the day, and bids the table instead', async () => {
    // More than nothing is left, so that the look of two seconds ago lets it be bid with; no loan is as small.
    const use = (used: string) =>
      world.dataSource.query(`UPDATE limit_use SET used = ${used} WHERE name = 'per_day'`);
    await use(`used + ${String(FUNDING - 100)}`);
    await models().look();
    const { m, rate } = await decidedIn('table');
    expect(m).toMatchObject({ fallback: 'FUNDING_SPENT', bid_bp: m.reference_bp });
    expect(Math.round(Number(rate) * 10_000)).toBe(m.reference_bp);
    await use(`used - ${String(FUNDING - 100)}`);
    await models().look();
    expect((await decidedIn('learned')).m.fallback).toBeNull();
  });

  it('goes back to the table at a word, and on only by two people', async () => {
    const operator = world.as(await world.tokenFor('operator'));
    expect(await say('return', operator)).toBe(204);
    expect((await decidedIn('table')).m).toMatchObject({ fallback: 'RETURNED', learned_bp: null });
    expect(await say('resume/approve', desk.approver)).toBe(409);
    expect(await say('resume', desk.both)).toBe(204);
    expect(await say('resume/approve', desk.both)).toBe(403);
    expect(await say('resume/approve', desk.approver)).toBe(204);
    expect((await decidedIn('learned')).m.fallback).toBeNull();
    const deeds = await world.dataSource.query<{ action: string }[]>(
      `SELECT action FROM audit_event WHERE subject = 'rate_model' ORDER BY id`,
    );
    expect(deeds.map(({ action }) => action)).toEqual([
      'rate_model.returned',
      'rate_model.resume_asked',
      'rate_model.resumed',
    ]);
  });

  it('lets no canary come to all bids by days on which every bid was the table’s', async () => {
    const operator = world.as(await world.tokenFor('operator'));
    const stages = async () =>
      ((await list())['versions'] as { state: string; stage: string }[]).flatMap(({ state, stage }) =>
        state === 'in_force' ? [stage] : [],
      );
    const [{ document }] = await world.dataSource.query<[{ document: string }]>(
      `SELECT document FROM rate_model_version ORDER BY number LIMIT 1`,
    );
    const nightAfterCanary = async (seed: string): Promise<readonly string[]> => {
      await world.dataSource.query(
        `UPDATE rate_model_version SET state = 'retired' WHERE state = 'in_force'`,
      );
      await keep(document, seed, { stage: 'canary', daysAgo: 2, sinceDaysAgo: 5 });
      await say('run');
      await nightOver();
      return stages();
    };
    expect(await say('return', operator)).toBe(204);
    expect(await nightAfterCanary('at the table')).toEqual(['canary']);
    expect(await say('resume', desk.both)).toBe(204);
    expect(await say('resume/approve', desk.approver)).toBe(204);
    expect(await nightAfterCanary('bidding since today')).toEqual(['canary']);
    await world.dataSource.query(`UPDATE rate_model_line SET resumed_on = ${TODAY} - 2`);
    // Bidding was stopped, or in dry run: nothing went out on its days.
    const bidOn = (...daysAgo: number[]) =>
      world.dataSource.query(
        `WITH numbered AS (SELECT request_control_key, row_number() OVER () AS n FROM bid)
         UPDATE bid SET submitted_at = now() - ($1::integer[])[n] * interval '1 day'
         FROM numbered WHERE numbered.request_control_key = bid.request_control_key`,
        [daysAgo],
      );
    await bidOn(5, 1);
    expect(await nightAfterCanary('with a day in silence')).toEqual(['canary']);
    await bidOn(2, 1);
    expect(await nightAfterCanary('bidding for its days')).toEqual(['active']);
  });

  it('writes no decision with rates that were given up, also where this process has not heard of it', async () => {
    const line = (set: string): Promise<unknown> =>
      world.dataSource.query(
        `UPDATE rate_model_line SET (returned_at, returned_by, returned_for, returned_reason) = (${set})`,
      );
    for (let turn = 0; turn < 3; turn += 1) {
      await line(`now(), 'ana', 'person', 'teste'`);
      expect((await decided()).m.fallback).toBe('RETURNED');
      await line('NULL, NULL, NULL, NULL');
      await models().look();
      expect((await decided()).m.fallback).toBeNull();
    }
  });

  it('a version that waits is let through by an approver', async () => {
    const hash = createHash('sha256').update('{}').digest('hex');
    await world.dataSource.query(
      `INSERT INTO rate_model_version (hash, document, policy_hash, segments, trained_through, figures, made_at, state, stage,
           stage_since, waits_for)
         SELECT $1, '{}', policy_hash, segments, trained_through, figures, now(), 'waiting', 'active', ${TODAY},
           '{MOVED_AFTER_DRIFT}' FROM rate_model_version ORDER BY number LIMIT 1`,
      [hash],
    );
    expect(await say(`${hash}/approve`)).toBe(403);
    expect(await say(`${hash}/approve`, desk.approver)).toBe(204);
    expect(await say(`${hash}/approve`, desk.approver)).toBe(409);
    // What it is cannot be bid with: the table is.
    expect((await decidedIn('table')).m.fallback).toBe('FORMAT_UNKNOWN');
  });

  it('a version altered by a byte is not bid with, and people are told', async () => {
    await expect(
      world.dataSource.query(`UPDATE rate_model_version SET document = '' WHERE state = 'in_force'`),
    ).rejects.toThrow('never changes');
    await world.asOwner(`ALTER TABLE rate_model_version DISABLE TRIGGER rate_model_version_guard`);
    await world.asOwner(`UPDATE rate_model_version SET document = document || ' ' WHERE state = 'in_force'`);
    await nights().work();
    expect(await list()).toMatchObject({ line: { returned: { code: 'HASH_MISMATCH', by: 'system' } } });
    expect((await decidedIn('table')).m.fallback).toBe('RETURNED');
  });

  /** Bids at rates that were drawn by chance, and how they ended. */
  const tryRates = (from: number, to: number, days: number): Promise<unknown> => {
    const compiled = world.app.get(ActivePolicy).current().compiled.learning;
    return world.dataSource.query(
      `INSERT INTO rate_model_observation (auction_key, day, decided_at, segments, cell, version, lane, reference_bp, rate_bp,
           centre_bp, arm, step_bp, propensities, amount, term, ended, rank)
         SELECT 'tried-' || n, ${TODAY} - 1 - n % $5, now() - interval '1 day', $1, n % $2, hash, 'learned', 280, 280 + arm * 5,
           280, arm, 5, '{500,1000,7000,1000,500}', 500000, 24, CASE WHEN n % 3 = 0 THEN 'won' ELSE 'lost' END, 1 + least(n % 3, 1)
         FROM generate_series($3::integer, $4) AS n, (SELECT hash FROM rate_model_version ORDER BY number LIMIT 1) AS first,
           LATERAL (SELECT CASE n % 20 WHEN 0 THEN -2 WHEN 1 THEN -1 WHEN 2 THEN -1 WHEN 3 THEN 1 WHEN 4 THEN 1 WHEN 5 THEN 2
             ELSE 0 END AS arm) AS drawn`,
      [compiled?.segmentsHash, compiled?.cells.length, from, to, days],
    );
  };
  const ask = async (points: number) =>
    (await desk.author('GET', `/api/v1/history/rate-shift?basis_points=${String(points)}`)).body['tried'];

  it('answers what other rates would have brought from those that were tried by chance, and refuses beyond them', async () => {
    await tryRates(1, 3_000, 31);
    const answered = await ask(-5);
    expect(answered).toMatchObject({
      refused: null,
      bids: 3000,
      days: 31,
      margin: { low: expect.any(Number) as number },
    });
    expect(await ask(-5)).toEqual(answered);
    expect(await ask(60)).toMatchObject({
      refused: 'OUTSIDE_EXPLORED',
      margin: null,
      share_needed: 200 / 3000,
    });
  });

  it('knows of each day what money cost, by the version that was bid with', async () => {
    const [{ document, segments }] = await world.dataSource.query<[{ document: string; segments: string }]>(
      `SELECT document, segments FROM rate_model_version ORDER BY number LIMIT 1`,
    );
    const prices = [
      '0',
      '0.004',
      '0.006',
      '0.008',
      '0.009',
      '0.01',
      '0.011',
      '0.0125',
      '0.015',
      '0.02',
      '0.03',
    ];
    // A release before asked it of what was lent, and says so nowhere.
    for (const [daysAgo, pricedPer] of [
      [2, 'won'],
      [3, undefined],
    ] as const) {
      const text = JSON.stringify({ ...(JSON.parse(document) as object), prices, pricedPer });
      const scarce = await keep(text, `scarce ${String(daysAgo)}`, { state: 'retired' });
      await world.dataSource.query(
        `UPDATE rate_model_observation SET version = $1 WHERE auction_key LIKE 'tried-%' AND day = ${TODAY} - $2::integer`,
        [scarce, daysAgo],
      );
      const { body } = await desk.author('GET', `/api/v1/rate-models/${scarce}`);
      expect(body['priced_per']).toBe(pricedPer ?? 'lent');
    }
    const [{ yesterday }] = await world.dataSource.query<[{ yesterday: string }]>(
      `SELECT (${TODAY} - 1)::text AS yesterday`,
    );
    const costs: object[] = [];
    for await (const days of observedDays(world.dataSource, segments, yesterday))
      costs.push(...days.map(({ priceOfMoney }) => priceOfMoney));
    expect(costs.slice(-3)).toEqual([
      { perReal: 0.01, of: 'lent' },
      { perReal: 0.01, of: 'won' },
      { perReal: 0, of: 'won' },
    ]);
  });

  it('answers of all days that rates are learnt from, and keeps no auction of this process waiting', async () => {
    await tryRates(3_001, 20_000, 400);
    expect(await ask(-7)).toMatchObject({ refused: null, bids: 20_000, days: 400 });
    expect(await longestTurn(() => ask(-7), 3)).toBeLessThan(100);
  });

  it('answers of all days also where the newest bids of a few would be as many as are looked at', async () => {
    await tryRates(20_001, 50_000, 25);
    const answered = await ask(-7);
    expect(answered).toMatchObject({ refused: null, days: 400 });
    const { bids } = answered as { bids: number };
    expect(bids).toBeGreaterThan(15_000);
    expect(bids).toBeLessThanOrEqual(20_000);
    expect(await ask(-7)).toEqual(answered);
  });

  it('foresees what the day’s money stopped, and prices money that the policy’s own limit makes scarce', async () => {
    await world.dataSource.query(`DELETE FROM rate_model_observation`);
    const exposure = { ...(policyNamed('')['exposure'] as object), per_day: '200000.00' };
    const { path, etag } = await desk.approved({ ...learning({ daily_funding: null }), exposure });
    await desk.backtested(etag);
    expect((await desk.activate(path)).status).toBe(200);
    const use = (used: number) =>
      world.dataSource.query(`UPDATE limit_use SET used = $1 WHERE name = 'per_day'`, [used]);
    const { compiled } = world.app.get(ActivePolicy).current();
    const { learning: mandate } = compiled;
    const segments = mandate?.segmentsHash ?? '';
    await use(199_990);
    const key = randomUUID();
    await world.call('POST', '/webhooks/qi', proposalRequest({ key, cpf: newCpf() }));
    await waitFor('the decision', async () => {
      const [row] = await world.dataSource.query<{ reason_codes: string[] }[]>(
        `SELECT reason_codes FROM decision WHERE auction_key = $1`,
        [key],
      );
      return row?.reason_codes.includes('EXPOSURE_PER_DAY') === true ? row : undefined;
    });
    await world.app.get(ObservationKeeper).catchUp();
    const today = calendarDateAt(new Date());
    const sums: ObservedSum[] = [];
    for await (const days of observedDays(world.dataSource, segments, today))
      sums.push(...days.flatMap((day) => day.sums));
    const [row] = await world.dataSource.query<{ ended: string; rate_bp: number; amount: string }[]>(
      `SELECT ended, rate_bp, amount FROM rate_model_observation WHERE auction_key = $1`,
      [key],
    );
    expect(row).toMatchObject({ ended: 'not_bid', rate_bp: expect.any(Number) as number });
    expect(sums.filter(({ stopped }) => stopped > 0)).toMatchObject([
      { rateBp: row?.rate_bp, stopped: 1, stoppedAmount: Number(row?.amount) / 100 },
    ]);

    const [{ document }] = await world.dataSource.query<[{ document: string }]>(
      `SELECT document FROM rate_model_version ORDER BY number LIMIT 1`,
    );
    await world.dataSource.query(`UPDATE rate_model_version SET state = 'retired' WHERE state = 'in_force'`);
    await keep(document, 'of all', { stage: 'active', daysAgo: 2 });
    await observe(segments, mandate?.cells.length ?? 0);
    await say('run');
    const { version } = await nightOver();
    const { body } = await desk.author('GET', `/api/v1/rate-models/${String(version)}`);
    expect(Number((body['prices'] as string[])[5])).toBeGreaterThan(0);

    expect(await say('resume', desk.both)).toBe(204);
    expect(await say('resume/approve', desk.approver)).toBe(204);
    const morning = new Date(instantOf(today, 0).getTime() + 60_000);
    const priceStepAfter = async (used: number) => {
      await use(used);
      await models().look();
      const now = models().current(compiled, morning, undefined)?.version;
      return now?.kind === 'usable' ? now.priceStep : now?.reason;
    };
    const [early, later] = [await priceStepAfter(0), await priceStepAfter(120_000)];
    expect(early).toBeGreaterThan(0);
    expect(later).toBeGreaterThan(Number(early));
    // No table bid in its place would have room either.
    expect(await priceStepAfter(200_000)).not.toBe('FUNDING_SPENT');
  });
});
