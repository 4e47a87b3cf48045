import { drawMarket } from '../../sandbox/rate-market';
import { LearnedBidder } from './rate-market/learned-bidder';
import { play, seasonOf, shareOf } from './rate-market/season';
for (const seed of [0, 1, 2]) {
  const t = performance.now();
  const season = seasonOf(drawMarket('varied', seed), seed, 10_000);
  const bidder = new LearnedBidder(season.market, 'seed');
  const s = play(season, bidder);
  console.log(
    seed,
    [1000, 3000, 10000].map((n) => shareOf(s, 0, n).toFixed(2)).join(' '),
    shareOf(s, 7500, 10000).toFixed(2),
    bidder.alarms.join(),
    (performance.now() - t).toFixed(0),
  );
}
