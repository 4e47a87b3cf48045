import { drawMarket, waveLevelBp, type MarketFamily } from '../../../sandbox/rate-market';
import { Random } from '../../../sandbox/random';
import { finished } from '../../../src/kernel';
import { calibration, calibrationError, whatIf, type PastBid } from '../../../src/winning/domain';
import { capOf, PacedOracle } from './cap';
import { LearnedBidder, type LearnedOptions, type LoggedBid } from './learned-bidder';
import { returnsOf } from './returns';
import { bestInHindsight, constantBidder, MARKUPS_BP, WeeklyBidder, WIN_SHARES } from './rivals-of-ours';
import { play, seasonOf, shareOf, type Score, type Season } from './season';

/** What is looked at in one market: figures by name. */
export type Figures = Readonly<Record<string, number>>;

const CHECKPOINTS = [1_000, 3_000, 10_000, 20_000, 30_000];

function learnedSeason(
  season: Season,
  options: LearnedOptions = {},
): { score: Score; bidder: LearnedBidder } {
  const bidder = new LearnedBidder(season.market, `seed of ${season.market.name}`, options);
  return { bidder, score: play(season, bidder) };
}

/** Rivals who stay as they are, and everybody who could bid against them. */
export function stillStudy(family: MarketFamily, seed: number): Figures {
  const season = seasonOf(drawMarket(family, seed), seed, 30_000);
  const started = performance.now();
  const { score, bidder } = learnedSeason(season);
  const seconds = (performance.now() - started) / 1000;
  const weekly = bestInHindsight(
    season,
    WIN_SHARES.map((share) => new WeeklyBidder(season.market, share)),
    30_000,
  );
  const markups = MARKUPS_BP.map((over) => constantBidder(season.market, over));
  const constant = bestInHindsight(season, markups, 10_000);
  const at = (name: string, of: Score): [string, number][] =>
    CHECKPOINTS.map((until) => [`${name} to ${until}`, shareOf(of, 0, until)]);
  return {
    ...Object.fromEntries([...at('learned', score), ...at('weekly', weekly), ...at('constant', constant)]),
    'learned 7500-10000': shareOf(score, 7_500, 10_000),
    'learned 20000-30000': shareOf(score, 20_000, 30_000),
    'calibration 5000-10000': errorOf(bidder.log.slice(5_000, 10_000)),
    'calibration 25000-30000': errorOf(bidder.log.slice(25_000)),
    'false alarms': bidder.alarms.length,
    'nights returned to the table': returnsOf(bidder.alarms, bidder.newAtCeiling),
    'season seconds': seconds,
    ...whatIfFigures(season, bidder.log.slice(0, 10_000), 'at 10000'),
    ...whatIfFigures(season, bidder.log, 'at 30000'),
  };
}

/** The same without trying, and without being told ranks. */
export function twinStudy(family: MarketFamily, seed: number): Figures {
  const season = seasonOf(drawMarket(family, seed), seed, 10_000);
  const greedy = learnedSeason(season, { exploring: false }).score;
  const unranked = learnedSeason(season, { ranked: false }).score;
  return {
    'greedy to 10000': shareOf(greedy, 0, 10_000),
    'without ranks to 10000': shareOf(unranked, 0, 10_000),
  };
}

/** All rivals fall by 25 bp at the ten thousandth auction. */
export function shiftStudy(family: MarketFamily, seed: number): Figures {
  const season = seasonOf(drawMarket(family, seed), seed, 20_000, (number) => (number < 10_000 ? 0 : -25));
  const { score, bidder } = learnedSeason(season);
  return {
    'shift first 1000': shareOf(score, 10_000, 11_000),
    'shift 10000-20000': shareOf(score, 10_000, 20_000),
    'calibration after shift': errorOf(bidder.log.slice(10_000, 15_000)),
    'nights returned after the shift': returnsOf(bidder.alarms, bidder.newAtCeiling),
    'days to alarm': (bidder.alarms.find((day) => day >= 40) ?? 80) - 40,
  };
}

