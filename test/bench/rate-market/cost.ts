import { drawMarket, endOf } from '../../../sandbox/rate-market';
import { learnedRate } from '../../../src/winning/domain';
import { LearnedBidder } from './learned-bidder';
import { seasonOf } from './season';

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
  const { bidder, seconds } = trained(perDay);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return [
    {
      figure: 'one bid from a version',
      goal: '50 us',
      measured: `${lookUpMicroseconds(bidder).toFixed(1)} us`,
    },
    {
      figure: `training on ${TRAINING_BIDS} bids, night after night for ${TRAINING_DAYS} days`,
      goal: '60 s',
      measured: `${seconds.toFixed(1)} s`,
    },
    { figure: 'memory of the process at most', goal: '512 MB', measured: `${megabytes.toFixed(0)} MB` },
  ];
}

/** The nights alone are timed: the days, which the market plays, come one after the other. */
function trained(perDay: number): { bidder: LearnedBidder; seconds: number } {
  const season = seasonOf(drawMarket('varied', 0), 0, 10 * perDay, undefined, perDay);
  const bidder = new LearnedBidder(season.market, 'cost', { perDay, logged: false });
  let milliseconds = 0;
  for (let day = 0; day < TRAINING_DAYS; day++) {
    const from = (day % 10) * perDay;
    for (const drawn of season.traffic.slice(from, from + perDay)) {
      const request = { ...drawn, day };
      const rateBp = bidder.rate(request);
      if (rateBp === undefined) continue;
      const end = endOf(season.market, request, rateBp);
      bidder.bidEnded({ request, rateBp, end, winShare: 0, margin: 0 });
    }
    const started = performance.now();
    bidder.dayEnded(day);
    milliseconds += performance.now() - started;
  }
  return { bidder, seconds: milliseconds / 1000 };
}

function lookUpMicroseconds({ tables, seed }: LearnedBidder): number {
  const [table = []] = tables;
  const times = 200_000;
  const started = performance.now();
  for (let i = 0; i < times; i++)
    learnedRate(table, seed, i % table.length, 1_000 + (i % 9_000), `auction-${i}`);
  return ((performance.now() - started) * 1000) / times;
}
