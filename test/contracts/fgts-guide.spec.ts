import { readFileSync } from 'node:fs';
import { loanProduct } from '../../src/operation/domain/products';
import { BALANCE_FAILURES } from '../../src/origination/domain/products/fgts';

/** docs/fgts.md, whose tables people look a code up in. */
const guide = readFileSync('docs/fgts.md', 'utf8');
const rows = guide.split('\n').filter((line) => line.startsWith('| `'));

it.each(Object.entries(BALANCE_FAILURES))('the guide knows when a balance with %s is asked for again', (code, failure) => {
  const retried = rows.find((row) => row.includes(`\`${code}\``))?.includes('by itself');
  expect(retried).toBe(failure.retry === 'later' || failure.retry === 'at_date');
});

it.each(Object.entries(loanProduct('fgts').refusals))('the guide knows what QI does after %s', (code, refusal) => {
  expect(rows.find((row) => row.includes(`\`${code}\``))).toContain(`| ${refusal.qi} `);
});
