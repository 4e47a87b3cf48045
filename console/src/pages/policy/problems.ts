/** What stands in the way of a document, or should be weighed, by the place it is about. */
export interface Problem {
  /** As in `rules[3].require.value`. */
  readonly path: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** The service names items of lists in findings (`rules[idade]`) and numbers them in errors: here all are numbered. */
export function numbered(document: unknown, path: string): string {
  let [here, rest, done]: [unknown, string, string] = [document, path, ''];
  for (;;) {
    const [step = '', member, item] = /^(?:\.?([^.[\]]+)|\[([^\]]*)\])/.exec(rest) ?? [];
    if (step === '') return done + rest;
    rest = rest.slice(step.length);
    if (member !== undefined) {
      here = memberOf(here, member);
      done += done === '' ? member : `.${member}`;
    } else {
      const at = positionOf(here, item ?? '');
      here = Array.isArray(here) ? (here as unknown[])[at] : undefined;
      done += at < 0 ? step : `[${String(at)}]`;
    }
  }
}

/** What an item of a list is called by. */
const NAMES = ['id', 'name', 'row'];

function positionOf(items: unknown, name: string): number {
  if (!Array.isArray(items)) return -1;
  const named = items.findIndex((item) => NAMES.some((member) => memberOf(item, member) === name));
  return named < 0 && /^\d+$/.test(name) ? Number(name) : named;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

/** Problems with exactly this place or with anything inside it. */
export function problemsIn(problems: readonly Problem[], place: string): readonly Problem[] {
  return problems.filter(
    ({ path }) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`),
  );
}

/** What to say at a field: everything about it, errors first; nothing where nothing is wrong. */
export function messageAt(problems: readonly Problem[], place: string): string | undefined {
  const here = problemsIn(problems, place);
  const errors = here.filter(({ severity }) => severity === 'error');
  const shown = errors.length > 0 ? errors : here;
  return shown.length === 0 ? undefined : [...new Set(shown.map(({ message }) => message))].join('; ');
}

const MOST_ENTRIES = 5;

/** What to say at a list that is written one entry a line: which of them are wrong, errors first. */
export function messageAtEntries(
  problems: readonly Problem[],
  place: string,
  entries: readonly string[],
): string | undefined {
  const here = problemsIn(problems, place);
  const errors = here.filter(({ severity }) => severity === 'error');
  const shown = (errors.length > 0 ? errors : here).map(({ path, message }) => {
    const [, at] = /\.entries\[(\d+)\]$/.exec(path.slice(place.length)) ?? [];
    return at === undefined ? message : `“${entries[Number(at)] ?? ''}”: ${message}`;
  });
  const more = shown.length - MOST_ENTRIES;
  if (shown.length === 0) return undefined;
  return [...shown.slice(0, MOST_ENTRIES), ...(more > 0 ? [`e mais ${String(more)}`] : [])].join('; ');
}

/** What to say at a field, if it is more than advice. */
export function errorAt(problems: readonly Problem[], place: string): string | undefined {
  return messageAt(
    problems.filter(({ severity }) => severity === 'error'),
    place,
  );
}

/** Problems by place, for whoever asks about thousands of places: each stands at its own and at all that hold it. */
export function indexed(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const places = new Map<string, Problem[]>();
  for (const problem of problems)
    for (const place of placesOf(problem.path)) {
      const there = places.get(place);
      if (there === undefined) places.set(place, [problem]);
      else there.push(problem);
    }
  return places;
}

/** "a[1].b" is in "a[1]" and in "a". */
function placesOf(path: string): readonly string[] {
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => index);
  return [...ends.map((end) => path.slice(0, end)), path];
}
