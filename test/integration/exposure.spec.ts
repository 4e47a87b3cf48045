import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { exposureRow } from '../../src/auction/bidding/bid-exposure';
import { bidRow, type BidIdentity } from '../../src/auction/bidding/bid-rows';
import { AuctionLedger, LedgerRefusedError } from '../../src/auction/bidding/ledger';
import type { FittedBid } from '../../src/decision/domain';
import {
  DebtBook,
  ExposureBook,
  LIMIT_NAMES,
  NotReservedError,
  Standings,
  usesOf,
  type Caps,
  type Parties,
  type Refusal,
} from '../../src/exposure';
import { Decimal, type CalendarDate } from '../../src/kernel';
import { createDataSource, createPool, type InstanceRegistry } from '../../src/platform';
import type { RecoveryGeneration } from '../../src/recovery';
import { writeAuction, writeBid, wrongCounters } from '../support/bids';
import { guardExposure } from '../support/exposure-guard';
import { runs } from '../support/repetitions';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const NO_CAPS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, undefined])) as Caps;
const TERMS: FittedBid = {
  monthlyInterestRate: new Decimal('0.02'),
  numberOfInstallments: 10,
  disbursedIssueAmount: new Decimal(100),
  installmentFaceValue: new Decimal(10),
  issueAmount: new Decimal(0),
  assignmentAmount: new Decimal(0),
  iofAmount: new Decimal(0),
  monthlyCet: new Decimal(0),
  disbursementDate: '2026-08-18' as CalendarDate,
  firstDueDate: '2026-10-20' as CalendarDate,
  daysToExpiration: 7,
  rebates: [],
  priceRow: 'row',
};
const KEYS = [randomUUID(), randomUUID()] as const;
const NOON = new Date('2026-08-18T15:00:00Z');

