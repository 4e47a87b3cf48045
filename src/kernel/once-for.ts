/** What follows from an object alone, worked out once and kept as long as the object is. */
export function onceFor<Part extends object, Value>(workOut: (part: Part) => Value): (part: Part) => Value {
  const known = new WeakMap<Part, Value>();
  return (part) => {
    const kept = known.get(part);
    if (kept !== undefined) return kept;
    const value = workOut(part);
    known.set(part, value);
    return value;
  };
}
