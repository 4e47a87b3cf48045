import { itemAt, type Decimal } from '../../kernel';
import type { CurvePoint } from './curve';
import { fixedOf, multiply, ONE, type Fixed } from './fixed-point';
import { RATE_SCALE, RATE_SCALE_DECIMALS } from './dated-tables';
import { balancesBefore } from './schedule';
import { unitsOf, type Cents } from './scaled';

/**
 * What is expected on each due date when, of all that is still owed after it, this share is paid ahead: the instalment
 * of those who are left, and the balances of those who leave, at the contract's rate. In cents, exact to 2^-120.
 */
export function expectedFlow(
  amounts: readonly Cents[],
  points: readonly CurvePoint[],
  share: Decimal,
): readonly Fixed[] {
  if (share.isZero()) return amounts.map((amount) => fixedOf(amount));
  const leaving = fixedRate(share);
  const balances = balancesBefore(points, amounts);
  let left = ONE;
  return amounts.map((_, index) => {
    const owedAfter = balances[index + 1] ?? 0n;
    const expected = multiply(left, fixedOf(itemAt(amounts, index)) + multiply(leaving, owedAfter));
    left = multiply(left, ONE - leaving);
    return expected;
  });
}

function fixedRate(share: Decimal): Fixed {
  return (unitsOf(share, RATE_SCALE_DECIMALS) * ONE) / RATE_SCALE;
}
