import { AcceptanceModel, type AcceptancePrior, type AcceptanceRow } from './acceptance-model';
import type { Learnt } from './choose-rate';
import { NO_DRIFT, watchDrift, type DayOfWins, type DriftLimits, type DriftWatch } from './drift-alarm';
import type { Belief } from './laplace';
import {
  payoutPrior,
  payoutsAfterDay,
  type PayoutCounts,
  type PayoutPrior,
  type PayoutRow,
} from './payout-counts';
import type { Segmentation } from './segments';
import { WinModel, type WinRow } from './win-model';

/** What the learner is told to be: its segments, what it believes at first, when it takes fright. */
export interface LearnerSettings {
  readonly segmentation: Segmentation;
  readonly winPrior: WinModelPrior;
  readonly acceptancePrior: AcceptancePrior;
  readonly payoutPrior: PayoutPrior;
  readonly payoutGroups: number;
  readonly drift: DriftLimits;
  /** Deviation a day of the win curves' level after an alarm. */
  readonly alarmDrift: number;
}

type WinModelPrior = ConstructorParameters<typeof WinModel>[1];

/** All that was learnt up to a day. */
export interface LearnerState {
  readonly win: Belief;
  readonly acceptance: Belief;
  readonly payouts: PayoutCounts;
  readonly drift: DriftWatch;
}

/** What became known in a day. Of acceptances and payouts only those old enough that all their like are known. */
export interface DayOfEnds {
  readonly wins: readonly WinRow[];
  readonly tally: DayOfWins;
  readonly acceptances: readonly AcceptanceRow[];
  readonly payouts: readonly PayoutRow[];
}

export type LearnedDay =
  | { readonly kind: 'learnt'; readonly state: LearnerState; readonly alarm: boolean }
  | { readonly kind: 'refused'; readonly model: 'win' | 'acceptance'; readonly reason: string };

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

  afterDay(state: LearnerState, day: DayOfEnds): LearnedDay {
    const { alarm, ...drift } = watchDrift(state.drift, day.tally, this.settings.drift);
    const level = drift.alarmDays > 0 ? this.settings.alarmDrift : undefined;
    const win = this.winModel.updated(this.winModel.drifted(state.win, level), merged(day.wins));
    if (win.kind === 'refused') return { kind: 'refused', model: 'win', reason: win.reason };
    const acceptance = this.acceptanceModel.updated(
      this.acceptanceModel.drifted(state.acceptance),
      day.acceptances,
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

/** One row for all bids of a cell at a distance, in the order of cells and distances: however they came, they add up alike. */
export function merged(rows: readonly WinRow[]): readonly WinRow[] {
  const byPlace = new Map<number, { -readonly [K in keyof WinRow]: WinRow[K] }>();
  for (const row of rows) {
    const key = row.cell * 10_000 + row.distanceBp;
    const known = byPlace.get(key);
    if (known === undefined) byPlace.set(key, { ...row });
    else for (const name of ['won', 'second', 'behind', 'unranked'] as const) known[name] += row[name];
  }
  return [...byPlace.entries()].toSorted(([a], [b]) => a - b).map(([, row]) => row);
}
