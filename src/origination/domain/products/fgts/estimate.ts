import { Decimal, toCents } from '../../../../kernel';
import type { FgtsRules, WithdrawalBand } from './rules';

/** A withdrawal as the table of the law would give it. Caixa alone knows the true one. */
export interface EstimatedWithdrawal {
  /** The year and month of the birthday: `2027-03`. No day: due dates are Caixa's. */
  readonly month: string;
  /** What the table gives. */
  readonly withdrawal: Decimal;
  /** What of it a contract could take; zero when it is below the minimum. */
  readonly cedable: Decimal;
}

/**
 * What a balance would allow, without Caixa: each year's withdrawal by the annual table, the balance shrinking by it.
 * Deposits and interest to come are left out, so it is on the low side; it is an estimate and never an offer.
 * @param balance reais in all accounts of the borrower
 * @param birthMonth 1 to 12
 */
export function estimateWithdrawals(
  balance: Decimal,
  birthMonth: number,
  today: { readonly year: number; readonly month: number },
  bands: readonly WithdrawalBand[],
  rules: FgtsRules,
): readonly EstimatedWithdrawal[] {
  const firstYear = birthMonth > today.month ? today.year : today.year + 1;
  const estimates: EstimatedWithdrawal[] = [];
  let left = balance;
  for (let nth = 0; nth < rules.maximumWithdrawals && left.gt(0); nth += 1) {
    const withdrawal = withdrawalFrom(left, bands);
    const isCedable = withdrawal.gte(rules.minimumWithdrawal);
    estimates.push({
      month: `${String(firstYear + nth)}-${String(birthMonth).padStart(2, '0')}`,
      withdrawal,
      cedable: isCedable ? Decimal.min(withdrawal, rules.maximumWithdrawal) : new Decimal(0),
    });
    if (!isCedable) break;
    left = left.minus(withdrawal);
  }
  return estimates;
}

/** The share of the band and its additional sum, rounded half up to the cent; never more than there is. */
export function withdrawalFrom(balance: Decimal, bands: readonly WithdrawalBand[]): Decimal {
  const band = bands.find(({ upTo }) => upTo === undefined || balance.lte(upTo));
  if (band === undefined) return new Decimal(0);
  return Decimal.min(balance, toCents(balance.times(band.share).plus(band.additional)));
}
