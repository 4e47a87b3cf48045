import { DAY_MS } from '../../kernel';
import type { AcceptanceRow } from './acceptance-model';
import type { CellTerms } from './choose-rate';
import type { DayOfEnds } from './day-of-ends';
import { Learner, type LearnerState } from './learner';
import { Calibrating, Exploring, MarginsBeside, type NightFigures } from './night-figures';
import {
  bidsLearned,
  endsOf,
  inOrder,
  type MoneyPrice,
  type ObservedDay,
  type ObservedSum,
} from './observations';
import { payoutShare, type PayoutRow } from './payout-counts';
import { tonight, type MoneyOfDay, type NightTables } from './night-tables';
import type { NightRefusal, NightTerms } from './night-terms';

export type NightResult =
  | ({ readonly kind: 'learnt'; readonly state: LearnerState; readonly figures: NightFigures } & NightTables)
  | { readonly kind: 'refused'; readonly reason: NightRefusal };

/** Days of requests that are expected to come alike tomorrow. */
const TRAFFIC_DAYS = 5;
/** Learned bids of which all being at one arm is no chance. */
const MANY_BIDS = 200;

/**
 * All days anew, from the first beliefs on: an end that was told late, or otherwise than before, is learnt from where it belongs.
 * Days are given in order, those without bids too; memory is bounded by what a few days hold.
 */
export class Night {
  readonly #learner: Learner;
  #state: LearnerState;
  #refused: NightRefusal | undefined;
  readonly #calibrating = new Calibrating();
  readonly #margins = new MarginsBeside();
  readonly #exploring = new Exploring();
  /** The last days, until their ends are all known. */
  #recent: readonly ObservedDay[] = [];
  #driftAlarms: readonly string[] = [];
  #arms = new Set<number>();
  #tried = 0;
  #bids = 0;
  #days: readonly [first: string, last: string] | undefined;

  constructor(readonly terms: NightTerms) {
    this.#learner = new Learner(terms.settings);
    this.#state = this.#learner.start;
    // No version of such rates may be bid with, and no distance from them is whole.
    if (terms.references.some((rate) => rate !== undefined && !Number.isInteger(rate)))
      this.#refused = 'RATE_NOT_WHOLE';
  }

  day({ day, sums, priceOfMoney }: ObservedDay): void {
    if (this.#refused !== undefined) return;
    const ordered = inOrder(sums);
    this.#recent = [
      { day, sums: ordered, priceOfMoney },
      ...this.#recent.slice(0, Math.max(this.terms.paidAfter, TRAFFIC_DAYS)),
    ];
    if (ordered.some((sum) => endsOf(sum) > 0)) this.#days = [this.#days?.[0] ?? day, day];
    this.#count({ day, sums: ordered, priceOfMoney });
    const learnt = this.#learner.afterDay(this.#state, this.#ends(ordered));
    if (learnt.kind === 'refused') this.#refused = learnt.reason;
    else this.#state = learnt.state;
    if (learnt.kind === 'learnt' && learnt.alarm) this.#driftAlarms = [...this.#driftAlarms.slice(-9), day];
  }

  finish(): NightResult {
    const reason = this.#refused ?? this.#shortOf();
    if (reason !== undefined) return { kind: 'refused', reason };
    const made = tonight(this.#learner, this.#state, this.terms, this.#money());
    if (made.kind === 'refused') return made;
    return {
      kind: 'learnt',
      state: this.#state,
      tables: made.tables,
      prices: made.prices,
      spend: made.spend,
      spendAtAnyPrice: made.spendAtAnyPrice,
      figures: {
        bids: this.#bids,
        firstDay: this.#days?.[0] ?? '',
        lastDay: this.#days?.[1] ?? '',
        ...this.#calibrating.figures,
        ...this.#margins.figures,
        driftAlarms: this.#driftAlarms,
        meanMoveBp: made.meanMoveBp,
        meanDistanceBp: made.meanDistanceBp,
        rails: made.rails,
        exploration: {
          ...this.#exploring.figures,
          budget: Math.max(0, this.terms.limits.exploration.budget),
        },
      },
      largestMoveBp: made.largestMoveBp,
      expected: made.expected,
    };
  }

  #shortOf(): NightRefusal | undefined {
    const { minimumBids, validityDays, through } = this.terms;
    if (this.#bids < minimumBids || this.#days === undefined) return 'TOO_FEW_BIDS';
    const quiet = (Date.parse(through) - Date.parse(this.#days[1])) / DAY_MS;
    if (quiet > validityDays) return 'GAP_IN_TIME';
    return this.#tried >= MANY_BIDS && this.#arms.size < 2 ? 'ONE_ARMED' : undefined;
  }

  #count({ day, sums, priceOfMoney }: ObservedDay): void {
    for (const sum of sums) {
      const ends = endsOf(sum);
      this.#bids += ends;
      if (bidsLearned(sum) && sum.stepBp > 0) {
        this.#tried += ends;
        this.#arms.add(sum.arm);
      }
      if (this.terms.references[sum.cell] === undefined) continue;
      // Also of those that were not bid for: the control bids for their like.
      if (day >= this.terms.watchedFrom) this.#margins.add(sum, this.#worth(sum, priceOfMoney));
      const distanceBp = this.#distance(sum);
      if (distanceBp === undefined) continue;
      this.#exploring.add(sum, (rateBp) => this.#hoped(sum, rateBp));
      const predicted = this.#learner.winModel.probability(this.#state.win, sum.cell, distanceBp);
      this.#calibrating.add(sum, predicted);
    }
    this.#calibrating.dayEnded();
    this.#margins.dayEnded();
    this.#exploring.dayEnded();
  }

  /**
   * Reais that the wins are expected to bring, beyond what their part of the day's money would have brought elsewhere: what becomes
   * of them later is the model's.
   */
  #worth({ cell, rateBp, won, wonAmount }: ObservedSum, { perReal, of }: MoneyPrice): number {
    const terms = this.terms.cells[cell];
    if (terms === undefined || rateBp === undefined || won === 0) return 0;
    const taken = this.#taken(cell, rateBp - terms.referenceBp);
    const priced = of === 'won' ? wonAmount : taken * wonAmount;
    return taken * marginOf(terms, rateBp, wonAmount, won) - perReal * priced;
  }

  /** Reais that the bids would be expected to bring at a rate: whether they are won is the model's too. */
  #hoped({ cell, amount, requests }: ObservedSum, rateBp: number): number {
    const terms = this.terms.cells[cell];
    if (terms === undefined) return 0;
    const distanceBp = rateBp - terms.referenceBp;
    const win = this.#learner.winModel.probability(this.#state.win, cell, distanceBp);
    return win * this.#taken(cell, distanceBp) * marginOf(terms, rateBp, amount, requests);
  }

