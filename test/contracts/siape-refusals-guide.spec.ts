import { readFileSync } from 'node:fs';
import { loanProduct } from '../../src/operation/domain';

/** docs/siape.md, whose table of failed reservations people look a code up in. */
const rows = readFileSync('docs/siape.md', 'utf8').split('\n');

it.each(Object.entries(loanProduct('federal_payroll').refusals))(
  'the guide knows what QI does after %s',
  (code, { qi }) => {
    const row = rows.find((each) => each.startsWith(`| ${qi} `) && each.includes(`| \`${code}\` `));
    expect(row).toBeDefined();
  },
);
