/** What became of the bids of one cell at one rate, of one lane and day. Counts, and reais. */
export interface ObservedSum {
  readonly cell: number;
  readonly lane: 'control' | 'shadow' | 'table' | 'canary' | 'learned';
  /** undefined: no rate was worth bidding. */
  readonly rateBp: number | undefined;
  readonly arm: number;
  readonly stepBp: number;
  readonly requests: number;
  readonly won: number;
  readonly second: number;
  readonly behind: number;
  readonly unranked: number;
  readonly accepted: number;
  readonly refused: number;
  readonly paid: number;
  readonly failed: number;
  readonly amount: number;
  readonly wonAmount: number;
  /** Beside these, requests whose bid nothing but the money of the day stopped. */
  readonly stopped: number;
  readonly stoppedAmount: number;
}

/** Of what a price of money is asked: of each real won, or, in what releases before made, of each real that is paid out. */
export const PRICED_PER = ['won', 'lent'] as const;

export interface MoneyPrice {
  readonly perReal: number;
  readonly of: (typeof PRICED_PER)[number];
}

export interface ObservedDay {
  /** yyyy-mm-dd. */
  readonly day: string;
  readonly sums: readonly ObservedSum[];
  /** What each real must bring beside its cost, by the version that was bid with: 0 where money was not scarce. */
  readonly priceOfMoney: MoneyPrice;
}

/** In one order, however they were read: the same rows give the same bytes. */
export function inOrder(sums: readonly ObservedSum[]): readonly ObservedSum[] {
  return sums.toSorted(
    (a, b) =>
      a.cell - b.cell ||
      (a.rateBp ?? 0) - (b.rateBp ?? 0) ||
      (a.lane < b.lane ? -1 : a.lane > b.lane ? 1 : a.arm - b.arm || a.stepBp - b.stepBp),
  );
}

/** Lost or won: what the win curve is learnt from. */
export function endsOf({ won, second, behind, unranked }: ObservedSum): number {
  return won + second + behind + unranked;
}

export function bidsLearned({ lane }: ObservedSum): boolean {
  return lane === 'canary' || lane === 'learned';
}
