import {
  COST_OF_A_LOAN,
  marginPerReal,
  type MarketRequest,
  type RateMarket,
} from '../../../sandbox/rate-market';
import {
  boundsOf,
  compileTable,
  expectedSpend,
  learnedRate,
  Learner,
  paceStep,
  shadowPrice,
  spendWithin,
  type AmountSpend,
  type AcceptanceRow,
  type CellTerms,
  type LearnedRate,
  type LearnerState,
  payoutShare,
  railed,
  type PastBid,
  type PayoutRow,
  type RateTable,
  type WinRow,
} from '../../../src/winning/domain';
import { LEARNER, LIMITS, TABLE_OVER_BREAK_EVEN_BP, AMOUNT_STEPS } from './mandate';
import type { Bidder, PlayedBid } from './season';

export interface LearnedOptions {
  readonly exploring?: boolean;
  readonly ranked?: boolean;
  /** Reais won a day: what is won counts, whatever becomes of it. */
  readonly cap?: number;
  /** Whether money has a price, when there is a cap. */
  readonly priced?: boolean;
  readonly perDay?: number;
  /** Whether every bid is kept for questions about it. */
  readonly logged?: boolean;
}

/** A bid as the what-if and the calibration read it. */
export interface LoggedBid extends PlayedBid {
  readonly learned: LearnedRate;
  readonly predictedWin: number;
  /** What its day's version says of bids so far from its cell's rate. */
  readonly model: PastBid['model'];
}

/** When the ends of an auction are all known: days after it. */
const ACCEPTED_AFTER = 3;
const PAID_AFTER = 8;
/** The prices of money that a day's version holds tables for, beside the one that is expected to meet the cap. */
const PRICE_STEPS = [0, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3];
/** Days of requests that are expected to come alike tomorrow. */
const TRAFFIC_DAYS = 5;

/** The product's own deciding and learning on a market: whole rates from a table that each night makes anew. */
export class LearnedBidder implements Bidder {
  readonly log: LoggedBid[] = [];
  readonly alarms: number[] = [];
  readonly cells: readonly CellTerms[];
  readonly learner = new Learner(LEARNER);
  state: LearnerState = this.learner.start;
  /** By price of money. */
  tables: readonly RateTable[];
  /** Of each day, the part of the requests whose rate came up to its ceiling overnight. */
  readonly newAtCeiling: number[] = [];
  /** Of each day. */
  readonly spent: number[] = [0];
  #wins: WinRow[] = [];
  #tally = { won: 0, predicted: 0, variance: 0 };
  readonly #recent: MarketRequest[] = [];
  readonly #acceptances = new Map<number, AcceptanceRow[]>();
  readonly #payouts = new Map<number, PayoutRow[]>();
  #spendByStep: readonly (readonly AmountSpend[])[] = [];
  #current: LearnedRate | undefined;

