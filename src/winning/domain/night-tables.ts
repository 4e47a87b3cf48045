import { curvesOf, valueAt, type CellTerms } from './choose-rate';
import { compileTable, expectedSpend } from './compile-table';
import { brokenDeclaration, keepingDeclarations } from './declarations';
import { NO_EXPLORATION } from './exploration';
import type { Learner, LearnerState } from './learner';
import type { MoneyPrice } from './observations';
import type { NightRefusal, NightTerms } from './night-terms';
import { payoutShare } from './payout-counts';
import { railed, withClimbing, type Railed } from './rails';
import type { RateTable, TableCell } from './rate-table';
import { paceStep, shadowPrice, spendWithin, type AmountSpend } from './shadow-price';

/** Requests of the last days that some row of the policy prices: no other is bid for. */
export interface MoneyOfDay {
  readonly requests: readonly { readonly cell: number; readonly amount: number }[];
  readonly days: number;
}

/** What is expected of a cell's usual loan at its rate: parts of ten thousand, and cents a request. */
export interface ExpectedOfCell {
  readonly win: number;
  readonly marginCents: number;
}

export interface NightTables {
  /** By price of money, lowest first: reais for each real won. */
  readonly prices: readonly number[];
  readonly tables: readonly RateTable[];
  /** At each price, what a day is expected to win; whole reais. */
  readonly spend: readonly (readonly AmountSpend[])[];
  /** That part of it which no price leaves out; 0 where money has no price. */
  readonly spendAtAnyPrice: number;
  /** Of each cell at the lowest price; undefined where the table's rate stays. */
  readonly expected: readonly (ExpectedOfCell | undefined)[];
  readonly largestMoveBp: number;
}

interface StoredPrices {
  readonly prices: readonly string[];
  readonly pricedPer?: 'won';
}

interface StoredSpend {
  readonly spend: NightTables['spend'];
  readonly spendAtAnyPrice?: number;
}

type Tables =
  | ({
      readonly kind: 'made';
      readonly meanMoveBp: number;
      readonly meanDistanceBp: number;
      readonly rails: Railed;
    } & NightTables)
  | { readonly kind: 'refused'; readonly reason: NightRefusal };

/** Parts of the price of money that meets the day's funds, for pacing it through the day. */
const PRICE_STEPS = [0, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3];
const STEP_OF_DAY = PRICE_STEPS.indexOf(1);

/** Of a version's prices, the one that meets the day's funds: 0 where money is not scarce. */
export function priceOfMoney({ prices, pricedPer }: Partial<StoredPrices>): MoneyPrice {
  return { perReal: Number(prices?.[STEP_OF_DAY] ?? 0), of: pricedPer ?? 'lent' };
}

/**
 * Which of a version's prices is asked now. Where all that is left goes to what is bid for at any price, however dear money were made
 * nothing would be kept for the rest: the day's own price stays.
 */
export function priceStepNow(
  { spend, spendAtAnyPrice = 0 }: StoredSpend,
  left: number,
  restOfDay: number,
): number {
  if (spend.length === 0) return 0;
  return spendAtAnyPrice * restOfDay > left ? STEP_OF_DAY : paceStep(left, restOfDay, spend);
}

/** No loan is worth this much for each real. */
const MOST_PRICE = 1;

/** The tables of the next day. */
export function tonight(learner: Learner, state: LearnerState, terms: NightTerms, money: MoneyOfDay): Tables {
  const { cells, lastTables } = terms;
  if (cells.every((cell) => cell === undefined)) return { kind: 'refused', reason: 'NO_ROOM' };
  const filled = cells.map((cell) => cell ?? KEPT);
  const learnt = learner.learnt(state);
  const paced = pricesOf(learner, state, terms, money);
  const tables: RateTable[] = [];
  for (const [step, price] of paced.prices.entries()) {
    const last = lastTables[step] ?? lastTables[0];
    const compiled = compileTable(learnt, state.payouts, filled, terms.limits, last, price);
    const table = keptToDeclarations(pinned(compiled, terms), terms);
    if (table === undefined) return { kind: 'refused', reason: 'DECLARATION_BROKEN' };
    tables.push(table);
  }
  const first = withClimbing(tables[0] ?? [], lastTables[0]);
  const moves = movesBetween(first, lastTables[0], cells);
  return {
    kind: 'made',
    ...paced,
    tables: [first, ...tables.slice(1)],
    expected: expectedOf(learner, state, first, cells),
    meanMoveBp: mean(moves),
    largestMoveBp: Math.max(0, ...moves),
    meanDistanceBp: mean(distances(first, cells)),
    rails: railed(first, lastTables[0], money.requests),
  };
}

/** In the place of a cell whose rate is not learnt: what is asked of it is bid for at the table's, whatever money costs. */
const KEPT: CellTerms = {
  referenceBp: 0,
  floorBp: 0,
  ceilingBp: 0,
  marginPerReal: () => Infinity,
  costOfLoan: 0,
  amounts: [1],
  payoutGroup: 0,
};

