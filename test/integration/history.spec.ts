import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { BlindIndex, FieldCipher } from '../../src/platform';
import { auctionFilter, type AuctionFilter } from '../../src/history/auction-filter';
import {
  AUCTION_SORTS,
  DIRECTIONS,
  type AuctionOrder,
  type FactPosition,
} from '../../src/history/auction-order';
import { AuctionSearch } from '../../src/history/auction-search.service';
import { countedFromFacts } from '../../src/history/charts/counted-parts';
import { EmployerNames } from '../../src/history/explore/employer-names.service';
import { recountSums, sumStaleDay } from '../../src/history/facts/day-sums';
import { FactKeeper } from '../../src/history/facts/fact-keeper.service';
import { LiveFeed } from '../../src/history/live-feed.service';
import { Overview } from '../../src/history/overview.service';
import { sortedAuctions } from '../../src/history/sorted-auctions';
import { refuseRow } from '../support/refused-row';
import { waitFor } from '../support/wait-for';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

interface Told {
  readonly receivedAt: string;
  readonly status: string;
  readonly amount: string;
  readonly term?: number;
  readonly employer?: { readonly type: 'cnpj' | 'cpf'; readonly document: string };
  readonly cpf?: string;
  readonly admittedOn?: string;
  readonly reasons?: readonly string[];
  readonly bid?: { readonly rate: string; readonly term: number; readonly secondsLeft: number };
  readonly loan?: { readonly status: string; readonly amount: string };
}

const BIG = { type: 'cnpj', document: '33000167000101' } as const;
const PERSON = { type: 'cpf', document: newCpf() } as const;
const SMALL = { type: 'cnpj', document: '00000000000191' } as const;

/** One São Paulo day: the first auction is of the evening before in Greenwich. */
const DAY: readonly Told[] = [
  {
    receivedAt: '2026-08-17T03:00:00Z', // 00:00 in São Paulo
    status: 'won',
    amount: '1000.10',
    employer: BIG,
    admittedOn: '2020-08-17',
    bid: { rate: '0.0249', term: 12, secondsLeft: 27 },
    loan: { status: 'disbursed', amount: '900.05' },
  },
  {
    receivedAt: '2026-08-17T03:30:00Z',
    status: 'won',
    amount: '2000.20',
    employer: BIG,
    admittedOn: '2026-02-18',
    bid: { rate: '0.0244', term: 24, secondsLeft: 26 },
    loan: { status: 'signed', amount: '2000.20' },
  },
  {
    receivedAt: '2026-08-17T12:00:00Z',
    status: 'lost',
    amount: '3000.30',
    employer: PERSON,
    admittedOn: '2026-02-17',
    bid: { rate: '0.0241', term: 24, secondsLeft: 3 },
  },
  {
    receivedAt: '2026-08-17T12:59:59Z',
    status: 'declined',
    amount: '4000.40',
    employer: BIG,
    admittedOn: '2016-08-17',
    reasons: ['LEAVE_RUNNING', 'AMOUNT_TOO_HIGH'],
  },
  { receivedAt: '2026-08-18T02:59:59Z', status: 'declined', amount: '5000.50', reasons: ['LEAVE_RUNNING'] },
  // Of the next day: it must not count.
  {
    receivedAt: '2026-08-18T03:00:00Z',
    status: 'declined',
    amount: '9000.00',
    employer: SMALL,
    reasons: ['X'],
  },
];
const THE_DAY = 'received_from=2026-08-17T03:00:00Z&received_before=2026-08-18T03:00:00Z';
const EVERY_DAY_IS_STALE = `INSERT INTO history_stale_day SELECT DISTINCT day FROM history_fact ON CONFLICT DO NOTHING`;

