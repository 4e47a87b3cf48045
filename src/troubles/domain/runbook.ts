/** What to do about something, in Portuguese, as people read it beside the failure. */
export interface Runbook {
  readonly title: string;
  /** What it means. */
  readonly about: readonly string[];
  /** What to do, in order. */
  readonly steps: readonly string[];
}

const HEADING = '## Em português: ';

/**
 * The section of a page of docs/runbooks that begins with `## Em português: title`: paragraphs, then numbered steps, each
 * of which may go on indented. The text stands there alone; the console shows it from there.
 * @returns undefined where a page has none
 */
export function runbookIn(page: string): Runbook | undefined {
  const start = page.split('\n').findIndex((line) => line.startsWith(HEADING));
  if (start === -1) return undefined;
  const [heading = '', ...rest] = page.split('\n').slice(start);
  const end = rest.findIndex((line) => line.startsWith('## '));
  const blocks = blocksOf(end === -1 ? rest : rest.slice(0, end));
  return {
    title: heading.slice(HEADING.length).trim(),
    about: blocks.filter(({ isStep }) => !isStep).map(({ text }) => text),
    steps: blocks.filter(({ isStep }) => isStep).map(({ text }) => text),
  };
}

interface Block {
  readonly isStep: boolean;
  readonly text: string;
}

/** A blank line or the next number ends a block. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const line of lines) {
    const step = /^\d+\. (.*)$/.exec(line)?.[1];
    const last = blocks.at(-1);
    if (line.trim() === '') isOpen = false;
    else if (step !== undefined) isOpen = blocks.push({ isStep: true, text: step }) > 0;
    else if (isOpen && last !== undefined)
      blocks[blocks.length - 1] = { ...last, text: `${last.text} ${line.trim()}` };
    else isOpen = blocks.push({ isStep: false, text: line.trim() }) > 0;
  }
  return blocks;
}
