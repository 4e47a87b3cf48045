import { drawMarket } from '../../sandbox/rate-market';
import { MODEL_FORMAT, modelVersion, stateDocument } from '../../src/winning/domain';
import { LearnedBidder } from '../bench/rate-market/learned-bidder';
import { constantBidder } from '../bench/rate-market/rivals-of-ours';
import { play, seasonOf, shareOf, type Score } from '../bench/rate-market/season';

const BIDS = 3_000;

function played(): { score: Score; bidder: LearnedBidder; hash: string } {
  const season = seasonOf(drawMarket('varied', 0), 0, BIDS);
  const bidder = new LearnedBidder(season.market, 'seed');
  const score = play(season, bidder);
  const origin = { mandate: '', policy: '', assumptions: '', parent: undefined, trainedThrough: '' };
  const { hash } = modelVersion({
    format: MODEL_FORMAT,
    origin,
    seed: bidder.seed,
    prices: ['0'],
    tables: bidder.tables,
    state: stateDocument(bidder.state),
    card: {},
  });
  return { score, bidder, hash };
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
    expect(played().hash).toBe(first.hash);
  });
});
