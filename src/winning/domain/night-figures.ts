import { calibration, calibrationError, type CalibrationGroup, type Prediction } from './calibration';
import { confidenceSequence, type AnytimeInterval } from './confidence-sequence';
import { bidsLearned, endsOf, type ObservedSum } from './observations';
import type { Railed } from './rails';

/** What a night found, for people and for the alarms. */
export interface NightFigures {
  readonly bids: number;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Fifths of the bids of the last days by what was predicted for them. */
  readonly calibration: readonly CalibrationGroup[];
  readonly calibrationError: number;
  /** Bids that it is of. */
  readonly calibrated: number;
  /**
   * Reais a request that learned rates brought more than the table's of the control, each less the price of its money; undefined: not
   * enough days of both.
   */
  readonly margin: AnytimeInterval | undefined;
  readonly marginDays: number;
  /** Days on which wins were far from what was predicted, the last ones. */
  readonly driftAlarms: readonly string[];
  /** Mean distance from the version before, and from the table's rates, of the cells that may learn; in bp. */
  readonly meanMoveBp: number;
  readonly meanDistanceBp: number;
  /** Of the requests of the last days, as tonight's table would bid for them. */
  readonly rails: Railed;
  readonly exploration: ExplorationCost;
}

/** What bidding beside the cells' own rates is expected to have cost, by the beliefs of each day. */
export interface ExplorationCost {
  /** Days that it is of. */
  readonly days: number;
  /** Bids at learned rates, and those of them beside their cell's own. */
  readonly bids: number;
  readonly tried: number;
  /** Reais: what all were expected to bring at their cells' own rates, and how much less at those that were bid. */
  readonly expected: number;
  readonly cost: number;
  /** The part of the expected margin that the mandate lets it cost. */
  readonly budget: number;
}

const CALIBRATED_BIDS = 1_000;

/** Alike bids of a day, and how many. */
type Predicted = Prediction & { readonly bids: number };

/**
 * Keeps the predictions of the last days that together have so many bids: a part of a day would be that of some cells. What came of
 * alike bids is their mean: which of them comes first is nobody's, and wins beside each other would fill a fifth.
 */
export class Calibrating {
  readonly #days: (readonly Predicted[])[] = [];
  #today: Predicted[] = [];

  add(sum: ObservedSum, predicted: number): void {
    const bids = endsOf(sum);
    if (bids > 0) this.#today.push({ predicted, came: sum.won / bids, bids });
  }

  dayEnded(): void {
    this.#days.push(this.#today);
    this.#today = [];
    while (bidsOf(this.#days.slice(1)) >= CALIBRATED_BIDS) this.#days.shift();
  }

  get figures(): Pick<NightFigures, 'calibration' | 'calibrationError' | 'calibrated'> {
    const kept = this.#days.flat();
    const groups = calibration(kept.flatMap((each) => Array.from({ length: each.bids }, () => each)));
    return {
      calibration: groups,
      calibrationError: calibrationError(groups),
      calibrated: bidsOf(this.#days),
    };
  }
}

function bidsOf(days: readonly (readonly Predicted[])[]): number {
  return days.flat().reduce((all, { bids }) => all + bids, 0);
}

const COST_DAYS = 30;

type DayOfTrying = Pick<ExplorationCost, 'bids' | 'tried' | 'expected' | 'cost'>;
const NOTHING_TRIED: DayOfTrying = { bids: 0, tried: 0, expected: 0, cost: 0 };

/** Adds up what trying costs, over the last days. */
export class Exploring {
  #days: readonly DayOfTrying[] = [];
  #today = NOTHING_TRIED;

  /** @param worth reais that these bids are expected to bring at a rate, through the whole funnel */
  add(sum: ObservedSum, worth: (rateBp: number) => number): void {
    const { rateBp, arm, stepBp, requests } = sum;
    if (!bidsLearned(sum) || rateBp === undefined) return;
    const expected = worth(rateBp - arm * stepBp);
    this.#today = added(this.#today, {
      bids: requests,
      tried: arm === 0 ? 0 : requests,
      expected,
      cost: arm === 0 ? 0 : expected - worth(rateBp),
    });
  }

  dayEnded(): void {
    this.#days = [...this.#days, this.#today].slice(-COST_DAYS);
    this.#today = NOTHING_TRIED;
  }

  get figures(): Omit<ExplorationCost, 'budget'> {
    return { days: this.#days.length, ...this.#days.reduce(added, NOTHING_TRIED) };
  }
}

function added(a: DayOfTrying, b: DayOfTrying): DayOfTrying {
  return {
    bids: a.bids + b.bids,
    tried: a.tried + b.tried,
    expected: a.expected + b.expected,
    cost: a.cost + b.cost,
  };
}

interface Side {
  requests: number;
  reais: number;
}

/** Margin of a request at learned rates less that of the control, day by day. */
export class MarginsBeside {
  readonly #differences: number[] = [];
  #learned: Side = { requests: 0, reais: 0 };
  #control: Side = { requests: 0, reais: 0 };

  /** @param reais that its wins are expected to bring, less the price of their money */
  add(sum: ObservedSum, reais: number): void {
    const side = bidsLearned(sum) ? this.#learned : sum.lane === 'control' ? this.#control : undefined;
    if (side === undefined) return;
    side.requests += sum.requests;
    side.reais += reais;
  }

  dayEnded(): void {
    const [learned, control] = [this.#learned, this.#control];
    if (learned.requests > 0 && control.requests > 0)
      this.#differences.push(learned.reais / learned.requests - control.reais / control.requests);
    this.#learned = { requests: 0, reais: 0 };
    this.#control = { requests: 0, reais: 0 };
  }

  get figures(): Pick<NightFigures, 'margin' | 'marginDays'> {
    return { margin: confidenceSequence(this.#differences), marginDays: this.#differences.length };
  }
}
