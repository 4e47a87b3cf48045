import { calibration, calibrationError, type CalibrationGroup, type Prediction } from './calibration';
import { confidenceSequence, type AnytimeInterval } from './confidence-sequence';
import { bidsLearned, endsOf, type ObservedSum } from './observations';

/** What a night found, for people and for the alarms. */
export interface NightFigures {
  readonly bids: number;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Fifths of the last bids by what was predicted for them. */
  readonly calibration: readonly CalibrationGroup[];
  readonly calibrationError: number;
  /** Bids that it is of. */
  readonly calibrated: number;
  /** Reais a request that learned rates brought more than the table's of the control; undefined: not enough days of both. */
  readonly margin: AnytimeInterval | undefined;
  readonly marginDays: number;
  /** Days on which wins were far from what was predicted, the last ones. */
  readonly driftAlarms: readonly string[];
  /** Mean distance from the version before, and from the table's rates, of the cells that may learn; in bp. */
  readonly meanMoveBp: number;
  readonly meanDistanceBp: number;
}

const CALIBRATED_BIDS = 1_000;

/** Keeps the predictions of the last bids. */
export class Calibrating {
  #kept: Prediction[] = [];

  add(sum: ObservedSum, predicted: number): void {
    for (let i = 0; i < endsOf(sum); i++) this.#kept.push({ predicted, came: i < sum.won ? 1 : 0 });
  }

  dayEnded(): void {
    this.#kept = this.#kept.slice(-CALIBRATED_BIDS);
  }

  get figures(): Pick<NightFigures, 'calibration' | 'calibrationError' | 'calibrated'> {
    const groups = calibration(this.#kept);
    return { calibration: groups, calibrationError: calibrationError(groups), calibrated: this.#kept.length };
  }
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

  /** @param reais that its wins are expected to bring */
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
