import { Injectable } from '@nestjs/common';
import type { Steps } from '../kernel';
import { inTurns, ProblemException } from '../platform';
import {
  asksForSecondWord,
  importListSheet,
  importSheet,
  inlineLists,
  listCounts,
  tableCounts,
  type ImportCounts,
  type Policy,
  type Sheet,
  type SheetImport,
  type TableAddress,
} from './domain';
import { PoliciesReader } from './policies-reader.service';
import { PolicyDrafts, type Author, type SavedDraft } from './policy-drafts.service';
import { readStored } from './policy-library.service';
import { valueOf } from './policy-refusal';
import type { PolicyRow } from './policy-row';
import type { SheetSource } from './sheets/sheet-job';
import { SheetThreads } from './sheets/sheet-threads';
import { answered, demandSecondWord, placed, type Upload } from './uploads';

/** What a file replaces: the rows of a table, or the entries of a list that stands in the document. */
export type ImportTarget =
  | ({ readonly kind: 'table' } & TableAddress)
  | { readonly kind: 'list'; readonly name: string; readonly column: number };

/** What a file does to its target, or would do. */
export interface DraftImport {
  readonly source: SheetSource;
  /** Lines of the file that say something. */
  readonly rows: number;
  /** Undefined when cells of the file are wrong: then nothing is replaced. */
  readonly counts: ImportCounts | undefined;
  readonly problems: ReturnType<typeof placed>;
  readonly asksForSecondWord: boolean;
}

interface Reading extends DraftImport {
  readonly before: PolicyRow;
  readonly document: unknown;
  readonly size: number;
}

/** Sheets that replace a part of a draft, whole or not at all; shown first to whoever wants to see. */
@Injectable()
export class DraftImports {
  constructor(
    private readonly reader: PoliciesReader,
    private readonly drafts: PolicyDrafts,
    private readonly threads: SheetThreads,
  ) {}

  /** Saves nothing. @throws ProblemException when the file cannot be read at all */
  preview(number: number, target: ImportTarget, upload: Upload): Promise<DraftImport> {
    return this.#read(number, target, upload);
  }

  /** @throws ProblemException with every wrong cell, or when much would be removed and that was not said to be meant */
  async apply(
    { number, hash, target }: { number: number; hash: string; target: ImportTarget },
    upload: Upload,
    isConfirmed: boolean,
    author: Author,
  ): Promise<{ readonly saved: SavedDraft; readonly done: DraftImport }> {
    const read = await this.#read(number, target, upload);
    if (read.counts === undefined)
      throw new ProblemException(422, {
        type: 'invalid_sheet',
        title: 'A planilha tem células a corrigir; nada foi gravado',
        errors: read.problems,
      });
    const { removed } = read.counts;
    demandSecondWord(read.asksForSecondWord, isConfirmed, { removed, size: read.size });
    const manuscript = { document: read.document, lists: read.before.lists };
    return { saved: valueOf(await this.drafts.save(number, hash, manuscript, 'values', author)), done: read };
  }

  async #read(number: number, target: ImportTarget, { body, ...job }: Upload): Promise<Reading> {
    const before = valueOf(await this.reader.find(number));
    const { source, sheet } = answered('sheet', await this.threads.read(job, body));
    const policy = readStored(before);
    const imported = await inTurns(put(JSON.parse(before.document), target, sheet));
    const rows = filledRows(sheet, target);
    const size = target.kind === 'list' ? (inlineLists(policy).get(target.name)?.length ?? 0) : 0;
    const common = { source, rows, before, size };
    if (imported.kind === 'invalid') {
      const problems = placed(source, imported.problems);
      return { ...common, document: undefined, counts: undefined, problems, asksForSecondWord: false };
    }
    const counts = countsOf(target, policy, imported.policy);
    return {
      ...common,
      document: imported.document,
      counts,
      problems: [],
      asksForSecondWord: target.kind === 'list' && asksForSecondWord(counts, size),
    };
  }
}

function put(document: unknown, target: ImportTarget, sheet: Sheet): Steps<SheetImport> {
  return target.kind === 'table'
    ? importSheet(document, target, sheet)
    : importListSheet(document, target.name, sheet, target.column);
}

function countsOf(target: ImportTarget, before: Policy, after: Policy): ImportCounts {
  return target.kind === 'table'
    ? tableCounts(target, before, after)
    : listCounts(target.name, before, after);
}

/** Without the head of a table. */
function filledRows(sheet: Sheet, target: ImportTarget): number {
  if (target.kind === 'list') return sheet.filter((cells) => (cells[target.column] ?? '') !== '').length;
  return Math.max(sheet.filter((cells) => cells.length > 0).length - 1, 0);
}
