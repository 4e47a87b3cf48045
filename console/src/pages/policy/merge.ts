/** One place in which two documents differ; items of lists are named, as the service names them. */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Two people changed the same place, each in their own way. */
export interface Conflict {
  readonly path: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Merged<T> {
  readonly value: T;
  readonly conflicts: readonly Conflict[];
}

/** What changed from one document to another, cell by cell. */
export function differences(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (isSame(before, after)) return [];
  const [a, b] = [partsOf(before), partsOf(after)];
  if (a === undefined || b === undefined) return [{ path, before, after }];
  const names = [...new Set([...a.names(), ...b.names()])];
  const inside = names.flatMap((name) => differences(a.part(name), b.part(name), a.pathTo(path, name)));
  return inside.length > 0 ? inside : [{ path, before, after }];
}

/**
 * My changes and theirs in one document. Where both changed the same place, theirs stands unless `prefersMine` says
 * otherwise, and the place is named.
 */
export function merge<T>(base: T, mine: T, theirs: T, prefersMine: (path: string) => boolean): Merged<T> {
  const conflicts: Conflict[] = [];
  const join = (path: string, was: unknown, my: unknown, their: unknown): unknown => {
    if (isSame(my, their) || isSame(was, my)) return their;
    if (isSame(was, their)) return my;
    const [a, b, c] = [partsOf(was), partsOf(my), partsOf(their)];
    if (a !== undefined && b !== undefined && c !== undefined) {
      // Their order, then what I added; mine where theirs is as it was, for a row stands where it was put.
      const [first, second] = isSame(a.names(), c.names()) ? [b, c] : [c, b];
      const names = [...new Set([...first.names(), ...second.names()])];
      return c.made(
        names.map((name) => [name, join(c.pathTo(path, name), a.part(name), b.part(name), c.part(name))]),
      );
    }
    conflicts.push({ path, base: was, mine: my, theirs: their });
    return prefersMine(path) ? my : their;
  };
  return { value: join('', base, mine, theirs) as T, conflicts };
}

interface Parts {
  readonly names: () => readonly string[];
  readonly part: (name: string) => unknown;
  readonly pathTo: (path: string, name: string) => string;
  readonly made: (parts: readonly (readonly [string, unknown])[]) => unknown;
}

/** An object by its members, a list of named things by their names; undefined for what is taken whole. */
function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value))
    return {
      names: () => Object.keys(value),
      part: (name): unknown => Reflect.get(value, name),
      pathTo: (path, name) => (path === '' ? name : `${path}.${name}`),
      made: (parts) => Object.fromEntries(parts.filter(([, part]) => part !== undefined)),
    };
  const byName = new Map((value as unknown[]).map((item) => [nameOf(item), item]));
  if (byName.has(undefined) || byName.size !== value.length) return undefined;
  return {
    names: () => [...byName.keys()] as string[],
    part: (name) => byName.get(name),
    pathTo: (path, name) => `${path}[${name}]`,
    made: (parts) => parts.map(([, part]) => part).filter((part) => part !== undefined),
  };
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const name: unknown = Reflect.get(item, 'id') ?? Reflect.get(item, 'name');
  return typeof name === 'string' ? name : undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
