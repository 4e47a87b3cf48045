import { Injectable } from '@nestjs/common';
import { BlindIndex, ProblemException, type Actor } from '../platform';
import { asksForSecondWord, fieldDefinition, type FieldName } from './domain';
import { PackedList } from './packed-list';
import { PolicyLists, type ListDifference, type StoredList } from './policy-lists.service';
import { valueOf } from './policy-refusal';
import { sealedList } from './sealed-list';
import type { ListReading } from './sheets/list-reader';
import type { SheetSource } from './sheets/sheet-job';
import { SheetThreads } from './sheets/sheet-threads';
import { answered, badLines, demandSecondWord, type Upload } from './uploads';

/** How a file is to be read as a list. */
export interface ListAsked {
  readonly field: FieldName;
  /** From 0. */
  readonly column: number;
  readonly stopOnError: boolean;
  /** The SHA-256 of the list that it is to take the place of. */
  readonly against: string | undefined;
  /** How many entries both have is not told: of a file of one line it would say who stands on the list. */
  readonly hidesCounts: boolean;
}

/** A list as a file has it, beside the stored one whose place it is to take. */
export interface ListImport extends ListReading {
  readonly source: SheetSource;
  readonly head: string | undefined;
  /** Undefined without a list to compare with, or without one to compare, and where it is not told. */
  readonly difference: ListDifference | undefined;
  readonly asksForSecondWord: boolean;
}

/** Files that become lists outside the policies; shown first to whoever wants to see. */
@Injectable()
export class ListImports {
  constructor(
    private readonly lists: PolicyLists,
    private readonly threads: SheetThreads,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** Stores nothing. @throws ProblemException when the file cannot be read at all */
  async read({ against, hidesCounts, ...job }: ListAsked, { body, ...upload }: Upload): Promise<ListImport> {
    const [old] = against === undefined ? [] : await this.lists.find([against]);
    if (against !== undefined && old === undefined) valueOf({ kind: 'not_found', what: 'lista' });
    const answer = answered('list', await this.threads.read({ ...upload, list: job }, body));
    const list = answer.list && PackedList.shared(answer.list);
    const difference = list && old && (await this.lists.difference(list, old));
    const rows = list?.size ?? 0;
    // Asked of those alone whose file takes much away, it would tell the others of few people who they are.
    const isAsked =
      difference !== undefined &&
      (hidesCounts || asksForSecondWord({ rows, changed: 0, ...difference }, difference.size));
    const told = hidesCounts ? undefined : difference;
    return { ...answer, list, difference: told, asksForSecondWord: isAsked };
  }

  /** @throws ProblemException when no line is an entry, or much would be removed and that was not said to be meant */
  async store(
    asked: ListAsked,
    upload: Upload,
    { source, isConfirmed, actor }: { source: string; isConfirmed: boolean; actor: Actor },
  ): Promise<{ readonly stored: StoredList; readonly read: ListImport }> {
    const read = await this.read(asked, upload);
    if (read.list === undefined)
      throw new ProblemException(422, {
        type: 'invalid',
        title: 'A lista tem linhas que não se leem; nada foi gravado',
        errors: badLines(read.problems),
      });
    demandSecondWord(read.asksForSecondWord, isConfirmed, read.difference);
    const isSealed = fieldDefinition(asked.field).personal === true;
    const list = isSealed ? await sealedList(read.list, this.blindIndex, actor.id) : read.list;
    const of = { field: asked.field, source, actor: actor.id, isSealed };
    return { stored: await this.lists.store(list, of), read };
  }
}
