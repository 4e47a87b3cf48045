import { stat, statfs } from 'node:fs/promises';
import { inTime } from '../platform';
import type { DiskFigures } from './domain';

type Figures = readonly (DiskFigures | undefined)[];

/** A disk that takes longer is as good as none. */
const ANSWERS_WITHIN_MS = 5_000;

/** How much room there is where this process writes. */
export class FreeSpace {
  /** Only one at a time: each waits on one of the few threads on which webhooks are verified and proposals signed. */
  #look: Promise<Figures> | undefined;

  constructor(
    private readonly directories: readonly string[],
    private readonly read: (directories: readonly string[]) => Promise<Figures> = readFreeSpace,
    private readonly withinMs = ANSWERS_WITHIN_MS,
  ) {}

  /** Of the disks that the directories are on, each once; undefined in the place of one of which nobody can tell. */
  async figures(): Promise<Figures> {
    this.#look ??= this.read(this.directories).finally(() => {
      this.#look = undefined;
    });
    return inTime(this.#look, this.withinMs, 'the disks do not answer').catch(() =>
      this.directories.map(() => undefined),
    );
  }
}

async function readFreeSpace(directories: readonly string[]): Promise<Figures> {
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
