import { Decimal, isJsonObject, toCents, type JsonValue } from '../../src/kernel';
import type { z } from 'zod';
import type { feeList } from './debt-behaviour';
import { isNumber, isText, listOf, objectOf } from '../fields';

/** A fee as QI's set-up, or a rebate of the partner's, has it. */
export interface Fee {
  readonly feeType: string;
  readonly amountType: 'percentage' | 'absolute';
  /** Percent points of the issue amount, or reais. */
  readonly amount: Decimal;
}

export interface ChargedFee extends Fee {
  readonly feeAmount: Decimal;
  readonly taxAmount: Decimal;
  readonly netFeeAmount: Decimal;
}

/** The tax on what the partner earns by a rebate: 0.18 on the printed 1.95. */
const REBATE_TAX = new Decimal('0.0925');

export function chargeFee(fee: Fee, issueAmount: Decimal): ChargedFee {
  const feeAmount =
    fee.amountType === 'percentage' ? toCents(issueAmount.times(fee.amount).div(100)) : toCents(fee.amount);
  const taxAmount = toCents(feeAmount.times(REBATE_TAX));
  return { ...fee, feeAmount, taxAmount, netFeeAmount: feeAmount.minus(taxAmount) };
}

/** The percentage fees together, as a fraction. */
export function shareOf(fees: readonly Fee[]): Decimal {
  const percents = fees.map((fee) => (fee.amountType === 'percentage' ? fee.amount : 0));
  return Decimal.sum(0, ...percents).div(100);
}

/** The absolute fees together, in reais. */
export function fixedOf(fees: readonly Fee[]): Decimal {
  return Decimal.sum(0, ...fees.map((fee) => (fee.amountType === 'absolute' ? fee.amount : 0)));
}

/** Rebates as a proposal of the auction and a debt name them alike; absent is none. */
export function areRebates(value: JsonValue | undefined): boolean {
  if (value === undefined) return true;
  return (
    Array.isArray(value) &&
    value.every(
      (rebate) =>
        isJsonObject(rebate) &&
        isText(rebate['fee_type']) &&
        (rebate['amount_type'] === 'percentage' || rebate['amount_type'] === 'absolute') &&
        isNumber(rebate['amount']) &&
        rebate['amount'].gte(0),
    )
  );
}

/** The fees of a list in QI's form; what is no fee is left out. */
export function feesOf(list: JsonValue | undefined): Fee[] {
  return listOf(list).flatMap((each) => {
    const { fee_type: feeType, amount_type: amountType, amount } = objectOf(each);
    if (!isText(feeType) || !isNumber(amount)) return [];
    return [{ feeType, amountType: amountType === 'percentage' ? 'percentage' : 'absolute', amount }];
  });
}

/** The fees of the sandbox's own settings. */
export function feesOfSetUp(list: z.infer<typeof feeList>): Fee[] {
  return list.map((fee) => ({
    feeType: fee.fee_type,
    amountType: fee.amount_type,
    amount: new Decimal(fee.amount),
  }));
}
