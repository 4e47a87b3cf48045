import { columnName } from './domain';
import { viewHidden } from './hidden-cells';
import type { DraftImport, ImportTarget } from './draft-imports.service';
import type { ListAsked, ListImport } from './list-imports.service';
import { badLines, CONFIRM_REMOVAL } from './uploads';

/** What an import does, or would do, as the API shows it. */
export function viewDraftImport(target: ImportTarget, read: DraftImport) {
  const lines = new Set(read.problems.map(({ path }) => /\d+$/.exec(path)?.[0] ?? path));
  return {
    tab: read.source.tab,
    tabs: [...read.source.tabs],
    hidden: viewHidden(read.source),
    column: target.kind === 'list' ? columnName(target.column) : null,
    head: null,
    rows: read.rows,
    added: read.counts?.added ?? null,
    removed: read.counts?.removed ?? null,
    changed: read.counts?.changed ?? null,
    refused: lines.size,
    problems: [...read.problems],
    asks_for: asksFor(read),
  };
}

export function viewListImport({ column }: ListAsked, read: ListImport) {
  return {
    tab: read.source.tab,
    tabs: [...read.source.tabs],
    hidden: viewHidden(read.source),
    column: columnName(column),
    head: read.head ?? null,
    rows: read.lines,
    added: read.difference?.added ?? null,
    removed: read.difference?.removed ?? null,
    changed: null,
    refused: read.badLines,
    problems: [...badLines(read.problems)],
    asks_for: asksFor(read),
  };
}

function asksFor({
  asksForSecondWord,
}: {
  readonly asksForSecondWord: boolean;
}): typeof CONFIRM_REMOVAL | null {
  return asksForSecondWord ? CONFIRM_REMOVAL : null;
}
