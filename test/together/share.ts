import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { folders, order, shares } from './plan.json';

const root = resolve(__dirname, '../..');

/**
 * Runs the nth share of a project's specs in one sandbox. What a spec imports is loaded once per share and not once per
 * spec: loading was a third of the time of the integration tests. The specs are those that the project runs one by one,
 * without the long ones that the plan puts in the order by themselves.
 *
 * @throws Error when the files of this folder are not one per share: then some specs would be run by nobody
 */
export function share(project: keyof typeof shares, nth: number): void {
  const expected = Array.from({ length: shares[project] }, (_, at) => `${project}-${at + 1}.spec.ts`);
  const present = readdirSync(__dirname).filter((name) => name.startsWith(`${project}-`));
  if (present.sort().join() !== expected.join())
    throw new Error(`test/together must have ${expected.join(', ')}, and has ${present.join(', ')}`);
  specsOf(project)
    .filter((_, at) => at % shares[project] === nth - 1)
    .forEach((spec) => {
      describe(basename(spec), () => {
        jest.requireActual(spec);
      });
    });
}

function specsOf(project: keyof typeof folders): readonly string[] {
  return folders[project]
    .map((folder) => join(root, folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.spec.ts'))
        .map((name) => join(folder, name)),
    )
    .filter((spec) => !order.some((name) => spec === join(root, 'test', `${name}.spec.ts`)))
    .sort();
}
