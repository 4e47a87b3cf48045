import type { Policy } from './policy';

/**
 * Whether two policies make the same offer of any request that both let pass: they differ in rules at most. A false
 * no is harmless. Lists kept outside the document are personal and stand in no table.
 */
export function pricesAlike(a: Policy, b: Policy): boolean {
  return pricingParts(a) === pricingParts(b);
}

function pricingParts({ lists, tables, limits, pricing, fitting, late_bidding }: Policy): string {
  return JSON.stringify([lists, tables, limits, pricing, fitting, late_bidding]);
}
