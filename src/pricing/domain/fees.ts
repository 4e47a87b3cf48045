import type { Decimal } from '../../kernel';
import { RATE_SCALE, RATE_SCALE_DECIMALS } from './dated-tables';
import { divideRounded } from './fixed-point';
import { centsOf, unitsOf, type Cents } from './scaled';

/** A fee of the contract or a rebate: percent points of the issue amount (1 is 1%), or reais. */
export interface Fee {
  readonly feeType: string;
  readonly amountType: 'percentage' | 'absolute';
  readonly amount: Decimal;
}

/** A percentage has at most this many decimals. */
export const FEE_DECIMALS = RATE_SCALE_DECIMALS - 2;

/** Fees as one linear function of the issue amount, each fee still rounded to the cent by itself. */
export interface FeeSchedule {
  readonly fees: readonly Fee[];
  /** Sum of the percentages as a fraction, in units of 10^-12. */
  readonly rate: bigint;
  readonly absolute: Cents;
  amountsOn(issueAmount: Cents): Cents[];
}

export function feeSchedule(fees: readonly Fee[]): FeeSchedule {
  const parts = fees.map(({ amountType, amount }) =>
    amountType === 'percentage'
      ? { rate: unitsOf(amount, FEE_DECIMALS), absolute: 0n }
      : { rate: 0n, absolute: centsOf(amount) },
  );
  return {
    fees,
    rate: sum(parts.map(({ rate }) => rate)),
    absolute: sum(parts.map(({ absolute }) => absolute)),
    amountsOn: (issueAmount) =>
      parts.map(({ rate, absolute }) => divideRounded(issueAmount * rate, RATE_SCALE) + absolute),
  };
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
