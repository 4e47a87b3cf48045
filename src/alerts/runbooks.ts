import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_RUNBOOKS, runbookIn, type Runbook } from './domain';

/** The Portuguese of every page that an alert names, read once. @throws when one has none: a start without it goes wrong */
export function readRunbooks(directory = join('docs', 'runbooks')): ReadonlyMap<string, Runbook> {
  const pages = [...new Set(Object.values(ALERT_RUNBOOKS))];
  return new Map(
    pages.map((page) => {
      const runbook = runbookIn(readFileSync(join(directory, `${page}.md`), 'utf8'));
      if (runbook === undefined) throw new Error(`${directory}/${page}.md says nothing in Portuguese`);
      return [page, runbook];
    }),
  );
}
