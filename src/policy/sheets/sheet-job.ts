import type { FieldName } from '../domain/fields';
import type { Sheet } from '../domain/sheet';
import type { SharedList } from '../packed-list';
import type { ListProblem } from './list-reader';

/** What is to be made of a person's file. */
export interface SheetJob {
  readonly format: 'csv' | 'xlsx';
  /** By its name; the first that is not hidden, if left out. */
  readonly tab?: string;
  /** Left out: all of them, as rows. */
  readonly list?: ListJob;
}

export interface ListJob {
  readonly field: FieldName;
  /** From 0. */
  readonly column: number;
  readonly stopOnError: boolean;
}

/** What a person who opens a tab does not see in it; it is read like everything else. */
export interface HiddenCells {
  /** How many rows that say something. */
  readonly rows: number;
  /** The columns in which something stands, by their letters. */
  readonly columns: readonly string[];
}

/** Where in the file it stood. */
export interface SheetSource {
  /** Null for a CSV. */
  readonly tab: string | null;
  readonly tabs: readonly { readonly name: string; readonly hidden: boolean }[];
  /** Of the tab that was read. */
  readonly hidden: HiddenCells;
}

/** A file as its thread read it; `refused` when it cannot be read exactly. */
export type SheetAnswer =
  | { readonly kind: 'sheet'; readonly source: SheetSource; readonly sheet: Sheet }
  | {
      readonly kind: 'list';
      readonly source: SheetSource;
      readonly list: SharedList | undefined;
      readonly head: string | undefined;
      readonly lines: number;
      readonly badLines: number;
      readonly problems: readonly ListProblem[];
    }
  | { readonly kind: 'refused'; readonly place: string; readonly reason: string };
