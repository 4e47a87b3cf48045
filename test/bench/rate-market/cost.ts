import { drawMarket } from '../../../sandbox/rate-market';
import { learnedRate } from '../../../src/winning/domain';
import { LearnedBidder } from './learned-bidder';
import { play, seasonOf } from './season';

const TRAINING_BIDS = 1_000_000;
const TRAINING_DAYS = 365;

interface Cost {
  readonly figure: string;
  readonly goal: string;
  readonly measured: string;
}

/** What a bid and a long training cost. */
export function costFigures(): readonly Cost[] {
  const perDay = Math.ceil(TRAINING_BIDS / TRAINING_DAYS);
  const season = seasonOf(drawMarket('varied', 0), 0, TRAINING_BIDS, undefined, perDay);
  const bidder = new LearnedBidder(season.market, 'cost', { perDay, logged: false });
  const started = performance.now();
  play(season, bidder);
  const seconds = (performance.now() - started) / 1000;
  const megabytes = process.memoryUsage().rss / 2 ** 20;
  return [
    {
      figure: 'one bid from a version',
      goal: '50 us',
      measured: `${lookUpMicroseconds(bidder).toFixed(1)} us`,
    },
    {
      figure: `${TRAINING_BIDS} bids over ${TRAINING_DAYS} nights, the market played beside`,
      goal: '60 s',
      measured: `${seconds.toFixed(1)} s`,
    },
    { figure: 'memory of the process then', goal: '512 MB', measured: `${megabytes.toFixed(0)} MB` },
  ];
}

function lookUpMicroseconds({ tables, seed }: LearnedBidder): number {
  const [table = []] = tables;
  const times = 200_000;
  const started = performance.now();
  for (let i = 0; i < times; i++)
    learnedRate(table, seed, i % table.length, 1_000 + (i % 9_000), `auction-${i}`);
  return ((performance.now() - started) * 1000) / times;
}
