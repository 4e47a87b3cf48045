import { readFileSync, writeFileSync } from 'node:fs';
import { COLUMN_CLASSES, KEPT_BECAUSE, type ColumnClass } from './column-classes';
import { ERASED, type ErasedTable } from './retention-classes';

const namesOf = ({ columns }: ColumnClass): string[] => columns.trim().split(/\s+/);

/** By table, column and class. */
const promises = Object.entries(COLUMN_CLASSES).flatMap(([table, classes]) =>
  classes.flatMap((each) =>
    namesOf(each).flatMap((column) => each.erasedBy.map((by) => ({ table, column, by }))),
  ),
);

describe('what is said of the columns', () => {
  it('is done by the class it names', () => {
    const broken = promises.filter(({ table, column, by }) => {
      if (by === 'exports') return !table.startsWith('export'); // src/history deletes them with their rows
      const erased: readonly ErasedTable[] = ERASED[by];
      return !erased.some(
        (each) =>
          each.table === table &&
          (each.emptied === undefined || new RegExp(`\\b${column} =`).test(each.emptied)),
      );
    });
    expect(broken).toEqual([]);
  });

  it('names every class and every reason there is', () => {
    const classes = new Set(promises.map(({ by }) => by));
    expect(classes).toEqual(new Set([...Object.keys(ERASED), 'exports']));
    const reasons = Object.values(COLUMN_CLASSES).flatMap((all) => all.map((each) => each.keptBecause));
    expect(new Set(reasons.filter((reason) => reason !== undefined))).toEqual(
      new Set(Object.keys(KEPT_BECAUSE)),
    );
  });

  it('is done by classes of which docs/privacy.md says what goes, and when', () => {
    const page = readFileSync('docs/privacy.md', 'utf8');
    expect(Object.keys(ERASED).filter((name) => !page.includes(`\n| \`${name}\``))).toEqual([]);
  });

  it('is printed in docs/privacy.md as it is (UPDATE_DOCS=1 rewrites it)', () => {
    const file = 'docs/privacy.md';
    const text = readFileSync(file, 'utf8');
    const [begin, end] = ['<!-- columns: begin -->', '<!-- columns: end -->'];
    const [head, rest = ''] = text.split(begin);
    const fresh = `${head ?? ''}${begin}\n\n${reasonsList()}\n\n${personalColumns()}\n\n${end}${rest.split(end)[1] ?? ''}`;
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, fresh);
    else expect(text).toBe(fresh);
  });
});

const reasonsList = (): string =>
  Object.entries(KEPT_BECAUSE)
    .map(([name, reason]) => `- \`${name}\`: ${reason}.`)
    .join('\n');

/** A list, not a table: names of columns are long, and a new one changes one line. */
function personalColumns(): string {
  const lines = Object.entries(COLUMN_CLASSES).flatMap(([table, classes]) =>
    classes
      .filter(({ erasedBy, keptBecause }) => erasedBy.length > 0 || keptBecause !== undefined)
      .map((each) => {
        const fate =
          each.keptBecause === undefined
            ? `erased by ${each.erasedBy.map((by) => `\`${by}\``).join(', ')}`
            : `kept, \`${each.keptBecause}\``;
        return `- ${table}: ${namesOf(each).join(', ')}: ${fate}`;
      }),
  );
  return lines.join('\n');
}
