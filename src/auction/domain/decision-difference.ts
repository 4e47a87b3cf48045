import { compareDecimals, Decimal } from '../../kernel';
import type { Reason } from '../../policy/domain';
import type { Decision, FittedBid } from './decide';

/** `gained`: a bid where there was none; `lost`: none where there was one; `changed`: a bid on other terms. */
export type DifferenceKind = 'same' | 'gained' | 'lost' | 'changed' | 'other_reasons';

/** How one decision about a request differs from another, and what made it so. */
export interface DecisionDifference {
  readonly kind: DifferenceKind;
  /** Ids of the rules, or the rows of tables, that did it. */
  readonly causes: readonly string[];
  readonly reasonsAdded: readonly string[];
  readonly reasonsRemoved: readonly string[];
  readonly terms: readonly { readonly field: string; readonly before: string; readonly after: string }[];
}

const NONE: readonly never[] = [];
const TERMS = [
  'monthlyInterestRate',
  'numberOfInstallments',
  'disbursedIssueAmount',
  'installmentFaceValue',
  'issueAmount',
  'assignmentAmount',
  'iofAmount',
  'monthlyCet',
  'disbursementDate',
  'firstDueDate',
  'daysToExpiration',
  'rebates',
] as const satisfies readonly (keyof FittedBid)[];

/** What changes when the second decision takes the place of the first. */
export function differenceBetween(before: Decision, after: Decision): DecisionDifference {
  const added = lacking(after.reasons, before.reasons);
  const removed = lacking(before.reasons, after.reasons);
  const found = { reasonsAdded: codes(added), reasonsRemoved: codes(removed), terms: NONE };
  if (before.outcome === 'bid' && after.outcome === 'bid') {
    const terms = before.bid === after.bid ? NONE : changedTerms(before.bid, after.bid);
    if (terms.length === 0)
      return { kind: sameOr(added, removed), causes: culprits(added, removed), ...found };
    return { ...found, kind: 'changed', causes: [rowsOf(before.bid, after.bid)], terms };
  }
  if (after.outcome === 'bid')
    return { kind: 'gained', causes: culprits(removed.filter(prevents)), ...found };
  if (before.outcome === 'bid') return { kind: 'lost', causes: culprits(added.filter(prevents)), ...found };
  return { kind: sameOr(added, removed), causes: culprits(added, removed), ...found };
}

const prevents = ({ severity }: Reason): boolean => severity !== 'flag';
const codes = (reasons: readonly Reason[]): readonly string[] => reasons.map(({ code }) => code);
const culprits = (...reasons: (readonly Reason[])[]): readonly string[] => [
  ...new Set(reasons.flat().map(({ ruleId, code }) => ruleId ?? code)),
];

function sameOr(added: readonly Reason[], removed: readonly Reason[]): 'same' | 'other_reasons' {
  return added.length + removed.length === 0 ? 'same' : 'other_reasons';
}

function lacking(reasons: readonly Reason[], others: readonly Reason[]): readonly Reason[] {
  if (reasons.length === 0) return NONE;
  const known = new Set(others.map(identity));
  return reasons.filter((reason) => !known.has(identity(reason)));
}
const identity = ({ code, ruleId }: Reason): string => `${code} ${ruleId ?? ''}`;

function changedTerms(before: FittedBid, after: FittedBid): DecisionDifference['terms'] {
  return TERMS.flatMap((field): DecisionDifference['terms'] => {
    if (isSame(before[field], after[field])) return NONE;
    const [a, b] = [shown(before[field]), shown(after[field])];
    return a === b ? NONE : [{ field, before: a, after: b }];
  });
}

/** Whether it takes no more than a look to see that nothing changed. */
function isSame(before: unknown, after: unknown): boolean {
  if (Decimal.isDecimal(before) && Decimal.isDecimal(after)) return compareDecimals(before, after) === 0;
  return before === after;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function rowsOf(before: FittedBid, after: FittedBid): string {
  return before.priceRow === after.priceRow ? before.priceRow : `${before.priceRow} -> ${after.priceRow}`;
}