  constructor(
    market: RateMarket,
    readonly seed: string,
    readonly options: LearnedOptions = {},
  ) {
    this.cells = market.cells.map((cell, at) => termsOf(cell, Math.floor(at / 27)));
    this.tables = [this.#compile(0, undefined)];
  }

  rate(request: MarketRequest): number | undefined {
    const { cap, perDay = 250 } = this.options;
    this.#recent.push(request);
    if (this.#recent.length > TRAFFIC_DAYS * perDay) this.#recent.shift();
    const left = (cap ?? Infinity) - (this.spent.at(-1) ?? 0);
    if (left < request.amount) return undefined;
    const rest = 1 - (request.number % perDay) / perDay;
    const step =
      cap === undefined || this.options.priced === false ? 0 : paceStep(left, rest, this.#spendByStep);
    const table = this.tables[Math.min(step, this.tables.length - 1)] ?? [];
    const result = learnedRate(table, this.seed, request.cell, request.amount, String(request.number));
    this.#current = result.kind === 'rate' ? result : undefined;
    return this.#current?.rateBp;
  }

  bidEnded(bid: PlayedBid): void {
    const { request, rateBp, end } = bid;
    const learned = this.#current;
    const terms = this.cells[request.cell];
    if (learned === undefined || terms === undefined) return;
    const distanceBp = rateBp - terms.referenceBp;
    const place = { cell: request.cell, distanceBp };
    const p = this.learner.winModel.probability(this.state.win, request.cell, distanceBp);
    if (this.options.logged !== false)
      this.log.push({ ...bid, learned, predictedWin: p, model: this.#modelOf(bid, learned, terms) });
    this.#tally.won += end.won ? 1 : 0;
    this.#tally.predicted += p;
    this.#tally.variance += p * (1 - p);
    const ranked = this.options.ranked !== false;
    this.#wins.push({
      ...place,
      won: end.won ? 1 : 0,
      second: ranked && end.rank === 2 ? 1 : 0,
      behind: ranked && end.rank === 3 ? 1 : 0,
      unranked: !end.won && !ranked ? 1 : 0,
    });
    const { accepted, paid } = end;
    if (end.won)
      push(this.#acceptances, request.day, {
        ...place,
        accepted: accepted ? 1 : 0,
        refused: accepted ? 0 : 1,
      });
    if (accepted)
      push(this.#payouts, request.day, {
        group: terms.payoutGroup,
        paid: paid ? 1 : 0,
        failed: paid ? 0 : 1,
      });
    if (end.won) this.spent[this.spent.length - 1] = (this.spent.at(-1) ?? 0) + request.amount;
  }

  dayEnded(day: number): void {
    const result = this.learner.afterDay(this.state, {
      wins: this.#wins,
      tally: this.#tally,
      acceptances: taken(this.#acceptances, day - ACCEPTED_AFTER),
      payouts: taken(this.#payouts, day - PAID_AFTER),
    });
    if (result.kind === 'refused') throw new Error(`${result.model} model refused: ${result.reason}`);
    this.state = result.state;
    if (result.alarm) this.alarms.push(day);
    const [before] = this.tables;
    this.tables = this.#tonight();
    this.newAtCeiling.push(railed(this.tables[0] ?? [], before, this.#recent).newAtCeiling);
    this.#wins = [];
    this.#tally = { won: 0, predicted: 0, variance: 0 };
    this.spent.push(0);
  }

  #modelOf({ request }: PlayedBid, { centreBp }: LearnedRate, terms: CellTerms): PastBid['model'] {
    const { winModel, acceptanceModel } = this.learner;
    const { win, acceptance, payouts } = this.state;
    return (fromCentre) => {
      const rate = Math.min(terms.ceilingBp, Math.max(terms.floorBp, centreBp + fromCentre));
      const distance = rate - terms.referenceBp;
      const margin = request.amount * (terms.marginPerReal(rate) ?? 0) - terms.costOfLoan;
      const taken = acceptanceModel.probability(acceptance, request.cell, distance);
      return {
        win: winModel.probability(win, request.cell, distance),
        worth: taken * payoutShare(payouts, terms.payoutGroup) * margin,
      };
    };
  }

  #tonight(): readonly RateTable[] {
    const { cap, priced } = this.options;
    if (cap === undefined || priced === false) return [this.#compile(0, this.tables[0])];
    const { perDay = 250 } = this.options;
    const learnt = this.learner.learnt(this.state);
    const recent = expectedSpend(learnt, this.state.payouts, this.cells, this.#recent);
    const days = this.#recent.length / perDay;
    const spendAt = (price: number): readonly AmountSpend[] =>
      recent(price).map(({ amount, lent }) => ({ amount, lent: lent / days }));
    const lambda = shadowPrice(cap, (price) => spendWithin(spendAt(price)), 1);
    const prices = PRICE_STEPS.map((step) => step * lambda);
    this.#spendByStep = prices.map(spendAt);
    return prices.map((price, step) => this.#compile(price, this.tables[step]));
  }

  #compile(lambda: number, last: RateTable | undefined): RateTable {
    const { exploring } = this.options;
    const limits =
      exploring === false ? { ...LIMITS, exploration: { ...LIMITS.exploration, budget: -1 } } : LIMITS;
    return compileTable(
      this.learner.learnt(this.state),
      this.state.payouts,
      this.cells,
      limits,
      last,
      lambda,
    );
  }
}

function termsOf(cell: RateMarket['cells'][number], payoutGroup: number): CellTerms {
  const referenceBp = cell.breakEvenBp + TABLE_OVER_BREAK_EVEN_BP;
  const bounds = boundsOf({
    breakEvenBp: cell.breakEvenBp,
    minimumMarginBp: 5,
    referenceBp,
    railBelowBp: 70,
    railAboveBp: 100,
    ceilingBp: 1000,
  });
  if (bounds === undefined) throw new Error('no rate within the bounds');
  const { floorBp, ceilingBp } = bounds;
  return {
    referenceBp,
    floorBp,
    ceilingBp,
    marginPerReal: (rateBp) => marginPerReal(rateBp, cell.term, cell.lossRate),
    costOfLoan: COST_OF_A_LOAN,
    amounts: AMOUNT_STEPS.map((step) => step * cell.usualAmount),
    payoutGroup,
  };
}

function push<Row>(byDay: Map<number, Row[]>, day: number, row: Row): void {
  const rows = byDay.get(day) ?? [];
  rows.push(row);
  byDay.set(day, rows);
}

function taken<Row>(byDay: Map<number, Row[]>, day: number): readonly Row[] {
  const rows = byDay.get(day) ?? [];
  byDay.delete(day);
  return rows;
}
