import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runbookIn, type Runbook } from './domain';

/** What to do about something wrong, as the API tells it. */
export const runbookView = z
  .object({
    page: z.string().describe('of docs/runbooks'),
    title: z.string(),
    about: z.array(z.string()),
    steps: z.array(z.string()),
  })
  .describe('what to do, in Portuguese');

/** The Portuguese of pages of docs/runbooks: the one place where it stands, for every screen and message that shows it. */
export class Runbooks {
  readonly #pages: ReadonlyMap<string, Runbook>;

  /** Reads the pages once. @throws when one says nothing in Portuguese: a start without it goes wrong */
  constructor(pages: readonly string[], directory = join('docs', 'runbooks')) {
    this.#pages = new Map([...new Set(pages)].map((page) => [page, readRunbook(directory, page)]));
  }

  of(page: string): z.output<typeof runbookView> {
    const runbook = this.#pages.get(page);
    if (runbook === undefined) throw new Error(`the runbook ${page} was not read`);
    return { page, title: runbook.title, about: [...runbook.about], steps: [...runbook.steps] };
  }
}

function readRunbook(directory: string, page: string): Runbook {
  const runbook = runbookIn(readFileSync(join(directory, `${page}.md`), 'utf8'));
  if (runbook === undefined) throw new Error(`${directory}/${page}.md says nothing in Portuguese`);
  return runbook;
}