describe('the history of auctions', () => {
  let world: AccessWorld;
  let analyst: Call;
  const keys: string[] = [];

  beforeAll(async () => {
    world = await createAccessWorld();
    analyst = world.as(await world.tokenFor('analyst'));
    for (const told of DAY) keys.push(await tell(world, told));
    await world.app.get(FactKeeper).catchUp();
    // What a margin is worked out of is no matter here: what is shown of one is.
    await world.dataSource.query(
      `UPDATE history_fact SET margin_is = 'known', interest = offered / 10, discount = 0, rebate = 0, funding = 0, prepayment = 0,
         expected_loss = 0, cost = 0, margin = offered / 10, margin_rate = 9000 + rank_of, paid_out = 750000
       FROM unnest($1::text[]) WITH ORDINALITY AS won (won_key, rank_of) WHERE key = won_key`,
      [keys.slice(0, 2)],
    );
    await world.dataSource.query(EVERY_DAY_IS_STALE);
    await world.app.get(FactKeeper).catchUp();
  });
  afterAll(() => world.close());

  const charts = async (query = THE_DAY) => {
    const { status, body } = await analyst('GET', `/api/v1/history/charts?${query}`);
    expect(status).toBe(200);
    return body;
  };
  const list = async (query: string) => {
    const { status, body } = await analyst('GET', `/api/v1/history/auctions?${query}`);
    expect(status).toBe(200);
    return body as { items: Record<string, unknown>[]; next_cursor: string | null };
  };
  const found = async (query: string) =>
    (await list(query)).items.map((row) => keys.indexOf(String(row['issuer_proposal_request_key'])));

  it('counts the way of the auctions and of the money, to the cent', async () => {
    expect((await charts())['funnel']).toEqual([
      { step: 'received', count: 5, amount: '15001.50' },
      { step: 'decided_to_bid', count: 3, amount: '6000.60' },
      { step: 'bid', count: 3, amount: '6000.60' },
      { step: 'won', count: 2, amount: '2900.25' },
      { step: 'signed', count: 2, amount: '2900.25' },
      { step: 'reserved', count: 1, amount: '900.05' },
      { step: 'disbursed', count: 1, amount: '900.05' },
    ]);
  });

  it('counts reasons, each once for an auction', async () => {
    expect((await charts())['reasons']).toEqual([
      { code: 'LEAVE_RUNNING', count: 2, amount: '9000.90' },
      { code: 'AMOUNT_TOO_HIGH', count: 1, amount: '4000.40' },
    ]);
  });

  it('counts wins by rate, with an honest interval, and nothing it does not know', async () => {
    expect((await charts())['rates']).toEqual([
      {
        from: '0.024',
        won: 2,
        lost: 1,
        answered: { won: 2, lost: 1 },
        win_rate: expect.closeTo(2 / 3, 9) as number,
        low: expect.closeTo(0.2077, 3) as number,
        high: expect.closeTo(0.9385, 3) as number,
      },
    ]);
  });

  it('counts by hour of São Paulo, by term and by the time that was left', async () => {
    const counted = await charts();
    expect(counted['hours']).toEqual([
      { hour: 0, received: 2, bid: 2, won: 2 },
      { hour: 9, received: 2, bid: 1, won: 0 },
      { hour: 23, received: 1, bid: 0, won: 0 },
    ]);
    expect(counted['terms']).toEqual([
      { term: 12, bid: 1, won: 1 },
      { term: 24, bid: 2, won: 1 },
    ]);
    expect(counted['seconds_left']).toEqual([
      { from: 0, bids: 1 },
      { from: 25, bids: 2 },
    ]);
  });

  it('counts by employer, as far as it is a company', async () => {
    const { employers } = (await charts()) as { employers: Record<string, unknown>[] };
    expect(employers).toEqual([
      {
        mark: expect.any(String) as string,
        document_number: BIG.document,
        received: 3,
        bid: 2,
        won: 2,
        amount: '7000.70',
      },
    ]); // who works for a person is not among them
    expect(await found(`employer=${String(employers[0]?.['mark'])}&${THE_DAY}`)).toEqual([3, 1, 0]);
  });

  it('counts by time in the job: a band begins on the day itself', async () => {
    expect((await charts())['tenures']).toEqual([
      { from_months: 0, received: 1, bid: 1, won: 1 },
      { from_months: 6, received: 1, bid: 1, won: 0 },
      { from_months: 60, received: 1, bid: 1, won: 1 },
      { from_months: 120, received: 1, bid: 0, won: 0 },
    ]);
  });

  it('counts the same from the sums and from the facts, whole days, parts of them and all there is', async () => {
    const periods = [
      THE_DAY,
      'received_from=2026-08-17T03:30:00Z&received_before=2026-08-18T03:00:01Z',
      'received_from=2026-08-17T12:00:00Z',
      'received_before=2026-08-17T12:59:59Z',
      'received_from=2026-07-01T03:00:00Z&received_before=2026-09-01T03:00:00Z&policy=7',
      'received_from=2026-08-17T03:00:00-03:00&received_before=2026-08-17T03:00:00-03:00',
      '',
      'status=won',
      `status=declined,won,lost&${THE_DAY}`,
      'status=won,won&received_from=2026-08-17T03:00:00Z',
      'status=expired',
      'reason=LEAVE_RUNNING',
      `reason=LEAVE_RUNNING&${THE_DAY}`,
      'reason=NOBODY_HAD_IT',
      'policy=7',
      'policy=8&received_before=2026-08-17T12:59:59Z',
    ];
    const someAmount = 'amount_from=0'; // a filter that no sum knows
    for (const period of periods) {
      const counted = [period, await charts(period)];
      expect([period, await charts(`${period}&${someAmount}`)]).toEqual(counted);
      await world.dataSource.query(EVERY_DAY_IS_STALE);
      expect([period, await charts(period)]).toEqual(counted);
      await world.app.get(FactKeeper).catchUp();
    }
  });

  it('counts by the filters that sums know without a look at the facts', async () => {
    const filters = ['status=won', 'status=won,declined'];
    const counted = await Promise.all(filters.map(charts));
    const unknownToTheSums = (cents: number) =>
      world.dataSource.query(`UPDATE history_fact SET asked = asked + $1`, [cents]);
    await unknownToTheSums(1);
    expect(await Promise.all(filters.map(charts))).toEqual(counted);
    await unknownToTheSums(-1);
  });

  it('reads days from the facts whose sums the release before has written, until it has summed them itself', async () => {
    const filters = ['status=won', 'status=lost,declined'];
    const isOfSlice = (column: string): string => `${column} LIKE '%@%'`;
    const slices = () =>
      world.dataSource.query<unknown[]>(
        `SELECT * FROM history_sum WHERE ${isOfSlice('dimension')} ORDER BY day, dimension, policy_version, value`,
      );
    const [kept, counted] = [await slices(), await Promise.all(filters.map(charts))];
    const asTheReleaseBefore: readonly string[] = [
      `DELETE FROM history_sum WHERE ${isOfSlice('dimension')}`,
      `UPDATE history_sum SET won = won + 1 WHERE dimension = 'all@status:won'`,
      `UPDATE history_sum SET won = 0 WHERE ${isOfSlice('dimension')} AND day = '2026-08-17'`,
    ];
    for (const written of asTheReleaseBefore) {
      await world.dataSource.query(written);
      expect([written, await Promise.all(filters.map(charts))]).toEqual([written, counted]);
      await world.app.get(FactKeeper).recountNext();
      expect([written, await slices()]).toEqual([written, kept]);
      expect([written, await Promise.all(filters.map(charts))]).toEqual([written, counted]);
    }
  });

  it('sums a day to the same in many parts as in one', async () => {
    const day = '2026-08-17';
    const sums = () =>
      world.dataSource.query<unknown[]>(
        `SELECT * FROM history_sum WHERE day = $1 ORDER BY dimension, product, policy_version, value`,
        [day],
      );
    const atOnce = await sums();
    await world.dataSource.query(`INSERT INTO history_stale_day VALUES ($1)`, [day]);
    await world.dataSource.query(`DELETE FROM history_sum WHERE day = $1`, [day]);
    await world.dataSource.transaction((tx) => sumStaleDay(tx, day, 1));
    expect(await sums()).toEqual(atOnce);
    expect(atOnce.length).toBeGreaterThan(0);
  });

  it('counts a day anew in parts, each once, and finds the same as at once', async () => {
    const day = '2026-08-17';
    const recounted = (atOnce?: number): Promise<readonly [differ: number, statements: number]> =>
      world.dataSource.transaction(async (tx) => {
        const asked = jest.spyOn(tx, 'query');
        const differ = await recountSums(tx, day, atOnce);
        const summing = asked.mock.calls.flatMap(([sql]) => sql.match(/AS seen_reasons/g) ?? []);
        await tx.query('DELETE FROM history_stale_day WHERE day = $1', [day]);
        return [differ, summing.length] as const;
      });
    expect([await recounted(), await recounted(1)]).toEqual([
      [0, 1],
      [0, 5],
    ]);
    await world.dataSource.query(
      `UPDATE history_sum SET requests = requests + 1 WHERE day = $1 AND dimension IN ('hour', 'all')`,
      [day],
    );
    const [[differ], [inParts]] = [await recounted(), await recounted(1)];
    expect(differ).toBeGreaterThan(2);
    expect(inParts).toBe(differ);
    await world.dataSource.query(EVERY_DAY_IS_STALE);
    await world.app.get(FactKeeper).catchUp();
  });

  it('sums, slices and counts anew the other days although one cannot be summed', async () => {
    const [odd, other] = ['2026-08-18', '2026-08-17'];
    const keeper = world.app.get(FactKeeper);
    const sql = world.dataSource;
    const days = async (query: string) => (await sql.query<{ day: string }[]>(query)).map(({ day }) => day);
    let undo = await refuseRow(world.asOwner, { table: 'history_sum', column: 'day', value: odd });
    await sql.query(EVERY_DAY_IS_STALE);
    await expect(keeper.catchUp()).rejects.toThrow(odd);
    expect(await days(`SELECT day::text FROM history_stale_day`)).toEqual([odd]);

    await sql.query(`DELETE FROM history_stale_day`);
    await sql.query(`DELETE FROM history_sum WHERE dimension LIKE '%@%'`);
    await keeper.recountNext();
    expect(await days(`SELECT DISTINCT day::text FROM history_sum WHERE dimension LIKE '%@%'`)).toEqual([
      other,
    ]);
    await undo();

    undo = await refuseRow(world.asOwner, { table: 'history_stale_day', column: 'day', value: odd });
    await sql.query(`UPDATE history_progress SET checked_day = '2026-08-19'`);
    await expect(keeper.recount(odd)).rejects.toThrow('odd row');
    expect(await days(`SELECT checked_day::text AS day FROM history_progress`)).toEqual([odd]);
    await undo();
    await sql.query(EVERY_DAY_IS_STALE);
    await keeper.catchUp();
  });

  it('counts the same of few, which are looked up, of many, which are read, and of the newest', async () => {
    const counted = async (filter: AuctionFilter, how: Parameters<typeof countedFromFacts>[1]) => {
      const { sql, parameters } = countedFromFacts(filter, how);
      const [parts] = await world.dataSource.query<[Record<string, readonly object[]>]>(sql, [...parameters]);
      return Object.entries(parts).map(([name, rows]) => [
        name,
        new Set(rows.map((row) => JSON.stringify(row))),
      ]);
    };
    const { employers } = (await charts()) as { employers: { mark: string }[] };
    const filters = [
      {},
      { status: 'won,lost' },
      { reason: 'AMOUNT_TOO_HIGH' },
      { reason: 'AMOUNT_TOO_HIGH', policy: '7' },
      { employer: employers[0]?.mark },
      { rate_from: '0.0241', rate_to: '0.0244' },
      { amount_from: '2000', term_from: 24, received_before: '2026-08-17T12:00:01Z' },
    ];
    for (const one of filters) {
      const filter = auctionFilter.parse(one);
      const many = await counted(filter, { isFew: false });
      expect(many.some(([, rows]) => (rows as Set<string>).size > 0)).toBe(true);
      expect([one, await counted(filter, { isFew: true })]).toEqual([one, many]);
      expect([one, await counted(filter, { newest: 100 })]).toEqual([one, many]);
    }
  });

  it('counts what the filters leave, and nothing of nothing', async () => {
    const { funnel } = (await charts(`${THE_DAY}&reason=AMOUNT_TOO_HIGH`)) as { funnel: { count: number }[] };
    expect(funnel.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 0]);
    const { employers } = (await charts(`${THE_DAY}&status=won`)) as { employers: { mark: string }[] };
    const ofBig = await charts(`${THE_DAY}&employer=${employers[0]?.mark ?? ''}`);
    expect(ofBig['funnel']).toMatchObject([{ count: 3 }, { count: 2 }, {}, { count: 2 }, {}, {}, {}]);
    const nothing = await charts('received_before=2020-01-01T00:00:00Z');
    expect(nothing).toMatchObject({ reasons: [], rates: [], hours: [], employers: [], tenures: [] });
  });

  it.each([
    ['', [5, 4, 3, 2, 1, 0]],
    [THE_DAY, [4, 3, 2, 1, 0]],
    ['status=won,lost', [2, 1, 0]],
    ['reason=LEAVE_RUNNING', [4, 3]],
    ['rate_from=0.0244&rate_to=0.0244', [1]],
    ['amount_from=3000.30&amount_to=4000.40', [3, 2]],
    ['term_from=30', [2, 1]],
    ['policy=7', [3, 2, 1, 0]],
    ['status=won&rate_from=0.03', []],
  ])('finds by %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('finds by CPF without the CPF standing in any address', async () => {
    const cpf = newCpf();
    const key = await tell(world, {
      receivedAt: '2026-07-01T12:00:00Z',
      status: 'lost',
      amount: '1.00',
      cpf,
    });
    const { body } = await analyst('POST', '/api/v1/history/lookup', { text: cpf });
    expect(body).toMatchObject({ kind: 'borrower', key: null });
    const { items } = await list(`borrower=${String(body['mark'])}`);
    expect(items.map((row) => row['issuer_proposal_request_key'])).toEqual([key]);
    expect(items[0]).toMatchObject({ document_number: `***.${cpf.slice(3, 6)}.${cpf.slice(6, 9)}-**` });
    expect(JSON.stringify(items)).not.toContain(cpf);
  });

  it('finds by a key or its beginning what has it, several newest first, and never by less than eight characters', async () => {
    const [newer, older] = ['5eed0000-aaaa-4000-8000-000000000001', '5eed0000-bbbb-4000-8000-000000000002'];
    await world.dataSource.query(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status)
       VALUES ($1, '2026-01-02', '2026-01-02', 9, 'private_payroll', 'lost'), ($2, '2026-01-01', '2026-01-01', 9, 'private_payroll', 'lost')`,
      [newer, older],
    );
    await world.dataSource.query(
      `INSERT INTO operation (credit_operation_key, status, status_since, origin, auction_key, opened_at)
       VALUES ('5eed0000-loan', 'signed', now(), 'auction', $1, '2026-01-03')`,
      [newer],
    );
    const look = (text: string) => analyst('POST', '/api/v1/history/lookup', { text });
    expect((await look('5eed0000')).body).toMatchObject({
      kind: 'operation',
      key: '5eed0000-loan',
      mark: null,
      keys: [{ kind: 'operation' }, { kind: 'auction', key: newer }, { kind: 'auction', key: older }],
    });
    expect((await look('5eed0000-b')).body['keys']).toHaveLength(1);
    expect((await look(keys[0] ?? '')).body).toMatchObject({ keys: [{ kind: 'auction', key: keys[0] }] });
    for (const text of ['5eed000', '5eed0001', '5eed0000%'])
      expect([text, (await look(text)).status]).toEqual([text, 404]);
    await world.dataSource.query(`DELETE FROM history_fact WHERE key LIKE '5eed0000%'`);
    await world.dataSource.query(`DELETE FROM operation WHERE credit_operation_key = '5eed0000-loan'`);
  });

  it('pages without losing or repeating one, those of the same instant included', async () => {
    const twins = await Promise.all(
      Array.from({ length: 5 }, () =>
        tell(world, { receivedAt: '2025-01-01T00:00:00.000001Z', status: 'lost', amount: '1.00' }),
      ),
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(
        `limit=2&received_before=2025-02-01T00:00:00Z${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((row) => String(row['issuer_proposal_request_key'])));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([...twins].sort().reverse());
  });

  const ORDERS = AUCTION_SORTS.flatMap((sort) => DIRECTIONS.map((direction) => ({ sort, direction })));
  it.each([
    ['sort=requested_amount', [5, 4, 3, 2, 1, 0]],
    ['sort=requested_amount&direction=asc&status=won,lost', [0, 1, 2]],
    ['sort=received_at&direction=asc', [0, 1, 2, 3, 4, 5]],
    // Those without a bid come last, whichever way.
    ['sort=monthly_interest_rate', [0, 1, 2, 5, 4, 3]],
    ['sort=monthly_interest_rate&direction=asc', [2, 1, 0, 3, 4, 5]],
    ['sort=disbursed_issue_amount&reason=LEAVE_RUNNING', [4, 3]],
    ['sort=status&direction=asc', [3, 4, 5, 2, 0, 1]],
    ['sort=expected_margin', [1, 0, 5, 4, 3, 2]],
    ['sort=margin_rate&direction=asc&status=won', [0, 1]],
  ])('sorts by %j', async (query, expected) => {
    expect(
      await found(`${query}&received_before=2026-08-19T00:00:00Z&received_from=2026-08-01T00:00:00Z`),
    ).toEqual(expected);
  });

  it('pages through every order without losing or repeating one, whether all are sorted or walked to', async () => {
    const filters = [
      {},
      { status: 'won,declined' },
      { reason: 'LEAVE_RUNNING' },
      { policy: '7', rate_from: '0.0244' },
      { amount_from: '1000.10', term_to: '12', received_before: '2026-08-18T00:00:00Z' },
    ];
    for (const order of ORDERS)
      for (const query of filters) {
        const whole = new URLSearchParams({ ...query, ...order, limit: '200' }).toString();
        const expected = (await list(whole)).items.map((row) => row['issuer_proposal_request_key']);
        const seen = { whole: await pagesOf(order, query, true), walked: await pagesOf(order, query, false) };
        expect({ order, query, ...seen }).toEqual({ order, query, whole: expected, walked: expected });
      }
  });

  /** As pages of two: what is sorted whole, and what is found by walking. */
  async function pagesOf(
    order: AuctionOrder,
    query: Record<string, string>,
    whole: boolean,
  ): Promise<string[]> {
    const { sort, direction } = order;
    const filter = auctionFilter.parse(query);
    const seen: string[] = [];
    if (sort === 'received_at') {
      const search = world.app.get(AuctionSearch);
      let cursor: string | undefined;
      do {
        const page = await search.page(filter, { limit: 2, order, cursor });
        seen.push(...page.items.map(({ issuer_proposal_request_key: key }) => key));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      return seen;
    }
    for (let after: FactPosition | undefined; ;) {
      const ask = { filter, order: { sort, direction }, after, limit: 2, whole };
      const rows = await sortedAuctions(world.dataSource.manager, ask);
      const last = rows.at(-1);
      if (last === undefined) return seen;
      seen.push(...rows.map(({ key }) => key));
      after = [last.value, last.at, last.key];
    }
  }

  it('says what a bid is expected to earn and what it earned, and why nothing is known of another', async () => {
    const { items } = await list(`${THE_DAY}&sort=received_at&direction=asc`);
    expect(
      items.map((row) => [row['expected_margin'], row['realised_margin'], row['realised_margin_rate']]),
    ).toEqual([
      ['67.50', '90.00', '0.009001'],
      ['150.02', null, null],
      [null, null, null],
      [null, null, null],
      [null, null, null],
    ]);
    expect(items[2]).toMatchObject({ margin_rate: null, margin_unknown: 'no_inputs' });
    expect(await charts()).toMatchObject({
      margins: [{ from: '0.024', won: 2, expected: '217.52', realised: '90.00' }],
      won_without_margin: 0,
    });
  });

  it('counts few exactly, many by an estimate that says so', async () => {
    const counted = async (query: string) =>
      (await analyst('GET', `/api/v1/history/auctions/count?${query}`)).body;
    expect(
      await counted(
        'status=won,lost&received_from=2026-08-01T00:00:00Z&received_before=2026-08-19T00:00:00Z',
      ),
    ).toEqual({
      count: 3,
      is_exact: true,
    });
    await world.dataSource.query(copiesOf(keys[3] ?? '', 12_400, '2024-02-01T00:00:00Z'));
    await world.asOwner('ANALYZE auction');
    const many = await counted('received_before=2025-01-01T00:00:00Z');
    expect(many).toEqual({ count: expect.any(Number) as number, is_exact: false });
    expect(Math.abs(Number(many['count']) - 12_400)).toBeLessThan(1_240);
    await world.dataSource.query(`DELETE FROM auction WHERE received_at < '2025-01-01'`);
  });

  it.each(['sort=name', 'direction=up', 'sort=monthly_interest_rate&cursor=WyJ4IiwieSIsInoiXQ'])(
    'refuses to sort by %j',
    async (query) => {
      expect((await analyst('GET', `/api/v1/history/auctions?${query}`)).status).toBe(422);
    },
  );

  it.each([
    ...['status=winner', 'rate_from=x', 'received_from=yesterday', 'employer=33000167000101', 'cursor=x'],
    ...['term_to=', 'term_to=1e3', 'term_from=0x10', 'term_from=%2010', 'amount_from=3.000', 'limit=0x10'],
  ])('refuses %j and names the field', async (query) => {
    const { status, body } = await analyst('GET', `/api/v1/history/auctions?${query}`);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(query.split('=')[0]);
  });

  it('is the same for the environment’s token, and nobody’s without one', async () => {
    expect((await world.as(MASTER)('GET', `/api/v1/history/charts?${THE_DAY}`)).body).toEqual(await charts());
    expect((await world.call('GET', '/api/v1/history/charts')).status).toBe(401);
  });

  it('says of a lost auction where we stood, how far the winner likely was, and how bids like it fare', async () => {
    const bidOn = (status: string, rate: string, employer: NonNullable<Told['employer']> = SMALL) =>
      tell(world, {
        receivedAt: new Date().toISOString(),
        status,
        amount: '1000.00',
        employer,
        bid: { rate, term: 36, secondsLeft: 5 },
      });
    const lost = await bidOn('lost', '0.0249');
    const loss = async () => (await analyst('GET', `/api/v1/history/auctions/${lost}/loss`)).body;
    expect(await loss()).toMatchObject({ rank_at_bid: null, rank_at_end: null, likely_winner: null });
    for (let n = 0; n < 8; n += 1) await bidOn('won', '0.02', BIG);
    for (let n = 0; n < 2; n += 1) await bidOn('lost', '0.0203', SMALL);
    await world.dataSource.query(
      `UPDATE auction SET rank_position = 3 WHERE issuer_proposal_request_key = $1`,
      [lost],
    );
    const known = await loss();
    expect(known).toMatchObject({
      monthly_interest_rate: '0.0249',
      rank_at_end: 3,
      likely_winner: { from: '0.02', distance: '0.0049', bids: 10, won: 8 },
    });
    const segments = known['segments'] as { by: string; value: string; bids: number; won: number }[];
    expect(segments.map(({ by, bids, won }) => [by, bids, won])).toEqual([
      ['row', expect.any(Number), expect.any(Number)],
      ['employer', 3, 0],
      ['term', 11, 8],
      ['all', expect.any(Number), expect.any(Number)],
    ]);
    for (const key of ['nobody', keys[0] ?? ''])
      expect((await analyst('GET', `/api/v1/history/auctions/${key}/loss`)).status).toBe(404);
  });

  it('tells whoever begins to watch also what changed while its first sight was being read', async () => {
    const [feed, overview] = [world.app.get(LiveFeed), world.app.get(Overview)];
    const current = overview.current.bind(overview);
    const first = heardOf(await feed.watch());
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    jest.spyOn(overview, 'current').mockImplementationOnce(() => held.then(current));
    const joining = feed.watch();
    await current(); // by now its auctions have been read
    const key = await tell(world, { receivedAt: new Date().toISOString(), status: 'won', amount: '1000.00' });
    await waitFor('the other screen to show it', () => first.text().includes(key) || undefined);
    letGo();
    const second = heardOf(await joining);
    await waitFor('the new screen to show it', () => second.text().includes(key) || undefined);
    expect(second.text()).toMatch(/^retry: /); // its first sight comes first, and the news after it
    for (const { stream } of [first, second]) stream.destroy();
  });

  it('tells nothing more to whoever was told the end, though a look is under way and the end is not read yet', async () => {
    const [feed, overview] = [world.app.get(LiveFeed), world.app.get(Overview)];
    const current = overview.current.bind(overview);
    const stream = await feed.watch();
    const failed = jest.fn();
    stream.on('error', failed);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const asked = jest.spyOn(overview, 'current').mockImplementationOnce(() => held.then(current));
    await waitFor('a look at what is shown', () => asked.mock.calls.length > 0 || undefined);
    const stopping = feed.beforeApplicationShutdown();
    letGo();
    await stopping;
    stream.destroy();
    expect(failed).not.toHaveBeenCalled();
  });

  it('names a company by a loan of years ago when its newest request was erased, and one of which all were by nothing', async () => {
    const [living, erased] = ['11222333000181', '45543915000181'];
    const request = (receivedAt: string, status: string, document: string): Promise<string> =>
      tell(world, { receivedAt, status, amount: '1000.00', employer: { type: 'cnpj', document } });
    await request('2025-03-01T12:00:00Z', 'won', living);
    const sealingOfNothing = Buffer.alloc(28); // after a rotation of keys
    await world.dataSource.query(
      `UPDATE auction SET personal_ciphertext = $2 WHERE issuer_proposal_request_key = ANY ($1)`,
      [
        [
          await request('2025-06-01T12:00:00Z', 'lost', living),
          await request('2025-06-01T12:00:00Z', 'lost', erased),
        ],
        sealingOfNothing,
      ],
    );
    const [ofLiving = '', ofErased = ''] = [living, erased].map((document) =>
      world.app.get(BlindIndex).of('employer', document).toString('base64url'),
    );
    const names = await world.app.get(EmployerNames).of([ofLiving, ofErased]);
    expect([names.get(ofLiving), names.get(ofErased)]).toEqual([living, undefined]);
  });
});

