import { LATE_BIDDING_OFF, MARGIN_BELOW_MINIMUM, SNAPSHOT_TOO_OLD } from '../../policy/domain';
import type { FitReasonCode } from '../../pricing/domain';

/**
 * Every code that the engine itself gives as a reason of a decision; those of rules, and of tables without a match, are
 * the policy's and open. `DATA_MISSING:<field>` is a family: one for each field of the dictionary. The console has words
 * for each (console/src/words), held against this list by a test.
 */
export const ENGINE_REASON_CODES = [
  // The asked loan, and everything the policy would offer instead, does not fit.
  'AMOUNT_NOT_IN_CENTS',
  'AMOUNT_BELOW_MINIMUM',
  'AMOUNT_ABOVE_MAXIMUM',
  'INSTALLMENTS_BELOW_MINIMUM',
  'INSTALLMENTS_ABOVE_MAXIMUM',
  'NO_PRICE_BAND',
  'INSTALLMENT_ABOVE_LIMIT',
  'INSTALLMENT_BELOW_CENT',
  'TARGET_UNATTAINABLE',
  'COST_OUT_OF_RANGE',
  'FEES_EXCEED_LOAN',
  'NO_TAX_RATES',
  'OUTSIDE_CALENDAR',
  'NO_PAYROLL_RULE',
  // A limit of the policy's exposure or pacing is reached.
  'EXPOSURE_PER_BORROWER',
  'EXPOSURE_PER_EMPLOYER',
  'EXPOSURE_PER_DAY',
  'EXPOSURE_TOTAL',
  'PACING_PER_MINUTE',
  'PACING_PER_HOUR',
  'PACING_PER_DAY',
  'RATE_ABOVE_LIVE_OFFER',
  // Learned rates.
  'MODEL_NO_MARGIN',
  // Products without an auction.
  'PRODUCT_NOT_IN_POLICY',
  'RATE_ABOVE_LEGAL_CAP',
  'RATE_NOT_OF_TABLE',
  // The policy's own machinery.
  MARGIN_BELOW_MINIMUM,
  LATE_BIDDING_OFF,
  SNAPSHOT_TOO_OLD,
] as const;
export type EngineReasonCode = (typeof ENGINE_REASON_CODES)[number];

/** What pricing says in its own words, as people know it. */
export function codeOfFit(code: FitReasonCode): EngineReasonCode {
  return code.toUpperCase() as Uppercase<FitReasonCode> satisfies EngineReasonCode;
}

/** For whoever reads them over the API. */
export const REASON_CODES_TOLD = `A code of a rule of the policy, DATA_MISSING:<field>, or one of: ${ENGINE_REASON_CODES.join(', ')}.`;
