import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { AuctionLedger, type SettlementRow } from '../../src/auction/bidding/ledger';
import { bidSourcesOf } from '../../src/auction/domain/bid-status';
import { InstanceRegistry, createPool } from '../../src/platform';
import { RecoveryGeneration } from '../../src/recovery';
import { reserveExposure, writeAuction, writeBid } from '../support/bids';
import { TcpProxy } from '../support/tcp-proxy';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld } from './access-world';

interface Sending {
  readonly auctionKey: string;
  readonly requestControlKey: string;
}

describe('what the ledger of auctions writes', () => {
  let world: AccessWorld;
  let ledger: AuctionLedger;
  let us: string;
  let others: Pool;
  beforeAll(async () => {
    // A worker would take up what is written here.
    world = await createAccessWorld({ ARREMATE_ROLE: 'web' });
    ledger = world.app.get(AuctionLedger);
    us = world.app.get(InstanceRegistry).id;
    others = new Pool({ connectionString: world.databaseUrl });
    others.on('error', () => undefined); // the database may be gone before its connections are
  });
  afterAll(async () => {
    await others.end();
    await world.close();
  });

  /** A bid on its way, in the hands of this process. */
  async function sending(): Promise<Sending> {
    const [auctionKey, requestControlKey] = [randomUUID(), randomUUID()];
    await writeAuction(world.dataSource, auctionKey);
    await writeBid(world.dataSource, { requestControlKey, auctionKey, rate: '0.02', amount: 100 });
    await world.dataSource.query(
      `UPDATE auction SET status = 'bidding', lease_owner = $2 WHERE issuer_proposal_request_key = $1`,
      [auctionKey, us],
    );
    await world.dataSource.query(`UPDATE bid SET status = 'sending' WHERE request_control_key = $1`, [
      requestControlKey,
    ]);
    await reserveExposure(world.dataSource, requestControlKey, auctionKey);
    return { auctionKey, requestControlKey };
  }

  const settlement = (
    { auctionKey, requestControlKey }: Sending,
    row: Pick<SettlementRow, 'auction_status' | 'bid_status' | 'frees_exposure'> & Partial<SettlementRow>,
  ): SettlementRow => ({
    auction_key: auctionKey,
    request_control_key: requestControlKey,
    auction_from: ['bidding'],
    bid_from: ['sending'],
    reason: null,
    answered_at: new Date(),
    auction_proposal_key: null,
    rank_position: null,
    simulation: null,
    drift: null,
    held_by: null,
    ...row,
  });
  const ACCEPTED = { auction_status: 'bid', bid_status: 'accepted', frees_exposure: false } as const;
  const WITHDRAWN = { auction_status: 'missed', bid_status: 'withdrawn', frees_exposure: true } as const;
  const REJECTED = { auction_status: 'rejected', bid_status: 'rejected', frees_exposure: true } as const;

  const standing = async ({ auctionKey }: Sending): Promise<readonly string[]> => {
    const [row] = await world.dataSource.query<{ auction: string; bid: string; exposure: string }[]>(
      `SELECT auction.status AS auction, bid.status AS bid, exposure.status AS exposure
       FROM auction JOIN bid ON bid.auction_key = issuer_proposal_request_key JOIN exposure USING (request_control_key)
       WHERE issuer_proposal_request_key = $1`,
      [auctionKey],
    );
    return row === undefined ? [] : [row.auction, row.bid, row.exposure];
  };

  const somebodyWaits = () =>
    waitFor('a statement to wait for a row', async () => {
      const { rows } = await others.query<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
           AND cardinality(pg_blocking_pids(pid)) > 0) AS waits`,
      );
      return rows[0]?.waits === true ? true : undefined;
    });

  it('leaves what another process holds as it is, unless QI has said yes or no', async () => {
    const [theirs, ours, answered] = [await sending(), await sending(), await sending()];
    await ledger.settle(
      [
        settlement(theirs, { ...WITHDRAWN, held_by: randomUUID() }),
        settlement(ours, { ...WITHDRAWN, held_by: us }),
        settlement(answered, { ...ACCEPTED, held_by: null }),
      ],
      [],
    );
    expect(await standing(theirs)).toEqual(['bidding', 'sending', 'reserved']);
    expect(await standing(ours)).toEqual(['missed', 'withdrawn', 'released']);
    expect(await standing(answered)).toEqual(['bid', 'accepted', 'reserved']);
  });

  it('locks every auction before the first bid and the counters', async () => {
    const [held, free] = [await sending(), await sending()];
    const holder = await others.connect();
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM auction WHERE issuer_proposal_request_key = $1 FOR UPDATE`, [
      held.auctionKey,
    ]);
    const settled = ledger.settle([settlement(held, ACCEPTED), settlement(free, REJECTED)], []);
    try {
      await somebodyWaits();
      const bids = await others.query(
        `SELECT FROM bid WHERE request_control_key = ANY ($1) FOR UPDATE SKIP LOCKED`,
        [[held.requestControlKey, free.requestControlKey]],
      );
      const counters = await others.query(
        `SELECT FROM limit_use WHERE name IN ('per_day', 'total') FOR UPDATE SKIP LOCKED`,
      );
      expect([bids.rowCount, counters.rowCount]).toEqual([2, 2]);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    await settled;
    expect(await standing(held)).toEqual(['bid', 'accepted', 'reserved']);
    expect(await standing(free)).toEqual(['rejected', 'rejected', 'released']);
  });

  it('marks nothing as sending that another process is taking over', async () => {
    const bid = await sending();
    const { auctionKey, requestControlKey } = bid;
    await world.dataSource.query(`UPDATE bid SET status = 'intended' WHERE request_control_key = $1`, [
      requestControlKey,
    ]);
    const other = await others.connect();
    await other.query('BEGIN');
    await other.query(`UPDATE auction SET lease_owner = $2 WHERE issuer_proposal_request_key = $1`, [
      auctionKey,
      randomUUID(),
    ]);
    const marked = ledger.mark([{ auctionKey, requestControlKey, number: 1, to: 'sending', attempts: [] }]);
    try {
      await somebodyWaits();
    } finally {
      await other.query('COMMIT');
      other.release();
    }
    expect(await marked).toEqual(['not_ours']);
    expect(await standing(bid)).toEqual(['bidding', 'intended', 'reserved']);
  });

  it('claims nothing that is in hand, though whoever took it over is dead: the mark on disk tells that it was lost', async () => {
    const [inHand, forgotten] = [await sending(), await sending()];
    const keys = [inHand.auctionKey, forgotten.auctionKey];
    await world.dataSource.query(
      `UPDATE auction SET lease_owner = $2 WHERE issuer_proposal_request_key = ANY ($1)`,
      [keys, randomUUID()],
    );
    const claimed = await ledger.claim([inHand.auctionKey], 100);
    expect(claimed.map(({ key }) => key).filter((key) => keys.includes(key))).toEqual([forgotten.auctionKey]);
    expect(await ledger.lost(keys)).toEqual([inHand.auctionKey]);
    expect(await ledger.mark([{ ...inHand, number: 1, to: 'sending', attempts: [] }])).toEqual(['not_ours']);
  });

  /** Asks over a network that brings the question only after it was given up. */
  async function tooLate(
    ask: (ledger: AuctionLedger) => Promise<unknown>,
    meanwhile: () => Promise<unknown>,
  ) {
    const proxy = await TcpProxy.start(world.databaseUrl);
    const pool = createPool(proxy.url, { applicationName: 'late', size: 1, queryTimeoutMs: 100 });
    try {
      const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      proxy.hold('client');
      const late = new AuctionLedger(
        pool,
        world.app.get(InstanceRegistry),
        world.app.get(RecoveryGeneration),
      );
      await expect(ask(late)).rejects.toThrow('Query read timeout');
      await meanwhile();
      proxy.passOn();
      await waitFor('the question to be read, and the connection to end', async () => {
        const { rowCount } = await others.query(`SELECT FROM pg_stat_activity WHERE pid = $1`, [
          rows[0]?.pid,
        ]);
        return rowCount === 0 ? true : undefined;
      });
    } finally {
      await pool.end();
      await proxy.close();
    }
  }

  it('does not take back, after it was given up, the mark of a bid that is on its way', async () => {
    const bid = await sending();
    await tooLate(
      (late) => late.mark([{ ...bid, number: 2, to: 'intended', attempts: [] }]),
      async () => {
        expect(await ledger.mark([{ ...bid, number: 1, to: 'sending', attempts: [] }])).toEqual(['marked']);
      },
    );
    expect(await standing(bid)).toEqual(['bidding', 'sending', 'reserved']);
  });

  it('takes back no mark for one that was asked for before it, though it comes within its time', async () => {
    const bid = await sending();
    const proxy = await TcpProxy.start(world.databaseUrl);
    const pool = createPool(proxy.url, { applicationName: 'slow', size: 1, queryTimeoutMs: 60_000 });
    try {
      await pool.query('SELECT');
      proxy.hold('client');
      const slow = new AuctionLedger(
        pool,
        world.app.get(InstanceRegistry),
        world.app.get(RecoveryGeneration),
      );
      const before = slow.mark([{ ...bid, number: 1, to: 'intended', attempts: [] }]);
      expect(await ledger.mark([{ ...bid, number: 2, to: 'sending', attempts: [] }])).toEqual(['marked']);
      proxy.passOn();
      expect(await before).toEqual(['not_ours']);
    } finally {
      await pool.end();
      await proxy.close();
    }
    expect(await standing(bid)).toEqual(['bidding', 'sending', 'reserved']);
  });

  it('claims nothing after it was given up: by then it may be in hand, and lost', async () => {
    const bid = await sending();
    await tooLate(
      (late) => late.claim([], 100),
      () =>
        world.dataSource.query(`UPDATE auction SET lease_owner = $2 WHERE issuer_proposal_request_key = $1`, [
          bid.auctionKey,
          randomUUID(),
        ]),
    );
    expect(await ledger.lost([bid.auctionKey])).toEqual([bid.auctionKey]);
  });

  it.each([
    [ACCEPTED, ['bid', 'accepted', 'reserved']],
    [REJECTED, ['rejected', 'rejected', 'released']],
  ] as const)(
    'records what QI said of the very key, though the bid was thought unsent: %j',
    async (said, then) => {
      const bid = await sending();
      await ledger.mark([{ ...bid, number: 1, to: 'intended', attempts: [] }]);
      await ledger.settle([settlement(bid, { ...said, bid_from: bidSourcesOf(said.bid_status) })], []);
      expect(await standing(bid)).toEqual(then);
    },
  );
});