/** What one screen is told. */
function heardOf(stream: Readable): { readonly stream: Readable; readonly text: () => string } {
  let heard = '';
  stream.on('data', (chunk) => (heard += String(chunk)));
  return { stream, text: () => heard };
}

/** So many auctions like another, from a time on. */
function copiesOf(key: string, copies: number, from: string): string {
  return `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id, personal_ciphertext)
    SELECT gen_random_uuid(), webhook_event_id, status, timestamptz '${from}' + n * interval '1 second', personal_key_id, personal_ciphertext
    FROM auction, generate_series(1, ${String(copies)}) AS n WHERE issuer_proposal_request_key = '${key}'`;
}

/** An auction as the service would have left it. @returns its key */
async function tell({ app, dataSource }: AccessWorld, told: Told): Promise<string> {
  const key = randomUUID();
  const [cipher, index] = [app.get(FieldCipher), app.get(BlindIndex)];
  const { keyId, ciphertext } = cipher.encrypt(
    JSON.stringify({
      name: 'Maria de Souza',
      cpf: told.cpf ?? newCpf(),
      birth_date: '1990-01-01',
      registration: '1',
      employer_document_number: told.employer?.document ?? null,
    }),
    'auction.personal_ciphertext',
    key,
  );
  const limit = new Date(Date.parse(told.receivedAt) + 30_000);
  const operationKey = told.loan && randomUUID();
  await dataSource.query(
    `WITH event AS (
       INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
       VALUES (sha256($1::text::bytea), $2, 'none', '', 'done') RETURNING id)
     INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
       requested_amount, requested_installments, admission_date, borrower_index, employer_index, employer_document_type,
       personal_key_id, personal_ciphertext, credit_operation_key)
     SELECT $1, id, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM event`,
    [
      key,
      told.receivedAt,
      told.status,
      limit,
      told.amount,
      told.bid?.term === 24 ? 36 : 12,
      told.admittedOn ?? null,
      told.cpf === undefined ? null : index.of('cpf', told.cpf),
      told.employer === undefined ? null : index.of('employer', told.employer.document),
      told.employer?.type ?? null,
      keyId,
      ciphertext,
      operationKey ?? null,
    ],
  );
  await dataSource.query(
    `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
     VALUES ($1, $2, $3, $4, 'hash', $5, '{}')`,
    [
      key,
      told.receivedAt,
      told.bid === undefined ? 'no_bid' : 'bid',
      told.employer === undefined || told.employer === SMALL ? '8' : '7',
      JSON.stringify((told.reasons ?? []).map((code) => ({ code }))),
    ],
  );
  await dataSource.query(
    `INSERT INTO auction_facet SELECT facet, received_at, issuer_proposal_request_key
     FROM decision JOIN auction ON issuer_proposal_request_key = auction_key,
       facets_of(reason_codes, policy_version) AS facet
     WHERE auction_key = $1`,
    [key],
  );
  if (told.bid !== undefined)
    await dataSource.query(
      `INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate, number_of_installments,
         disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount, monthly_cet,
         disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, created_at, submitted_at)
       VALUES ($1, $2, 1, 'accepted', $3, $4, $5, 10, $5, $5, 0, $3, ($6::timestamptz)::date, ($6::timestamptz)::date, 7, '[]', 'row', $7, $6::timestamptz, $8)`,
      [
        randomUUID(),
        key,
        told.bid.rate,
        told.bid.term,
        told.loan?.amount ?? told.amount,
        told.receivedAt,
        limit,
        new Date(limit.getTime() - told.bid.secondsLeft * 1_000),
      ],
    );
  if (told.loan !== undefined)
    await dataSource.query(
      `INSERT INTO operation (credit_operation_key, origin, auction_key, status, status_since, opened_at, ended_at,
         disbursed_issue_amount)
       VALUES ($1, 'auction', $2, $3::text, $4::timestamptz, $4::timestamptz, CASE WHEN $3::text = 'disbursed' THEN $4::timestamptz END, $5)`,
      [operationKey, key, told.loan.status, told.receivedAt, told.loan.amount],
    );
  return key;
}
