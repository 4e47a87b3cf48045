import { AcceptanceModel, type AcceptancePrior } from './acceptance-model';
import type { Learnt } from './choose-rate';
import { faultOf, merged, type DayFault, type DayOfEnds } from './day-of-ends';
import { NO_DRIFT, watchDrift, type DriftLimits, type DriftWatch } from './drift-alarm';
import type { Belief, BeliefUpdate } from './laplace';
import { payoutPrior, payoutsAfterDay, type PayoutCounts, type PayoutPrior } from './payout-counts';
import { cellCount, type Segmentation } from './segments';
import type { WinPrior } from './win-layout';
import { WinModel } from './win-model';

/** What the learner is told to be: its segments, what it believes at first, when it takes fright. */
export interface LearnerSettings {
  readonly segmentation: Segmentation;
  readonly winPrior: WinPrior;
  readonly acceptancePrior: AcceptancePrior;
  readonly payoutPrior: PayoutPrior;
  readonly payoutGroups: number;
  readonly drift: DriftLimits;
  /** Deviation a day of the win curves' level after an alarm. */
  readonly alarmDrift: number;
}

/** All that was learnt up to a day. */
export interface LearnerState {
  readonly win: Belief;
  readonly acceptance: Belief;
  readonly payouts: PayoutCounts;
  readonly drift: DriftWatch;
}

export type LearnedDay =
  | { readonly kind: 'learnt'; readonly state: LearnerState; readonly alarm: boolean }
  | ({ readonly kind: 'refused' } & (DayFault | FitFault));

/** A fit that came to nothing: yesterday's version stays. */
interface FitFault {
  readonly model: 'win' | 'acceptance';
  readonly reason: Extract<BeliefUpdate, { kind: 'refused' }>['reason'];
}

/** From a day's ends to what is believed the next morning. The same rows in the same order give the same bytes. */
export class Learner {
  readonly winModel: WinModel;
  readonly acceptanceModel: AcceptanceModel;

  constructor(readonly settings: LearnerSettings) {
    this.winModel = new WinModel(settings.segmentation, settings.winPrior);
    this.acceptanceModel = new AcceptanceModel(settings.segmentation, settings.acceptancePrior);
  }

  get start(): LearnerState {
    return {
      win: this.winModel.prior,
      acceptance: this.acceptanceModel.prior,
      payouts: payoutPrior(this.settings.payoutGroups, this.settings.payoutPrior),
      drift: NO_DRIFT,
    };
  }

  learnt({ win, acceptance }: LearnerState): Learnt {
    return { winModel: this.winModel, win, acceptanceModel: this.acceptanceModel, acceptance };
  }

  /** A day without auctions is a day too: what is believed fades. */
  afterDay(state: LearnerState, day: DayOfEnds): LearnedDay {
    const { segmentation, payoutGroups } = this.settings;
    const fault = faultOf(day, cellCount(segmentation), payoutGroups);
    if (fault !== undefined) return { kind: 'refused', ...fault };
    const { alarm, ...drift } = watchDrift(state.drift, day.tally, this.settings.drift);
    const level = drift.alarmDays > 0 ? this.settings.alarmDrift : undefined;
    const win = this.winModel.updated(this.winModel.drifted(state.win, level), merged(day.wins));
    if (win.kind === 'refused') return { kind: 'refused', model: 'win', reason: win.reason };
    const acceptance = this.acceptanceModel.updated(
      this.acceptanceModel.drifted(state.acceptance),
      merged(day.acceptances),
    );
    if (acceptance.kind === 'refused')
      return { kind: 'refused', model: 'acceptance', reason: acceptance.reason };
    const payouts = payoutsAfterDay(state.payouts, day.payouts, this.settings.payoutPrior);
    return {
      kind: 'learnt',
      alarm,
      state: { win: win.belief, acceptance: acceptance.belief, payouts, drift },
    };
  }
}
