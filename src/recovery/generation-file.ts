import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { MINUTE_MS, hasCode } from '../kernel';
import { SettingsError } from '../platform';
import type { Mark } from './domain';

const mark = z.object({ generation: z.uuid(), counter: z.int().nonnegative() });

/** A writing takes milliseconds. */
const TORN_AFTER_MS = MINUTE_MS;
const DRAWN = /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How far the database was seen from this machine, in a file outside of it: a restore does not set it back. */
export class GenerationFile {
  constructor(private readonly path: string) {}

  /**
   * @returns undefined when there is none
   * @throws SettingsError when it cannot be read: what it has seen is not known, and must not be taken for nothing
   */
  read(): Mark | undefined {
    try {
      return mark.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw this.#problem(
        'cannot be read: restore it, or remove it and engage the kill switch (docs/runbooks/restore.md)',
      );
    }
  }

  /** Whole or not at all, and on disk when it resolves. @throws SettingsError when it cannot be written */
  async write({ generation, counter }: Mark): Promise<void> {
    // Containers that share a volume may all be process 1: drawn, the name is this writing's alone.
    const next = `${this.path}.${randomUUID()}`;
    try {
      const file = await this.#begin(next);
      try {
        await file.writeFile(`${JSON.stringify({ generation, counter })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(next, this.path);
    } catch (error) {
      await rm(next, { force: true }).catch(() => undefined);
      throw this.#problem(`cannot be written: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }

  /** Nothing here waits for a disk on the thread that bids: a volume that answers nothing would hold up every auction. */
  async #begin(path: string): Promise<FileHandle> {
    try {
      return await open(path, 'w', 0o600);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      await mkdir(dirname(path), { recursive: true });
      return open(path, 'w', 0o600);
    }
  }

  /** What a process that was killed between writing and renaming has left: its name is never drawn again. Once, at a start. */
  removeTorn(): void {
    const [directory, own] = [dirname(this.path), basename(this.path)];
    if (!existsSync(directory)) return;
    readdirSync(directory)
      .filter((name) => name.startsWith(own) && DRAWN.test(name.slice(own.length)))
      .forEach((name) => {
        removeIfOld(join(directory, name));
      });
  }

  #problem(what: string): SettingsError {
    return new SettingsError([`ARREMATE_RECOVERY_FILE (${this.path}) ${what}`]);
  }
}

/** Another process may be at the same, or may just have renamed it. */
function removeIfOld(path: string): void {
  try {
    if (Date.now() - statSync(path).mtimeMs > TORN_AFTER_MS) rmSync(path, { force: true });
  } catch {
    // gone, or not ours to remove: it harms nobody
  }
}
