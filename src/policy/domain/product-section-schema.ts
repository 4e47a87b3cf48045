import { z } from 'zod';
import { distinct, id, integer, label, type Scope } from './document-parts';
import { ruleSchema } from './rule-schema';
import { daysToExpiration, fee, payrollLimitsSchema, priceParts, rangesSchema } from './section-parts';
import { tableSchema } from './table-schema';

const MAX_RULES = 500;
const MAX_TABLES = 20;
const MAX_FEE_TABLES = 10;

/** What decides about a product, whichever it is and wherever in the document it stands. */
export function decidingParts(scope: Scope) {
  return {
    rules: z
      .array(ruleSchema(scope))
      .min(1, 'a política não tem regras')
      .max(MAX_RULES)
      .superRefine(distinct((item) => item.id)),
    tables: z
      .array(tableSchema(scope))
      .max(MAX_TABLES)
      .superRefine(distinct((item) => item.id)),
  };
}

/** Several offers side by side: each with a price of its own, from a table of rates and fees. */
function feeTables(scope: Scope) {
  const feeTable = z.strictObject({
    id,
    label,
    ...priceParts(scope),
    /** Fees of the contract besides QI's own, as TAC. */
    contract_fees: z.array(fee(scope)).max(5),
  });
  return z.strictObject({
    fee_tables: z
      .array(feeTable)
      .min(1)
      .max(MAX_FEE_TABLES)
      .superRefine(distinct((item) => item.id)),
    days_to_expiration: daysToExpiration,
  });
}

const settings = z.strictObject({
  /** A balance is a snapshot: one that is older decides nothing. */
  snapshot_max_age_hours: integer(1, 720),
  /** How many business days after the signature the money is to be paid; 0 is the same day. */
  disbursement_business_days: integer(0, 30),
});

/** The section of an advance on FGTS withdrawals; in its limits an instalment is one withdrawal. */
export function fgtsSection(scope: Scope) {
  return z.strictObject({
    ...decidingParts(scope),
    limits: z.strictObject(rangesSchema(scope)),
    pricing: feeTables(scope),
    settings,
  });
}

export function federalPayrollSection(scope: Scope) {
  return z.strictObject({
    ...decidingParts(scope),
    limits: payrollLimitsSchema(scope),
    pricing: feeTables(scope),
    settings,
  });
}
