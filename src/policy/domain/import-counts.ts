import { inlineLists } from './document';
import type { Policy } from './policy';
import { findTable, type TableAddress } from './sections';

/** What an import does to a table or a list. */
export interface ImportCounts {
  /** Lines of the file that say something. */
  readonly rows: number;
  readonly added: number;
  readonly removed: number;
  /** Rows of a table that stay under their name with other values, or in another place where the order decides. */
  readonly changed: number;
}

/** A larger part of a list is not taken away without a second word. */
const MAX_REMOVED = 0.1;

/** What replacing the rows of a table does; rows are told by their names, and their places among those that stay. */
export function tableCounts(address: TableAddress, before: Policy, after: Policy): ImportCounts {
  const orderDecides = findTable(before, address)?.hit === 'first';
  const [old, now] = [before, after].map((policy) => {
    const rows = findTable(policy, address)?.rows ?? [];
    return new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
  }) as [Map<string, string>, Map<string, string>];
  const kept = [...now].filter(([row]) => old.has(row));
  const places = [...old.keys()].filter((row) => now.has(row));
  return {
    rows: now.size,
    added: now.size - kept.length,
    removed: old.size - kept.length,
    changed: kept.filter(([row, text], at) => old.get(row) !== text || (orderDecides && places[at] !== row))
      .length,
  };
}

/** What replacing the entries of a list that stands in a document does. */
export function listCounts(name: string, before: Policy, after: Policy): ImportCounts {
  const [old, now] = [before, after].map((policy) => new Set(inlineLists(policy).get(name))) as [
    Set<string>,
    Set<string>,
  ];
  const kept = [...now].filter((entry) => old.has(entry)).length;
  return { rows: now.size, added: now.size - kept, removed: old.size - kept, changed: 0 };
}

/** Whether so much of a list would go that somebody has to say that this is meant. @param size of the list before */
export function asksForSecondWord({ rows, removed }: ImportCounts, size: number): boolean {
  return rows === 0 || removed > size * MAX_REMOVED;
}
