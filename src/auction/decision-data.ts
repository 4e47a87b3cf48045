import { createHash } from 'node:crypto';
import { canonicalText } from '../kernel';
import type { PricingData } from '../pricing/domain';
import type { ProgrammeTerms } from '../decision/domain';

/**
 * SHA-256 of the dated tables a decision depends on besides its policy: taxes, holidays, payroll rules, programme. The
 * same tables have the same, whatever the order or the spelling of their files.
 */
export function decisionDataSha256(
  { iof, rebateTax, holidays }: PricingData,
  programme: ProgrammeTerms,
): string {
  const { firstYear, lastYear } = holidays;
  const days = [...holidays.holidays].sort();
  const text = canonicalText({ iof, rebateTax, holidays: { firstYear, lastYear, days }, programme });
  return createHash('sha256').update(text).digest('hex');
}
