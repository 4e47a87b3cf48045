import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { hasCode } from '../kernel';

/** Where the audit trail ended at some time, noted outside the database. */
export interface Anchor {
  readonly id: bigint;
  /** In hex. */
  readonly hash: string;
}

const lineSchema = z.object({
  id: z.string().regex(/^\d{1,18}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

export interface AnchorFile {
  readonly anchors: readonly Anchor[];
  /** Lines that are none: a power cut can leave half of one. */
  readonly unreadable: number;
}

/** @returns what is noted in it, oldest first; undefined when there is no such file */
export async function readAnchors(file: string): Promise<AnchorFile | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const lines = text.split('\n').filter((line) => line !== '');
  const anchors = lines.map(readLine).filter((anchor) => anchor !== undefined);
  return { anchors, unreadable: lines.length - anchors.length };
}

function readLine(line: string): Anchor | undefined {
  try {
    const { id, hash } = lineSchema.parse(JSON.parse(line));
    return { id: BigInt(id), hash };
  } catch {
    return undefined;
  }
}

/** One line more, on disk when this resolves. */
export async function appendAnchor(file: string, anchor: Anchor, at: Date): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = size === 0 ? '\n' : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
    await handle.appendFile(`${last === '\n' ? '' : '\n'}${writeAnchor(anchor, at)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As a line of the file and as the body of a POST. */
export function writeAnchor({ id, hash }: Anchor, at: Date): string {
  return JSON.stringify({ at: at.toISOString(), id: String(id), hash });
}
