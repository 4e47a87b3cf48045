import { setTimeout as pause } from 'node:timers/promises';
import { isAtDisk } from './at-disk';
import { outputOf, type Logger } from '../telemetry/logger';

/** What a disk that works has long done by then. */
const DONE_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 20;

/**
 * Ends this process. `process.exit` waits for whatever Node's threads are at, and one that writes to a frozen disk, or to a pipe that
 * nobody reads, never comes back: then the system ends it, and whoever looks sees that it was killed.
 */
export async function endProcess(code: number, logger: Logger): Promise<never> {
  const until = performance.now() + DONE_WITHIN_MS;
  while (isAtDisk() && performance.now() < until) await pause(LOOK_EVERY_MS);
  if (isAtDisk()) {
    outputOf(logger)?.flushSync();
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(code);
}
