import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PERIODIC_WORK } from '../../src/words';

/** The names that sources give to what they do again and again. */
function periodicNames(): readonly string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => [...readFileSync(join('src', file), 'utf8').matchAll(/new Periodic\(\{\s+name: (\S+),/g)])
    .flatMap(([, name = '']) =>
      name === '`${owner.name}_commands`' ? ['operation_commands', 'proposal_commands'] : [name.replaceAll("'", '')],
    );
}

it('whatever a process does again and again has a word: people are told what is not done any more', () => {
  const names = periodicNames();
  expect(names.length).toBeGreaterThan(30);
  expect(names.toSorted()).toEqual(Object.keys(PERIODIC_WORK).toSorted());
});