let database: TestDatabase;
let dataSource: DataSource;
let book: ExposureBook;
let debts: DebtBook;
let ledger: AuctionLedger;
let hotPool: ReturnType<typeof createPool>;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.url, { poolSize: 32 }).initialize();
  book = new ExposureBook(dataSource, new Registry());
  debts = new DebtBook(book);
  hotPool = createPool(database.url, { applicationName: 'test', size: 6, queryTimeoutMs: 5_000 });
  const [known] = await dataSource.query<{ generation: string; counter: number }[]>(
    `INSERT INTO recovery_generation (timeline) VALUES (database_timeline()) RETURNING generation, counter::int`,
  );
  ledger = new AuctionLedger(
    hotPool,
    { id: randomUUID() } as InstanceRegistry,
    { known } as RecoveryGeneration,
  );
  await guardExposure(dataSource);
});
afterAll(async () => {
  await hotPool.end();
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => dataSource.query(`TRUNCATE exposure, limit_use, bid, auction, webhook_event CASCADE`));

const indexOf = (name: string): Buffer => createHash('sha256').update(name).digest();
const capped = (caps: Partial<Record<keyof Caps, number>>): Caps => ({
  ...NO_CAPS,
  ...Object.fromEntries(Object.entries(caps).map(([name, cap]) => [name, new Decimal(cap)])),
});

interface Wish {
  readonly auctionKey: string;
  readonly borrower?: string;
  readonly employer?: string;
  readonly amount?: number;
  readonly rate?: string;
  readonly at?: Date;
}

/** The caps as the ledger holds a first bid against them; a smaller one in its place goes through the book. */
async function bid(wish: Wish, caps = NO_CAPS, replaces = false): Promise<Refusal | undefined> {
  const parties = {
    borrower: indexOf(wish.borrower ?? wish.auctionKey),
    employer: indexOf(wish.employer ?? 'employer'),
  };
  const { auctionKey, amount = 100, rate = '0.02', at = NOON } = wish;
  const identity = {
    auctionKey,
    requestControlKey: randomUUID(),
    ordinal: 1,
    createdAt: at,
    submitBy: at,
  };
  const terms = {
    ...TERMS,
    disbursedIssueAmount: new Decimal(amount),
    monthlyInterestRate: new Decimal(rate),
  };
  return replaces ? replace(identity, terms, parties, caps) : reserve(identity, terms, parties, caps);
}

/** As the auction does it: the standing is read, then the bid and what it reserves are written together. */
async function reserve(
  identity: BidIdentity,
  terms: FittedBid,
  parties: Parties,
  caps: Caps,
): Promise<Refusal | undefined> {
  const uses = usesOf(terms.disbursedIssueAmount, parties, identity.createdAt, caps);
  const { standings } = await ledger.standings({
    parties: [parties],
    counters: uses.map(({ name, key = '' }) => ({ name, key })),
    correlationKeys: [],
  });
  const limits = standings.reachedBy(uses);
  if (limits.length > 0) return { kind: 'limits_reached', limits };
  standings.reserve(parties, terms.monthlyInterestRate, uses);
  await writeAuction(dataSource.manager, identity.auctionKey);
  try {
    await ledger.commitDecisions({
      auctions: [],
      decisions: [],
      bids: [bidRow(identity, terms, { status: 'accepted' })],
      exposures: [exposureRow(identity, terms, parties)],
      counters: standings.changes(),
      eventIds: [],
      policies: [],
      rates: undefined,
    });
    return undefined;
  } catch (error) {
    if (error instanceof LedgerRefusedError && error.refusal === 'standing_changed')
      return { kind: 'standing_changed' };
    throw error;
  }
}

/** And a smaller bid in the place of one that QI refused. */
async function replace(
  identity: BidIdentity,
  terms: FittedBid,
  parties: Parties,
  caps: Caps,
): Promise<Refusal | undefined> {
  const { auctionKey, requestControlKey } = identity;
  const { revision } = await book.standingOf(parties, auctionKey);
  const amount = terms.disbursedIssueAmount;
  try {
    await dataSource.transaction(async (tx) => {
      await tx.query(`UPDATE bid SET status = 'rejected' WHERE auction_key = $1`, [auctionKey]);
      const rate = terms.monthlyInterestRate.toFixed();
      await writeBid(tx, { requestControlKey, auctionKey, rate, amount: amount.toNumber() });
      await book.reserveInstead(
        tx,
        {
          requestControlKey,
          auctionKey,
          parties,
          amount,
          monthlyInterestRate: terms.monthlyInterestRate,
          daysToExpiration: terms.daysToExpiration,
          decidedAt: identity.createdAt,
          revision,
        },
        caps,
      );
    });
    return undefined;
  } catch (error) {
    if (error instanceof NotReservedError) return error.refusal;
    throw error;
  }
}

/** Until nobody else has changed what the decision was made on. */
async function bidUntilClear(wish: Wish, caps: Caps): Promise<Refusal | undefined> {
  for (;;) {
    const refusal = await bid(wish, caps);
    if (refusal?.kind !== 'standing_changed') return refusal;
  }
}

const release = (auctionKey: string): Promise<void> =>
  dataSource.transaction((tx) => book.release(tx, [auctionKey], 'lost'));
const commit = (auctionKey: string): Promise<void> =>
  dataSource.transaction((tx) => book.commit(tx, auctionKey));

const debtOf = (controlKey: string, borrower: string, amount: number, orderedAt: Date) => ({
  controlKey,
  borrower: indexOf(borrower),
  amount: new Decimal(amount),
  monthlyInterestRate: new Decimal('0.018'),
  orderedAt,
});

/** As a proposal does it: reserved with the order to issue, in its transaction. */
async function order(
  { controlKey = randomUUID(), borrower = controlKey, amount = 100, at = NOON }: DebtWish = {},
  caps = NO_CAPS,
): Promise<Refusal | undefined> {
  try {
    await dataSource.transaction((tx) => debts.reserve(tx, debtOf(controlKey, borrower, amount, at), caps));
    return undefined;
  } catch (error) {
    if (error instanceof NotReservedError) return error.refusal;
    throw error;
  }
}
interface DebtWish {
  readonly controlKey?: string;
  readonly borrower?: string;
  readonly amount?: number;
  readonly at?: Date;
}

const issued = (controlKey: string, borrower: string, amount: number): Promise<void> =>
  dataSource.transaction((tx) => debts.commit(tx, debtOf(controlKey, borrower, amount, NOON)));
const fail = (controlKey: string): Promise<void> =>
  dataSource.transaction((tx) => debts.release(tx, controlKey, 'rejected'));

async function used(name: string): Promise<string | undefined> {
  const [row] = await dataSource.query<{ used: string }[]>(
    `SELECT sum(used) AS used FROM limit_use WHERE name = $1`,
    [name],
  );
  return row?.used;
}

describe('the book of exposure', () => {
  it('is never above a cap at any commit, though 50 bid at once, 500 times, where 100 fit', async () => {
    const caps = capped({ total: 10_000, per_day: 10_000 });
    const results: (Refusal | undefined)[] = [];
    const bidder = async (): Promise<void> => {
      while (results.length < 500) results.push(await bidUntilClear({ auctionKey: randomUUID() }, caps));
    };
    await Promise.all(Array.from({ length: 50 }, bidder));
    // In any order: a refusal may be told before the reservation it saw is.
    const refusals = results.filter((refusal) => refusal !== undefined);
    expect(results.length - refusals.length).toBe(100);
    expect(refusals.every((refusal) => refusal.kind === 'limits_reached')).toBe(true);
    expect(await used('total')).toBe('10000');
    expect(await wrongCounters(dataSource.manager)).toEqual([]);
  });

  it('is watched by a trigger that would notice', async () => {
    await bid({ auctionKey: 'a', amount: 100 }, capped({ total: 150 }));
    await writeAuction(dataSource.manager, 'b');
    const requestControlKey = randomUUID();
    await writeBid(dataSource.manager, { requestControlKey, auctionKey: 'b', rate: '0.02', amount: 100 });
    await expect(
      dataSource.query(
        `INSERT INTO exposure SELECT (jsonb_populate_record(exposure, jsonb_build_object(
           'request_control_key', $1::uuid, 'auction_key', 'b'))).* FROM exposure`,
        [requestControlKey],
      ),
    ).rejects.toThrow('above its cap');
  });

  it.each([
    ['per_borrower', { borrower: 'same' }],
    ['per_employer', { employer: 'same' }],
    ['per_day', {}],
    ['total', {}],
    ['bids_per_minute', {}],
    ['bids_per_hour', {}],
    ['bids_per_day', {}],
  ] as const)('keeps %s, and says what would have been used', async (name, same) => {
    const caps = capped({ [name]: name.startsWith('bids_') ? 2 : 200 });
    expect(await bid({ auctionKey: 'a', ...same }, caps)).toBeUndefined();
    expect(await bid({ auctionKey: 'b', ...same }, caps)).toBeUndefined();
    const wouldBe = new Decimal(name.startsWith('bids_') ? 3 : 300);
    const limits = [{ name, cap: caps[name], wouldBe }];
    expect(await bid({ auctionKey: 'c', ...same }, caps)).toEqual({ kind: 'limits_reached', limits });
  });

  it('frees what is released for others, and counts each day apart', async () => {
    const caps = capped({ per_day: 100 });
    expect(await bid({ auctionKey: 'a' }, caps)).toBeUndefined();
    expect(await bid({ auctionKey: 'b' }, caps)).toMatchObject({ kind: 'limits_reached' });
    expect(await bid({ auctionKey: 'c', at: new Date('2026-08-19T15:00:00Z') }, caps)).toBeUndefined();
    await release('a');
    expect(await bid({ auctionKey: 'b' }, caps)).toBeUndefined();
  });

  it('holds a bid to a lower cap of its own at every commit, and lets others go on past it', async () => {
    const [own, all] = [capped({ per_day: 500 }), capped({ per_day: 2_000 })];
    const refusals = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        bidUntilClear({ auctionKey: `auction ${String(n)}` }, n % 2 === 0 ? own : all),
      ),
    );
    expect(refusals.filter((refusal, n) => n % 2 === 1 && refusal !== undefined)).toEqual([]);
    expect(refusals.filter((refusal) => refusal !== undefined).length).toBeGreaterThanOrEqual(7);
    expect(await bid({ auctionKey: 'one more' }, own)).toMatchObject({
      kind: 'limits_reached',
      limits: [{ name: 'per_day', cap: new Decimal(500) }],
    });
    expect(await bid({ auctionKey: 'one at the table' }, all)).toBeUndefined();
  });

  it('refuses a decision made before somebody else bid for the same borrower', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => bid({ auctionKey: `a${i}`, borrower: 'same' })),
    );
    expect(results).toContainEqual({ kind: 'standing_changed' });
    expect(await used('total')).toBe(String(100 * results.filter((refusal) => refusal === undefined).length));
  });

  it('cannot keep a limit when nobody knows whose it is', () => {
    const parties = { borrower: undefined, employer: indexOf('employer') };
    const cap = new Decimal(1000);
    const uses = usesOf(new Decimal(1), parties, NOON, { ...NO_CAPS, per_borrower: cap });
    expect(new Standings([], []).reachedBy(uses)).toEqual([
      { name: 'per_borrower', cap, wouldBe: undefined },
    ]);
  });

  it('tells the standing of a borrower apart from the auction that asks', async () => {
    await bid({ auctionKey: 'a', borrower: 'B', amount: 100, rate: '0.025', at: new Date() });
    await bid({ auctionKey: 'b', borrower: 'B', amount: 50, rate: '0.019', at: new Date() });
    await bid({ auctionKey: 'c', borrower: 'B', amount: 7, rate: '0.001', at: new Date('2020-01-01') });
    const parties = { borrower: indexOf('B'), employer: indexOf('employer') };
    const ofOthers = await book.standingOf(parties, 'z');
    expect(ofOthers).toMatchObject({ borrowerOffers: 2, employerOffers: 2 });
    expect(ofOthers.lowestRate?.toFixed()).toBe('0.019');
    expect(ofOthers.borrowerExposure?.toFixed()).toBe('157'); // an offer that ran out may still be won
    const ofB = await book.standingOf(parties, 'b');
    expect(ofB).toMatchObject({ borrowerOffers: 1 });
    expect(ofB.lowestRate?.toFixed()).toBe('0.025');
    expect(ofB.borrowerExposure?.toFixed()).toBe('107');
    await release('a');
    await release('b');
    expect(await book.standingOf(parties, 'z')).toMatchObject({ borrowerOffers: 0, lowestRate: undefined });
  });

  it('lets one of many debts take the last of a cap', async () => {
    const caps = capped({ total: 250 });
    expect(await order({}, caps)).toBeUndefined();
    const results = await Promise.all(Array.from({ length: 20 }, () => order({}, caps)));
    const refusals = results.filter((refusal) => refusal !== undefined);
    expect(refusals).toHaveLength(19);
    const limit = { name: 'total', cap: caps.total, wouldBe: new Decimal(300) };
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal)))).toEqual(
      new Set([JSON.stringify({ kind: 'limits_reached', limits: [limit] })]),
    );
    expect(await used('total')).toBe('200');
    expect(await wrongCounters(dataSource.manager)).toEqual([]);
  });

  it.each(['per_borrower', 'per_day', 'total'] as const)(
    'lets bids and debts share %s, whoever comes first',
    async (name) => {
      const caps = capped({ [name]: 250 });
      const limits = [{ name, cap: caps[name], wouldBe: new Decimal(300) }];
      expect(await order({ borrower: 'same' }, caps)).toBeUndefined();
      expect(await bid({ auctionKey: 'a', borrower: 'same' }, caps)).toBeUndefined();
      expect(await bid({ auctionKey: 'b', borrower: 'same' }, caps)).toEqual({
        kind: 'limits_reached',
        limits,
      });
      expect(await order({ borrower: 'same' }, caps)).toEqual({ kind: 'limits_reached', limits });
      await release('a');
      expect(await order({ borrower: 'same' }, caps)).toBeUndefined();
    },
  );

  it('counts a debt for no employer, in no pace of bids, and as no offer that lives', async () => {
    const caps = capped({ per_employer: 1, bids_per_minute: 0, bids_per_day: 0 });
    expect(await order({ borrower: 'B', at: new Date() }, caps)).toBeUndefined();
    const parties = { borrower: indexOf('B'), employer: indexOf('employer') };
    const standing = await book.standingOf(parties, 'z');
    expect(standing).toMatchObject({ borrowerOffers: 0, lowestRate: undefined });
    expect(standing.borrowerExposure?.toFixed()).toBe('100');
    const { liveOffers, used: counted } = await debts.standingOf(
      dataSource.manager,
      parties.borrower,
      new Date(),
    );
    expect({ liveOffers, counted: Object.values(counted).map(String) }).toEqual({
      liveOffers: 0,
      counted: ['100', '100', '100'],
    });
  });

  it('makes a decision about a bid anew when a debt of its borrower was ordered meanwhile', async () => {
    const [refusals] = await Promise.all([
      Promise.all(Array.from({ length: 10 }, (_, i) => bid({ auctionKey: `a${i}`, borrower: 'same' }))),
      Promise.all(Array.from({ length: 10 }, () => order({ borrower: 'same' }))),
    ]);
    const bids = refusals.filter((refusal) => refusal === undefined).length;
    expect(await used('total')).toBe(String(100 * (10 + bids)));
  });

  it('frees a debt that failed, takes it up again under its key, and counts whatever is owed', async () => {
    const caps = capped({ total: 100 });
    expect(await order({ controlKey: KEYS[0], borrower: 'B' }, caps)).toBeUndefined();
    await fail(KEYS[0]);
    expect(await order({ controlKey: KEYS[0], borrower: 'B', amount: 60 }, caps)).toBeUndefined();
    await expect(order({ controlKey: KEYS[0], borrower: 'B' })).rejects.toThrow('reserved already');
    await issued(KEYS[0], 'B', 60);
    expect(await used('total')).toBe('60');
    await fail(KEYS[0]);
    await issued(KEYS[0], 'B', 60);
    await issued(KEYS[0], 'B', 60);
    await issued(KEYS[1], 'C', 7);
    expect(await used('total')).toBe('67');
    expect(await wrongCounters(dataSource.manager)).toEqual([]);
  });

  it('counts a debt as it was made, though more or less was reserved for it', async () => {
    expect(await order({ controlKey: KEYS[0], borrower: 'B', amount: 60 })).toBeUndefined();
    await issued(KEYS[0], 'B', 25);
    expect(await used('total')).toBe('25');
    expect(await order({ controlKey: KEYS[1], borrower: 'C', amount: 60 })).toBeUndefined();
    await issued(KEYS[1], 'C', 70);
    expect(await used('total')).toBe('95');
    expect(await wrongCounters(dataSource.manager)).toEqual([]);
    await fail(KEYS[0]);
    await fail(KEYS[1]);
    expect(await used('total')).toBe('0');
  });

  it('counts what is owed with another amount than was bid or ordered, for the employer too, and only while it is at risk', async () => {
    expect(await order({ controlKey: KEYS[0], borrower: 'B', amount: 60 })).toBeUndefined();
    expect(await bid({ auctionKey: 'A', employer: 'E', amount: 100 })).toBeUndefined();
    const [won] = await dataSource.query<{ key: string }[]>(`SELECT request_control_key AS key FROM bid`);
    for (const [key, amount] of [
      [KEYS[0], 75],
      [won?.key ?? '', 90],
      [randomUUID(), 1_000],
    ] as const)
      await dataSource.transaction((tx) => book.revise(tx, key, new Decimal(amount)));
    expect([await used('total'), await used('per_employer')]).toEqual(['165', '90']);
    await fail(KEYS[0]);
    await dataSource.transaction((tx) => book.revise(tx, KEYS[0], new Decimal(80)));
    expect(await used('total')).toBe('90');
    expect(await wrongCounters(dataSource.manager)).toEqual([]);
  });

  it('has sums that are right after any sequence, and counts again what is won after it was given up', async () => {
    const auction = fc.integer({ min: 0, max: 5 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('bid' as const), auction, amount: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ kind: fc.constant('replace' as const), auction, amount: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ kind: fc.constantFrom('commit' as const, 'release' as const), auction }),
      fc.record({ kind: fc.constant('order' as const), auction, amount: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ kind: fc.constantFrom('issued' as const, 'fail' as const), auction }),
    );
    const sequences = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const prefix = randomUUID();
      const begun = new Set<number>();
      const live = new Set<number>();
      const debtKeys = Array.from({ length: 6 }, () => randomUUID());
      const ordered = new Set<string>();
      for (const one of steps) {
        const auctionKey = `${prefix}-${one.auction}`;
        const wish = { auctionKey, borrower: `${prefix}-${one.auction % 2}`, employer: prefix };
        const debt = debtKeys[one.auction] ?? '';
        if (one.kind === 'issued') {
          await issued(debt, wish.borrower, 50);
          ordered.add(debt);
        } else if (one.kind === 'fail') {
          await fail(debt);
          ordered.delete(debt);
        } else if (one.kind === 'order') {
          if (!ordered.has(debt))
            await order({ controlKey: debt, borrower: wish.borrower, amount: one.amount });
          ordered.add(debt);
        } else if (one.kind === 'commit') await commit(auctionKey);
        else if (one.kind === 'release') {
          await release(auctionKey);
          live.delete(one.auction);
        } else if (one.kind === 'replace' && live.has(one.auction)) {
          await bid({ ...wish, amount: one.amount }, NO_CAPS, true);
        } else if (one.kind === 'bid' && !begun.has(one.auction)) {
          const at = new Date(NOON.getTime() + (one.auction % 3) * 86_400_000);
          await bid({ ...wish, amount: one.amount, at });
          begun.add(one.auction);
          live.add(one.auction);
        }
        expect(await wrongCounters(dataSource.manager)).toEqual([]);
      }
    });
    await fc.assert(sequences, runs(40));
  }, 120_000);

  it('lets nobody wait for each other in a circle', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
    const life = async (auctionKey: string, i: number): Promise<void> => {
      const wish = { auctionKey, borrower: `b${i % 7}`, employer: `e${i % 3}`, amount: 1 + i };
      const at = new Date(NOON.getTime() + (i % 2) * 86_400_000);
      await bidUntilClear({ ...wish, at }, NO_CAPS);
      while ((await bid({ ...wish, amount: 1 + (i % 5) }, NO_CAPS, true)) !== undefined);
      if (i % 2 === 0) await commit(auctionKey);
      if (i % 3 === 0) await release(auctionKey);
      if (i % 6 === 0) await commit(auctionKey);
    };
    const debtLife = async (controlKey: string, i: number): Promise<void> => {
      const borrower = `b${i % 7}`;
      const at = new Date(NOON.getTime() + (i % 2) * 86_400_000);
      await order({ controlKey, borrower, amount: 1 + i, at });
      if (i % 2 === 0) await issued(controlKey, borrower, 1 + i);
      if (i % 3 === 0) await fail(controlKey);
      if (i % 6 === 0) await issued(controlKey, borrower, 1 + i);
    };
    const debtKeys = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all([...keys.map(life), ...debtKeys.map(debtLife)]);
    expect(await wrongCounters(dataSource.manager)).toEqual([]);
  });
});
