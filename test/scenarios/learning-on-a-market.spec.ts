import { drawMarket } from '../../sandbox/rate-market';
import {
  learnedRate,
  MODEL_FORMAT,
  modelVersion,
  readState,
  stateDocument,
  verifyVersion,
  type ModelVersion,
} from '../../src/winning/domain';
import { LearnedBidder } from '../bench/rate-market/learned-bidder';
import { constantBidder } from '../bench/rate-market/rivals-of-ours';
import { play, seasonOf, shareOf, type Score } from '../bench/rate-market/season';

const BIDS = 3_000;

function played(): { score: Score; bidder: LearnedBidder; version: ModelVersion } {
  const season = seasonOf(drawMarket('varied', 0), 0, BIDS);
  const bidder = new LearnedBidder(season.market, 'seed');
  const score = play(season, bidder);
  const origin = { mandate: '', policy: '', assumptions: '', parent: undefined, trainedThrough: '' };
  const version = modelVersion({
    format: MODEL_FORMAT,
    origin,
    seed: bidder.seed,
    prices: ['0'],
    tables: bidder.tables,
    spend: [],
    expected: [],
    state: stateDocument(bidder.state),
    card: {},
  });
  return { score, bidder, version };
}

describe('learning on a market', () => {
  const first = played();

  it('earns more than the rate it began with, and nearly what could be earned', () => {
    const season = seasonOf(drawMarket('varied', 0), 0, BIDS);
    const table = play(season, constantBidder(season.market, 50));
    expect(shareOf(first.score, 0, BIDS)).toBeGreaterThan(95);
    expect(shareOf(first.score, 0, BIDS)).toBeGreaterThan(shareOf(table, 0, BIDS));
  });

  it('never bids outside the band of a cell', () => {
    expect(first.bidder.log).toHaveLength(BIDS);
    for (const { request, rateBp } of first.bidder.log) {
      const { floorBp = NaN, ceilingBp = NaN } = first.bidder.cells[request.cell] ?? {};
      expect(rateBp >= floorBp && rateBp <= ceilingBp).toBe(true);
    }
  });

  it('learns the same version from the same auctions, to the byte', () => {
    expect(played().version).toEqual(first.version);
  });

  it('bids from the stored version what it bids from the one in memory', () => {
    const expected = { mandate: '', policy: '', assumptions: '', ageOn: () => 0, mostDays: 3, cells: 81 };
    const read = verifyVersion(first.version, expected);
    if (read.kind === 'fallback') throw new Error(read.reason);
    expect(readState(read.document.state)).toEqual(first.bidder.state);
    const [[stored = [], kept = []]] = [[read.document.tables[0], first.bidder.tables[0]]];
    for (let cell = 0; cell < 81; cell++) {
      const rate = (table: typeof stored): unknown =>
        learnedRate(table, read.document.seed, cell, 4_000, `auction ${cell}`);
      expect(rate(stored)).toEqual(rate(kept));
    }
  });
});
