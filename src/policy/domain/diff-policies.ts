import { isJsonObject, parseJson, stringifyJson, type JsonValue } from '../../kernel';
import { canonicalPolicy, type Policy } from './policy';

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
  return diff('', parseJson(canonicalPolicy(before)), parseJson(canonicalPolicy(after)));
}

/** @param orderDecides between items that may both serve, the one that stands first does */
function diff(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  orderDecides = false,
): readonly PolicyChange[] {
  if (before === undefined || after === undefined) {
    if (before === after) return [];
    const kind = before === undefined ? 'added' : 'removed';
    return [{ path, kind, before: shown(before), after: shown(after) }];
  }
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const isFirstHit = before.hit === 'first' || after.hit === 'first';
    return keys.flatMap((key) =>
      diff(path === '' ? key : `${path}.${key}`, before[key], after[key], isFirstHit && key === 'rows'),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [a, b] = [byName(before), byName(after)];
    if (a !== undefined && b !== undefined) return diffNamed(path, a, b, orderDecides);
  }
  const [a, b] = [shown(before), shown(after)];
  return a === b ? [] : [{ path, kind: 'changed', before: a, after: b }];
}

function diffNamed(
  path: string,
  before: ReadonlyMap<string, JsonValue>,
  after: ReadonlyMap<string, JsonValue>,
  orderDecides: boolean,
): readonly PolicyChange[] {
  const [old, now] = [[...before.keys()], [...after.keys()]];
  const changes = [...new Set([...old, ...now])].flatMap((name) =>
    diff(`${path}[${name}]`, before.get(name), after.get(name)),
  );
  const kept = old.filter((name) => after.has(name));
  // What is new and stands last comes into no other's way.
  const placed = orderDecides ? now.slice(0, kept.length) : now.filter((name) => before.has(name));
  if (placed.every((name, at) => name === kept[at])) return changes;
  const [a, b] = [orderDecides ? old : kept, orderDecides ? now : placed].map((names) => names.join(', '));
  return [...changes, { path: `${path} (ordem)`, kind: 'changed', before: a, after: b }];
}

/** The items of a list by their id, name or first day; undefined for a list of plain values. */
function byName(items: readonly JsonValue[]): ReadonlyMap<string, JsonValue> | undefined {
  const named = new Map<string, JsonValue>();
  for (const item of items) {
    const name = isJsonObject(item) ? (item.id ?? item.name ?? item.from) : undefined;
    if (typeof name !== 'string') return undefined;
    named.set(name, item);
  }
  return named;
}

function shown(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : stringifyJson(value);
}
