import { readdirSync, readFileSync } from 'node:fs';

const RUNBOOKS = 'docs/runbooks';
/** `"/api/v1/tasks/{id}": {` of the API's description. */
const described = [...readFileSync('console/src/api/schema.d.ts', 'utf8').matchAll(/^ {4}"(\/[^"]+)": \{$/gm)].map(
  ([, path = '']) => path,
);
/** Outside the description. */
const FOR_OPERATORS = ['/heartbeat'];
const isDescribed = (path: string): boolean =>
  described.some((known) => known.replaceAll(/\{\w+\}/g, '{}') === path.replaceAll(/\{\w+\}/g, '{}'));

const named = readdirSync(RUNBOOKS).flatMap((name) =>
  [...readFileSync(`${RUNBOOKS}/${name}`, 'utf8').matchAll(/\b(?:GET|POST|PUT|DELETE|PATCH) (\/[\w/{}-]*)/g)].map(
    ([, path = '']) => [name, path] as const,
  ),
);

it.each(named)('%s names a request that there is: %s', (_, path) => {
  expect(isDescribed(path) || FOR_OPERATORS.includes(path)).toBe(true);
});
