import { statfs } from 'node:fs/promises';
import type { DiskFigures } from './domain';

/** Of the disk that the directory is on; undefined where nobody can tell. */
export async function readFreeSpace(directory: string): Promise<DiskFigures | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { directory, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}