/** Cells that do not learn have the table's rate, at as many steps as the others: they are held against each other. */
function pinned(table: RateTable, { cells, references }: NightTerms): RateTable {
  const steps = Math.max(...table.map(({ ratesBp }) => ratesBp.length));
  return table.map((cell, at): TableCell => {
    if (cells[at] !== undefined) return cell;
    const reference = references[at] ?? 0;
    return {
      ratesBp: Array.from({ length: steps }, () => references[at] ?? null),
      stepsFrom: Array.from({ length: steps - 1 }, (_, step) => step + 1),
      floorBp: reference,
      ceilingBp: reference,
      exploration: NO_EXPLORATION,
    };
  });
}

/** Keeping one axis may break another: until none is broken, or it does not come to rest. */
const MOST_ROUNDS = 60;

function keptToDeclarations(table: RateTable, { settings, declarations }: NightTerms): RateTable | undefined {
  const { segmentation } = settings;
  let kept = table;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (brokenDeclaration(kept, segmentation, declarations) === undefined) return kept;
    kept = keepingDeclarations(kept, segmentation, declarations);
  }
  return undefined;
}

type PricesOfMoney = Pick<NightTables, 'prices' | 'spend' | 'spendAtAnyPrice'>;

const NO_PRICE: PricesOfMoney = { prices: [0], spend: [], spendAtAnyPrice: 0 };

function pricesOf(
  learner: Learner,
  state: LearnerState,
  terms: NightTerms,
  money: MoneyOfDay,
): PricesOfMoney {
  const { dailyFunding } = terms;
  if (dailyFunding === undefined || dailyFunding <= 0 || money.days === 0) return NO_PRICE;
  const spendAt = spendOfDay(learner, state, terms, money);
  // What is bid for at any price takes all of it: none would leave anything to the rest.
  const atAnyPrice = spendWithin(spendAt(MOST_PRICE));
  if (atAnyPrice > dailyFunding) return NO_PRICE;
  const lambda = shadowPrice(dailyFunding, (price) => spendWithin(spendAt(price)), MOST_PRICE);
  if (lambda === 0) return NO_PRICE;
  const prices = PRICE_STEPS.map((step) => step * lambda);
  const whole = (spend: readonly AmountSpend[]): readonly AmountSpend[] =>
    spend.flatMap(({ amount, lent }) => (lent >= 1 ? [{ amount, lent: Math.round(lent) }] : []));
  return {
    prices,
    spend: prices.map((price) => whole(spendAt(price))),
    spendAtAnyPrice: Math.round(atAnyPrice),
  };
}

/** What a day is expected to win at a price: the lanes that bid the table win the same at any, in each cell. */
function spendOfDay(
  learner: Learner,
  state: LearnerState,
  { cells, learnedShare }: NightTerms,
  { requests, days }: MoneyOfDay,
): (price: number) => readonly AmountSpend[] {
  const wonBy = (bid: readonly CellTerms[], share: number): ((price: number) => readonly AmountSpend[]) => {
    const recent = expectedSpend(learner.learnt(state), state.payouts, bid, requests);
    return (price) => recent(price).map(({ amount, lent }) => ({ amount, lent: (lent * share) / days }));
  };
  const learned = wonBy(
    cells.map((cell) => cell ?? KEPT),
    learnedShare,
  );
  const table = wonBy(
    cells.map(() => KEPT),
    1 - learnedShare,
  );
  return (price) => [...learned(price), ...table(price)];
}

function movesBetween(
  table: RateTable,
  last: RateTable | undefined,
  cells: NightTerms['cells'],
): readonly number[] {
  if (last === undefined) return [];
  return table.flatMap(({ ratesBp }, at) =>
    cells[at] === undefined
      ? []
      : ratesBp.flatMap((rate, step) => {
          const before = last[at]?.ratesBp[step] ?? null;
          return rate === null || before === null ? [] : [Math.abs(rate - before)];
        }),
  );
}

function distances(table: RateTable, cells: NightTerms['cells']): readonly number[] {
  return table.flatMap(({ ratesBp }, at) => {
    const reference = cells[at]?.referenceBp;
    return reference === undefined
      ? []
      : ratesBp.flatMap((rate) => (rate === null ? [] : [Math.abs(rate - reference)]));
  });
}

function expectedOf(
  learner: Learner,
  state: LearnerState,
  table: RateTable,
  cells: NightTerms['cells'],
): NightTables['expected'] {
  return cells.map((terms, at) => {
    const step = Math.floor((terms?.amounts.length ?? 0) / 2);
    const rate = table[at]?.ratesBp[step];
    if (terms === undefined || rate === undefined || rate === null) return undefined;
    const curves = curvesOf(learner.learnt(state), at, terms, payoutShare(state.payouts, terms.payoutGroup));
    const place = rate - terms.floorBp;
    return {
      win: Math.round((curves.win[place] ?? 0) * 10_000),
      marginCents: Math.round(valueAt(curves, place, terms.amounts[step] ?? 0, 0) * 100),
    };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
