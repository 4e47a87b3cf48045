import { createHash, hkdfSync } from 'node:crypto';

/** A key of its own for each purpose, so that what one of them gives away says nothing of another. */
export function deriveKey(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `arremate ${purpose}`, 32));
}

/** What a key is called beside what it made: 8 letters that say nothing of it. */
export function keyIdOf(masterKey: Buffer): string {
  return createHash('sha256').update('arremate key id').update(masterKey).digest('hex').slice(0, 8);
}

/** Keys for one purpose by their ids, and the first of them, with which everything new is made. */
export interface Keyring {
  readonly keys: ReadonlyMap<string, Buffer>;
  readonly currentId: string;
  readonly current: Buffer;
}

/** @param masterKeys 32 bytes each, newest first. */
export function keyringOf(masterKeys: readonly Buffer[], purpose: string): Keyring {
  const [newest] = masterKeys;
  if (newest === undefined) throw new RangeError('at least one encryption key is needed');
  const keys = new Map(masterKeys.map((key) => [keyIdOf(key), deriveKey(key, purpose)]));
  return { keys, currentId: keyIdOf(newest), current: deriveKey(newest, purpose) };
}
