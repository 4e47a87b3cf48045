import { stat, statfs } from 'node:fs/promises';
import type { DiskFigures } from './domain';

/** Of the disks that the directories are on, each once; undefined in the place of one of which nobody can tell. */
export async function readFreeSpace(
  directories: readonly string[],
): Promise<readonly (DiskFigures | undefined)[]> {
  const found = await Promise.all(directories.map(diskOf));
  return found
    .filter((one, at) => one === undefined || found.findIndex((other) => other?.disk === one.disk) === at)
    .map((one) => one?.figures);
}

async function diskOf(directory: string): Promise<{ disk: number; figures: DiskFigures } | undefined> {
  try {
    const [{ dev: disk }, { bavail, blocks, bsize }] = await Promise.all([
      stat(directory),
      statfs(directory),
    ]);
    return { disk, figures: { directory, freeBytes: bavail * bsize, totalBytes: blocks * bsize } };
  } catch {
    return undefined;
  }
}
