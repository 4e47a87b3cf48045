import { readFileSync } from 'node:fs';
import { TROUBLE } from '../../console/src/words/trouble-words';
import { RUNBOOKS, TROUBLE_KINDS } from '../../src/troubles/domain';

const found = readFileSync('src/troubles/domain/troubles-of.ts', 'utf8');
const critical = TROUBLE_KINDS.filter((kind) => found.includes(`kind: '${kind}', severity: 'critical'`));

/** The banner of every page has what is critical alone; what is quoted is the line as it begins there. */
it.each([...new Set(Object.values(RUNBOOKS))])('%s says what is seen on every page in the words seen there', (runbook) => {
  const page = readFileSync(`docs/runbooks/${runbook}.md`, 'utf8');
  const [, quoted] = /\*\*You see\*\* on every page "(.+?)(?: desde \.\.\.)?"/.exec(page) ?? [];
  if (quoted === undefined) return;
  expect(critical.filter((kind) => RUNBOOKS[kind] === runbook).map((kind) => TROUBLE[kind])).toContain(quoted);
});
