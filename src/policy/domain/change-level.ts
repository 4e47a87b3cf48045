import type { PolicyChange } from './diff-policies';

/** A section of `products` is read like the document itself. */
const SECTION = /^products\.(fgts|federal_payroll)\./;

/** Where whoever may set values, but not rules and columns, may change a document. */
const VALUES = [
  /^tables\[[^\]]+\]\.rows(\[| )/,
  /^(late_bidding\.)?limits\.(amount|installments|minimum_margin)(\.|$)/,
  /^lists\[[^\]]+\]\.entries$/,
  /^(exposure|pacing)\./,
  /^test_cases(\[| |$)/,
  /^(name|description)$/,
];

/** The changes that are more than new values in cells, limits and lists. */
export function structuralChanges(changes: readonly PolicyChange[]): readonly PolicyChange[] {
  return changes.filter(({ path }) => {
    const within = path.replace(SECTION, '');
    return !VALUES.some((values) => values.test(within));
  });
}
