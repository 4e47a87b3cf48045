import { canonicalText, finished, flatMapInSteps, type Steps } from '../../kernel';
import type { Policy } from './policy';

/** One place in which two policies differ: a cell, a limit, a rule's value, a whole row come or gone. */
export interface PolicyChange {
  /** Items are named, not numbered: `tables[precos].rows[t1-p1-v1].then.monthly_interest_rate`. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Every difference between two policies, by cell, in the order of their paths. */
export function diffPolicies(before: Policy, after: Policy): readonly PolicyChange[] {
  return finished(diffPoliciesInSteps(before, after));
}

/** The same for the thread that bids: two policies may differ in thousands of rows. */
export function diffPoliciesInSteps(before: Policy, after: Policy): Steps<readonly PolicyChange[]> {
  return diff('', before, after);
}

/** @param orderDecides between items that may both serve, the one that stands first does */
function* diff(
  path: string,
  before: unknown,
  after: unknown,
  orderDecides = false,
): Steps<readonly PolicyChange[]> {
  if (before === undefined || after === undefined) {
    if (before === after) return [];
    const kind = before === undefined ? 'added' : 'removed';
    return [{ path, kind, before: shown(before), after: shown(after) }];
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const isFirstHit = before['hit'] === 'first' || after['hit'] === 'first';
    return yield* flatMapInSteps(keys, (key) =>
      diff(path === '' ? key : `${path}.${key}`, before[key], after[key], isFirstHit && key === 'rows'),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [a, b] = [byName(before), byName(after)];
    if (a !== undefined && b !== undefined) return yield* diffNamed(path, a, b, orderDecides);
  }
  const [a, b] = [shown(before), shown(after)];
  return a === b ? [] : [{ path, kind: 'changed', before: a, after: b }];
}

function* diffNamed(
  path: string,
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  orderDecides: boolean,
): Steps<readonly PolicyChange[]> {
  const [old, now] = [[...before.keys()], [...after.keys()]];
  const changes = yield* flatMapInSteps([...new Set([...old, ...now])], function* (name) {
    yield;
    return yield* diff(`${path}[${name}]`, before.get(name), after.get(name));
  });
  const kept = old.filter((name) => after.has(name));
  // What is new and stands last comes into no other's way.
  const placed = orderDecides ? now.slice(0, kept.length) : now.filter((name) => before.has(name));
  if (placed.every((name, at) => name === kept[at])) return changes;
  const [a, b] = [orderDecides ? old : kept, orderDecides ? now : placed].map((names) => names.join(', '));
  return [...changes, { path: `${path} (ordem)`, kind: 'changed', before: a, after: b }];
}

/** The items of a list by their id, name or first day; undefined for a list of plain values. */
function byName(items: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const item of items) {
    const name = isObject(item) ? (item['id'] ?? item['name'] ?? item['from']) : undefined;
    if (typeof name !== 'string') return undefined;
    named.set(name, item);
  }
  return named;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : canonicalText(value);
}
