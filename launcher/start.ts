import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { whenAbandoned } from './abandoned';
import { dataDirectory, given, type Environment } from './environment';
import { LaunchError } from './launch-error';
import { Launch } from './launch';
import { withPorts } from './ports';
import { StartLock } from './start-lock';

/** Ctrl-C reaches us twice, from the terminal and from npm: only a later one is a second wish. */
const SAME_CTRL_C_MS = 1_000;

/**
 * Runs everything until it is told to stop or the service ends: PostgreSQL (unless DATABASE_URL is set), the
 * service and (unless QI_BASE_URL is set) the sandbox.
 *
 * @param root the directory of package.json
 * @returns the exit code for this process: the service's if it ended by itself, 0 after Ctrl-C
 */
export async function start(root: string, environment: Environment): Promise<number> {
  const dataDir = dataDirectory(environment, root);
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const stop = new AbortController();
  let launch: Launch | undefined;
  listenForStop(stop, () => launch?.kill());
  let lock: StartLock | undefined;
  try {
    lock = await StartLock.acquire(dataDir);
    launch = new Launch(root, dataDir, await withPorts(given(environment)), lock);
    return await launch.run(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return 0; // what Ctrl-C broke off is no problem to report
    if (!(error instanceof LaunchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await launch?.stop();
    lock?.release();
  }
}

function listenForStop(stop: AbortController, killAll: () => void): void {
  let since = 0;
  const ask = (): void => {
    if (!stop.signal.aborted) {
      since = performance.now();
      stop.abort();
    } else if (performance.now() - since > SAME_CTRL_C_MS) {
      killAll();
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  whenAbandoned(() => {
    if (!stop.signal.aborted) ask();
  });
}
