import { setImmediate } from 'node:timers/promises';
import type { BlindIndex } from '../platform';
import { StoredEntries, type PackedList } from './packed-list';

/** No entry begins so, and every entry sorts before it. */
const SEAL = '~';
const SEAL_LETTERS = 13;
const AT_ONCE = 10_000;

/**
 * The same list with a line more that is no entry. Its address is shown to everybody who reads policies, and a bare hash of few
 * people is as good as their CPFs: whoever counts through all of them finds it. The line comes of our key, and of who brought the
 * list, so that nobody who sends files of their own finds the address of somebody else's. Releases before read it as any other.
 */
export async function sealedList(list: PackedList, index: BlindIndex, actor: string): Promise<PackedList> {
  const mark = index.of('list', `${list.sha256} ${actor}`).toString('base64url');
  const entries = new StoredEntries(list.size + 1);
  let piece: string[] = [];
  for (const entry of list) {
    piece.push(entry);
    if (piece.length < AT_ONCE) continue;
    entries.add(piece);
    piece = [];
    await setImmediate();
  }
  entries.add([...piece, `${SEAL}${mark.slice(0, SEAL_LETTERS)}`]);
  return entries.whole();
}

export const isSeal = (entry: string): boolean => entry.startsWith(SEAL);
