import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './launch-error';
import { commandLineOf, errorCode, eventually, isAlive } from './processes';

const HOLDER_GRACE_MS = 3_000;
const STOPPING_GRACE_MS = 12_000;

interface Holder {
  readonly pid: number;
  readonly children: readonly number[];
  readonly stopping: boolean;
}

/** Sees to it that one `npm start` at a time works on a data directory. */
export class StartLock {
  private holder: Holder = { pid: process.pid, children: [], stopping: false };

  private constructor(private readonly file: string) {}

  /**
   * Takes the lock. One that a killed run left is taken over once the processes of that run, which notice
   * that they are alone and stop, are gone.
   *
   * @throws LaunchError where another run is alive.
   */
  static async acquire(dataDir: string): Promise<StartLock> {
    mkdirSync(dataDir, { recursive: true });
    const lock = new StartLock(join(dataDir, 'start.lock'));
    while (!lock.take()) {
      await lock.waitForOther();
      rmSync(lock.file, { force: true });
    }
    return lock;
  }

  /** Whether an `npm start` is alive on the data directory. */
  static isHeld(dataDir: string): boolean {
    const holder = new StartLock(join(dataDir, 'start.lock')).read();
    return holder !== undefined && isOurs(holder.pid, 'start');
  }

  addChild(pid: number | undefined): void {
    if (pid !== undefined) this.update({ children: [...this.holder.children, pid] });
  }

  markStopping(): void {
    this.update({ stopping: true });
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  /** The file appears whole or not at all, and never over another. */
  private take(): boolean {
    const draft = this.writeDraft();
    try {
      linkSync(draft, this.file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(draft);
    }
  }

  private update(change: Partial<Holder>): void {
    this.holder = { ...this.holder, ...change };
    renameSync(this.writeDraft(), this.file);
  }

  private writeDraft(): string {
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(this.holder));
    return draft;
  }

  private async waitForOther(): Promise<void> {
    const other = this.read();
    if (other === undefined) return;
    const gone = (): boolean => !isOurs(other.pid, 'start');
    // One that is stopping, or whose npm was killed a moment ago, is about to go.
    if (!(await eventually(gone, HOLDER_GRACE_MS))) {
      const stopping = this.read()?.stopping === true;
      if (!stopping || !(await eventually(gone, STOPPING_GRACE_MS))) {
        throw new LaunchError(
          `npm start is already running here (pid ${other.pid}).`,
          `Stop that one first: Ctrl-C in its terminal, or: kill ${other.pid}`,
        );
      }
    }
    const orphans = (): number[] => other.children.filter((pid) => isOurs(pid, 'main.js'));
    await eventually(() => orphans().length === 0, STOPPING_GRACE_MS);
    for (const pid of orphans()) process.kill(pid, 'SIGKILL');
  }

  private read(): Holder | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Holder;
    } catch {
      return undefined;
    }
  }
}

/** A number alone proves nothing: the system gives it to others once its process is gone. */
function isOurs(pid: number, script: string): boolean {
  if (pid === process.pid || !isAlive(pid)) return false;
  return commandLineOf(pid)?.includes(script) ?? true;
}
