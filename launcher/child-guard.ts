import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { loadCompiled } from './compiled-modules';

/**
 * Loaded into every process that the launcher starts, before its own code: if the launcher is killed, nobody
 * is left to stop it, so it stops itself as if it had been asked to.
 */
const DRAIN_MS = 10_000;

// A thread of the process loads a file or two.
if (isMainThread) loadCompiled(dirname(dirname(__dirname)));

process.on('disconnect', () => {
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
