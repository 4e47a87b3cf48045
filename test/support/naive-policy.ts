import { Decimal, Personal } from '../../src/kernel';
import type { Facts, FieldName, PolicyDocument } from '../../src/policy/domain';

/*
 * A second reading of policy documents, for tests only: slow, interpreted, and sharing no code with the product.
 * Decimals are compared as integers of 10^-24, truths are words, tables are scanned row by row.
 */

type Rule = PolicyDocument['rules'][number];
type Comparison = Extract<Rule['require'], { field: FieldName }>;
type Table = PolicyDocument['tables'][number];
type Truth = 'true' | 'false' | 'unknown';
type Ordered = bigint | string | boolean;
interface Range {
  readonly from?: unknown;
  readonly below?: unknown;
}

const read = new Map<string, Ordered>();

/** Any value as something that `<` and `===` order exactly. */
export function exact(value: unknown): Ordered {
  if (typeof value === 'boolean') return value;
  const text = Decimal.isDecimal(value) ? value.toFixed() : String(value);
  const known = read.get(text);
  if (known !== undefined) return known;
  const match = /^(-?)(\d{1,7}|\d{9,10}|\d{12,})(?:\.(\d+))?$/.exec(text); // not the roots and CPFs, which are names
  const result =
    match === null ? text : BigInt(`${match[1] ?? ''}${match[2] ?? ''}${(match[3] ?? '').padEnd(24, '0')}`);
  read.set(text, result);
  return result;
}

function inRange(fact: unknown, { from, below }: Range): boolean {
  if (from !== undefined && exact(fact) < exact(from)) return false;
  return !(below !== undefined && exact(fact) >= exact(below));
}

function isRange(value: unknown): value is Range {
  return typeof value === 'object' && !Array.isArray(value);
}

function holds(require: Rule['require'], facts: Facts, lists: NaiveLists): Truth {
  if ('all' in require) {
    const truths = require.all.map((part) => holds(part, facts, lists));
    if (truths.includes('false')) return 'false';
    return truths.includes('unknown') ? 'unknown' : 'true';
  }
  if ('any' in require) {
    const truths = require.any.map((part) => holds(part, facts, lists));
    if (truths.includes('true')) return 'true';
    return truths.includes('unknown') ? 'unknown' : 'false';
  }
  if (!('field' in require)) throw new Error('the naive reading knows no other conditions');
  const fact = facts[require.field];
  return fact === undefined ? 'unknown' : compare(fact, require, lists) ? 'true' : 'false';
}

function compare(fact: unknown, { op, value }: Comparison, lists: NaiveLists): boolean {
  const shown: unknown = fact instanceof Personal ? fact.reveal() : fact;
  const members = (): readonly Ordered[] => {
    const named = isRange(value) && 'list' in value ? lists[String(value.list)] : value;
    return Array.isArray(named) ? named.map(exact) : [];
  };
  const codes = (): readonly unknown[] => (Array.isArray(shown) ? shown : []);
  switch (op) {
    case 'eq':
      return exact(shown) === exact(value);
    case 'ne':
      return exact(shown) !== exact(value);
    case 'lt':
      return exact(shown) < exact(value);
    case 'lte':
      return exact(shown) <= exact(value);
    case 'gt':
      return exact(shown) > exact(value);
    case 'gte':
      return exact(shown) >= exact(value);
    case 'between':
      return isRange(value) && inRange(shown, value);
    case 'in':
      return members().includes(exact(shown));
    case 'not_in':
      return !members().includes(exact(shown));
    case 'any_of':
      return codes().filter((code) => members().includes(exact(code))).length > 0;
    case 'none_of':
      return codes().filter((code) => members().includes(exact(code))).length === 0;
    case 'only_of':
      return codes().filter((code) => !members().includes(exact(code))).length === 0;
  }
}

export type NaiveLists = Readonly<Record<string, readonly string[]>>;

/** The result of each rule in force on a day. */
export function naiveResults(
  { rules }: PolicyDocument,
  facts: Facts,
  on: string,
  lists: NaiveLists,
): Record<string, string> {
  const results: Record<string, string> = {};
  for (const { id, require, severity, on_missing: onMissing, effective } of rules) {
    if (effective?.from !== undefined && on < effective.from) continue;
    if (effective?.until !== undefined && on >= effective.until) continue;
    const truth = holds(require, facts, lists);
    if (truth === 'unknown') results[id] = onMissing === 'pass' ? 'pass' : 'indeterminate';
    else results[id] = truth === 'true' ? 'pass' : severity;
  }
  return results;
}

/** The first row that covers the request and an offer of this amount and term. */
export function naiveRow(
  { columns, rows }: Table,
  facts: Facts,
  amount: string,
  term: number,
): string | undefined {
  const valueOf = (column: FieldName): unknown => {
    if (column === 'offered_amount') return amount;
    return column === 'offered_installments' ? term : facts[column];
  };
  if (columns.some((column) => valueOf(column) === undefined)) return undefined;
  for (const { id, when } of rows) {
    const covers = columns.every((column) => {
      const cell = when[column];
      if (cell === 'any') return true;
      if (Array.isArray(cell)) return cell.map(exact).includes(exact(valueOf(column)));
      return isRange(cell) && inRange(valueOf(column), cell);
    });
    if (covers) return id;
  }
  return undefined;
}
