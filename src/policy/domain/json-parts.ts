/** A member of what may be an object; undefined of anything else. */
export function member(raw: unknown, key: PropertyKey): unknown {
  return typeof raw === 'object' && raw !== null ? (Reflect.get(raw, key) as unknown) : undefined;
}

/** The items of a member that may be an array; none of anything else. */
export function itemsOf(raw: unknown, key: string): readonly unknown[] {
  const items = member(raw, key);
  return Array.isArray(items) ? items : [];
}