/** Rivals fall by 48 bp and come back, over and over. */
export function driftStudy(family: MarketFamily, seed: number): Figures {
  const perDay = 250;
  const level = (number: number): number => waveLevelBp(Math.floor(number / perDay), 48, 120);
  const season = seasonOf(drawMarket(family, seed), seed, 30_000, level);
  const { score, bidder } = learnedSeason(season);
  return {
    'drift to 30000': shareOf(score, 0, 30_000),
    'nights returned while drifting': returnsOf(bidder.alarms, bidder.newAtCeiling),
  };
}

/** Half of the money that the best bids would win. */
export function capStudy(family: MarketFamily, seed: number): Figures {
  const season = seasonOf(drawMarket(family, seed), seed, 30_000);
  const cap = capOf(season);
  const oracle = play(season, new PacedOracle(season, cap), cap.lambda);
  const figures = (priced: boolean): { share: number; loose: number; most: number } => {
    const options = { cap: cap.perDay, priced };
    const bidder = new LearnedBidder(season.market, `seed of ${season.market.name}`, options);
    const { ours, best } = play(season, bidder, cap.lambda);
    return {
      share: shareOf({ ours, best: oracle.ours }, 20_000, 30_000),
      loose: shareOf({ ours, best }, 20_000, 30_000),
      most: (100 * Math.max(...bidder.spent)) / cap.perDay,
    };
  };
  const [priced, unpriced] = [figures(true), figures(false)];
  return {
    'cap 20000-30000': priced.share,
    'cap without a price 20000-30000': unpriced.share,
    'cap, of an oracle that keeps it on average': priced.loose,
    'most of a cap spent in a day': priced.most,
  };
}

function errorOf(log: readonly LoggedBid[]): number {
  return (
    100 *
    calibrationError(
      calibration(log.map(({ predictedWin, winShare }) => ({ predicted: predictedWin, came: winShare }))),
    )
  );
}

const SHIFTS = [-10, -5, 5, 10];

/** How often the interval holds the truth, of the questions that were answered. */
function whatIfFigures(season: Season, log: readonly LoggedBid[], when: string): Figures {
  const bids = log.map(pastBid);
  const [answered, covered, wrong] = [[], [], []] as [number[], number[], number[]];
  for (const shift of SHIFTS) {
    const random = new Random(shift + 100, season.market.name);
    const answer = finished(whatIf(bids, shift, () => random.next()));
    if (answer.kind === 'refused') continue;
    const truth = trueEffect(season, log, shift);
    const { low, high } = answer.effect;
    answered.push(shift);
    if (low <= truth && truth <= high) covered.push(shift);
    if ((low > 0 && truth < 0) || (high < 0 && truth > 0)) wrong.push(shift);
  }
  const random = new Random(1, season.market.name);
  const isAnswered = (of: typeof bids, shift: number): boolean =>
    finished(whatIf(of, shift, () => random.next())).kind === 'answered';
  const absurd = isAnswered(bids, 30);
  const early = isAnswered(bids.slice(0, 1_000), 5);
  return {
    [`what-if answered ${when}`]: answered.length,
    [`what-if covered ${when}`]: covered.length,
    [`what-if wrong sign ${when}`]: wrong.length,
    [`what-if should have refused ${when}`]: Number(absurd) + Number(early),
  };
}

function pastBid({ request, learned, end, model }: LoggedBid): PastBid {
  const { arm, stepBp, propensities } = learned;
  return { day: request.day, arm, stepBp, propensities, won: end.won, model };
}

function trueEffect({ oracle, levelAt }: Season, log: readonly LoggedBid[], shiftBp: number): number {
  const sum = log.reduce((total, { request, learned, margin }) => {
    const { number, cell, amount } = request;
    return total + oracle.expectedMargin(cell, amount, learned.centreBp + shiftBp, levelAt(number)) - margin;
  }, 0);
  return sum / log.length;
}
