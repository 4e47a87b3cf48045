/** What a loan of the market brings: equal instalments at our rate, discounted at what our money costs. */

const FUNDING_MONTHLY = 0.0155;
const COST = 45;
/** Expected loss by employer, and what tenure and term make of it. */
const LOSS = [0.035, 0.055, 0.085];
const LOSS_TENURE = [1.25, 1, 0.85];
const LOSS_TERM = [0.7, 1, 1.35];

const annuity = (rate: number, months: number): number => (1 - (1 + rate) ** -months) / rate;

/** Reais of margin for each real lent, before the cost of a loan. */
export function marginPerReal(rateBp: number, term: number, lossRate: number): number {
  return annuity(FUNDING_MONTHLY, term) / annuity(rateBp / 10_000, term) - 1 - lossRate;
}

/** Margin of a loan in reais. */
export function marginOf(rateBp: number, term: number, lossRate: number, amount: number): number {
  return amount * marginPerReal(rateBp, term, lossRate) - COST;
}

/** The first whole rate at which a loan of this amount does not lose. */
export function breakEvenBp(term: number, lossRate: number, amount: number): number {
  let rate = 1;
  while (marginOf(rate, term, lossRate, amount) < 0) rate += 1;
  return rate;
}

export function expectedLossRate(employer: number, tenure: number, term: number): number {
  return (LOSS[employer] ?? 0) * (LOSS_TENURE[tenure] ?? 0) * (LOSS_TERM[term] ?? 0);
}

export { COST as COST_OF_A_LOAN };
