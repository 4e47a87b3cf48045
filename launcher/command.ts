import { join, relative } from 'node:path';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
import { dataDirectory, embeddedEnvironment, given, type Environment } from './environment';
import { LaunchError } from './launch-error';

export interface Command {
  readonly environment: Environment;
  /** Stops what was started for the command alone. */
  close(): Promise<void>;
}

/**
 * The environment for a command beside the service: with the embedded database if that runs, and with one
 * started for it if it needs one. Ends the process with a message where that fails.
 */
export async function openCommand(
  root: string,
  environment: Environment,
  needsDatabase: boolean,
): Promise<Command> {
  const dataDir = dataDirectory(environment, root);
  const nothingToClose = (): Promise<void> => Promise.resolve();
  if (given(environment)['DATABASE_URL'] !== undefined) return { environment, close: nothingToClose };
  const home = join(dataDir, 'postgres');
  const running = runningEmbeddedPostgres(home);
  if (running === undefined && !needsDatabase) return { environment, close: nothingToClose };
  if (needsDatabase)
    process.stderr.write(`DATABASE_URL is not set: PostgreSQL in ${relative(root, home)} is used\n`);
  try {
    const postgres = running === undefined ? await startEmbeddedPostgres(home) : undefined;
    const url = postgres?.url ?? running ?? '';
    return {
      environment: embeddedEnvironment(environment, dataDir, url),
      close: () => postgres?.stop() ?? nothingToClose(),
    };
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
