import { readFileSync } from 'node:fs';
import { MARGIN_FAILURES } from '../../src/origination/domain/products/federal-payroll';

/** docs/siape.md, whose tables people look a code up in. */
const guide = readFileSync('docs/siape.md', 'utf8');
const codes = guide
  .split('\n')
  .flatMap((line) => /^\| `(\w+)`/.exec(line)?.[1] ?? []);

it('the guide names every failure of a margin query, and none is asked for again by itself', () => {
  expect(codes.filter((code) => code in MARGIN_FAILURES).sort()).toEqual(Object.keys(MARGIN_FAILURES).sort());
  for (const { retry } of Object.values(MARGIN_FAILURES)) expect(['on_request', 'never']).toContain(retry);
});
