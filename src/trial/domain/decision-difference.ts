import { compareDecimals, Decimal } from '../../kernel';
import type { Reason } from '../../policy/domain';
import type { Decision, FittedBid } from '../../decision/domain';

/** `gained`: a bid where there was none; `lost`: none where there was one; `changed`: a bid on other terms. */
export type DifferenceKind = 'same' | 'gained' | 'lost' | 'changed' | 'other_reasons';

/** How one decision about a request differs from another, and what made it so. */
export interface DecisionDifference {
  readonly kind: DifferenceKind;
  /** Ids of the rules, or the rows of tables, that did it. */
  readonly causes: readonly string[];
  readonly reasonsAdded: readonly string[];
  readonly reasonsRemoved: readonly string[];
}

/** A term of a bid that another bid has otherwise. */
export interface TermChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
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
  const found = { reasonsAdded: codes(added), reasonsRemoved: codes(removed) };
  if (before.outcome === 'bid' && after.outcome === 'bid') {
    if (before.bid !== after.bid && TERMS.some((field) => isChanged(before.bid[field], after.bid[field])))
      return { kind: 'changed', causes: [rowsOf(before.bid, after.bid)], ...found };
  } else if (after.outcome === 'bid')
    return { kind: 'gained', causes: culprits(removed.filter(prevents)), ...found };
  else if (before.outcome === 'bid')
    return { kind: 'lost', causes: culprits(added.filter(prevents)), ...found };
  return { kind: sameOr(added, removed), causes: culprits(added, removed), ...found };
}

/** Between two bids, what moved from what to what; nothing when one of them is none. */
export function changedTerms(before: Decision, after: Decision): readonly TermChange[] {
  if (before.outcome !== 'bid' || after.outcome !== 'bid') return NONE;
  return TERMS.filter((field) => isChanged(before.bid[field], after.bid[field])).map((field) => ({
    field,
    before: shown(before.bid[field]),
    after: shown(after.bid[field]),
  }));
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

function isChanged(before: unknown, after: unknown): boolean {
  if (before === after) return false;
  if (Decimal.isDecimal(before) && Decimal.isDecimal(after)) return compareDecimals(before, after) !== 0;
  return shown(before) !== shown(after);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function rowsOf(before: FittedBid, after: FittedBid): string {
  return before.priceRow === after.priceRow ? before.priceRow : `${before.priceRow} -> ${after.priceRow}`;
}