  /** That an offer that has won is taken, and paid out. */
  #taken(cell: number, distanceBp: number): number {
    const group = this.terms.cells[cell]?.payoutGroup ?? 0;
    const { acceptanceModel } = this.#learner;
    return (
      acceptanceModel.probability(this.#state.acceptance, cell, distanceBp) *
      payoutShare(this.#state.payouts, group)
    );
  }

  #distance({ cell, rateBp }: ObservedSum): number | undefined {
    const reference = this.terms.references[cell];
    return rateBp === undefined || reference === undefined ? undefined : rateBp - reference;
  }

  #ends(sums: readonly ObservedSum[]): DayOfEnds {
    const { acceptedAfter, paidAfter } = this.terms;
    const tally = { won: 0, predicted: 0, variance: 0 };
    const wins = sums.flatMap((sum) => {
      const distanceBp = this.#distance(sum);
      const ends = endsOf(sum);
      if (distanceBp === undefined || ends === 0) return [];
      const p = this.#learner.winModel.probability(this.#state.win, sum.cell, distanceBp);
      tally.won += sum.won;
      tally.predicted += ends * p;
      tally.variance += ends * p * (1 - p);
      const { cell, won, second, behind, unranked } = sum;
      return [{ cell, distanceBp, won, second, behind, unranked }];
    });
    return {
      wins,
      tally,
      acceptances: (this.#recent[acceptedAfter]?.sums ?? []).flatMap((sum) => this.#acceptance(sum)),
      payouts: (this.#recent[paidAfter]?.sums ?? []).flatMap((sum) => this.#payout(sum)),
    };
  }

  #acceptance(sum: ObservedSum): readonly AcceptanceRow[] {
    const distanceBp = this.#distance(sum);
    const { cell, accepted, refused } = sum;
    return distanceBp === undefined || accepted + refused === 0
      ? []
      : [{ cell, distanceBp, accepted, refused }];
  }

  #payout({ cell, paid, failed }: ObservedSum): readonly PayoutRow[] {
    const group = this.terms.cells[cell]?.payoutGroup;
    return group === undefined || paid + failed === 0 ? [] : [{ group, paid, failed }];
  }

  /**
   * What was asked for in the last days and is priced still: each cell's requests at their mean amount. What the money of a day stopped
   * is asked for again, and before all of it is gone.
   */
  #money(): MoneyOfDay {
    const days = this.#recent.slice(0, TRAFFIC_DAYS);
    const requests = days
      .flatMap(({ sums }) => sums)
      .filter(({ cell }) => this.terms.references[cell] !== undefined)
      .flatMap(({ cell, requests: bid, amount, stopped, stoppedAmount }) => {
        const count = bid + stopped;
        return Array.from({ length: count }, () => ({ cell, amount: (amount + stoppedAmount) / count }));
      });
    return { requests, days: days.length };
  }
}

/** Reais that so many loans of an amount together bring at a rate, once paid out; 0 where nothing is known of them. */
function marginOf(terms: CellTerms, rateBp: number, amount: number, loans: number): number {
  const perReal = terms.marginPerReal(rateBp);
  return perReal === undefined ? 0 : amount * perReal - loans * terms.costOfLoan;
}
